//! Components of layouts: their names, and the claims whose values follow a name.

use crate::claim_type::Scalar;
use crate::id::ClaimId;
use crate::ir::{Derivation, Profile, TrustedIssuer};
use crate::template::{Filter, Part, Template};
use rolecall_syntax::did_you_mean;
use std::collections::{HashMap, HashSet};

/// The claims of verification, which are not in any layout.
const REGISTERED: [&str; 7] = ["iss", "sub", "aud", "exp", "nbf", "iat", "jti"];
/// Profiles of issuers whose layouts have no other components than the lines of the profile. Customers of the
/// others may choose any claim.
const FIXED: [&str; 1] = ["gitlab-ci"];

/// The components that the layouts of a claim may have.
pub(super) struct Words {
    by_name: HashMap<String, Word>,
    /// Values of several claims, such as `{owner}@{owner_id}`.
    pub(super) compound: Vec<Vec<Part>>,
    /// The claims that may be in a layout.
    pub(super) claims: Vec<ClaimId>,
    /// True if a layout has no other components than these.
    pub(super) is_fixed: bool,
}

/// A name of a component.
#[derive(Default)]
pub(super) struct Word {
    /// The values that may follow the name, those of the most parts first.
    pub(super) values: Vec<Vec<Part>>,
    /// The claim that has exactly this name.
    pub(super) own: Option<ClaimId>,
    /// True if a component without a value is omitted.
    pub(super) is_optional: bool,
    /// True if the issuer never uses the name in the claim.
    pub(super) is_foreign: bool,
}

impl Words {
    /// Returns the components of an issuer's layouts: those of its derivations and its profile's, and one for
    /// each claim.
    pub(super) fn new(issuer: &TrustedIssuer, claim: ClaimId) -> Self {
        let profile = &issuer.profile;
        let derivations = profile.derivations.iter().chain(&issuer.derivations);
        let derivations: Vec<&Derivation> = derivations.filter(|one| one.claim == claim).collect();
        let mut words = Self {
            by_name: HashMap::new(),
            compound: Vec::new(),
            claims: Vec::new(),
            is_fixed: FIXED.iter().any(|name| profile.is(name)),
        };
        for derivation in &derivations {
            words.learn(&derivation.template.parts);
        }
        let drops = derivations.iter().any(|derivation| {
            let mut parts = derivation.template.parts.iter();
            parts.any(|part| is_component(part).is_some())
        });
        let encodes = derivations.iter().any(|derivation| {
            let mut parts = derivation.template.parts.iter();
            parts.any(|part| matches!(part, Part::Claim(_, Some(Filter::ColonEncoded))))
        });
        let built_on = built_on(claim, issuer);
        for (id, definition) in profile.claims().iter() {
            let is_registered =
                matches!(definition.path.as_slice(), [name] if REGISTERED.contains(&name.as_str()));
            if is_registered
                || definition.claim_type.is_list()
                || built_on.contains(&id)
                || profile.name_in_template(id).is_none()
            {
                continue;
            }
            words.claims.push(id);
            let own = matches!(definition.path.as_slice(), [_]).then(|| definition.path.first());
            let names = own.flatten().into_iter().chain(&definition.aliases);
            for (index, name) in names.enumerate() {
                let is_new = !words.by_name.contains_key(name);
                let word = words.by_name.entry(name.clone()).or_default();
                for filter in filters(definition.claim_type.scalar(), encodes) {
                    let value = vec![Part::Claim(id, filter)];
                    if !word.values.contains(&value) {
                        word.values.push(value);
                    }
                }
                word.is_optional |= drops && definition.optional;
                word.is_foreign |= is_new && words.is_fixed;
                if index == 0 && own.is_some() {
                    word.own = Some(id);
                }
            }
        }
        for word in words.by_name.values_mut() {
            word.values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        }
        words
    }

    /// Returns the component with a name.
    pub(super) fn get(&self, name: &str) -> Option<&Word> {
        self.by_name.get(name)
    }

    /// Returns the name of a component that is similar to a text.
    pub(super) fn similar(&self, name: &str) -> Option<String> {
        let known = self.by_name.iter().filter(|(_, word)| !word.is_foreign);
        let mut known: Vec<&str> = known.map(|(known, _)| known.as_str()).collect();
        known.sort_unstable();
        did_you_mean(name, known).map(str::to_owned)
    }

    /// Adds the components of a template.
    fn learn(&mut self, parts: &[Part]) {
        let mut segments = vec![Segment::default()];
        segment(parts, false, &mut segments);
        let mut segments = segments.into_iter().peekable();
        while let Some(name) = segments.next() {
            let ([Part::Text(name)], Some(value)) = (name.parts.as_slice(), segments.peek()) else {
                continue;
            };
            if !value.parts.iter().any(|part| !matches!(part, Part::Text(_))) {
                continue;
            }
            if claims(&value.parts) > 1 && !self.compound.contains(&value.parts) {
                self.compound.push(value.parts.clone());
            }
            let word = self.by_name.entry(name.clone()).or_default();
            word.is_optional |= value.is_optional;
            if !word.values.contains(&value.parts) {
                word.values.push(value.parts.clone());
            }
        }
    }
}

/// The parts of a template between two `:`.
#[derive(Default)]
struct Segment {
    parts: Vec<Part>,
    is_optional: bool,
}

fn segment(parts: &[Part], is_optional: bool, segments: &mut Vec<Segment>) {
    for part in parts {
        match (part, is_component(part)) {
            (Part::Text(text), _) => {
                for (index, text) in text.split(':').enumerate() {
                    if index > 0 {
                        segments.push(Segment {
                            parts: Vec::new(),
                            is_optional,
                        });
                    }
                    push(Part::Text(text.to_owned()), segments);
                }
            }
            (_, Some(inner)) => segment(inner, true, segments),
            (part, None) => push(part.clone(), segments),
        }
    }
}

fn push(part: Part, segments: &mut [Segment]) {
    let is_empty = matches!(&part, Part::Text(text) if text.is_empty());
    if let (Some(last), false) = (segments.last_mut(), is_empty) {
        last.parts.push(part);
    }
}

/// Returns the parts of a component that is omitted without a value: `[:name:{claim}]`.
fn is_component(part: &Part) -> Option<&[Part]> {
    match part {
        Part::Optional(inner) => match inner.as_slice() {
            [Part::Text(text), ..] if text.starts_with(':') => Some(inner),
            _ => None,
        },
        Part::Claim(..) | Part::Text(_) => None,
    }
}

fn claims(parts: &[Part]) -> usize {
    let template = Template {
        parts: parts.to_vec(),
    };
    template.claims().count()
}

/// Returns the filters that a layout may have for a claim, the most likely one first.
fn filters(scalar: &Scalar, encodes: bool) -> Vec<Option<Filter>> {
    let encoded = Some(Filter::ColonEncoded);
    match (scalar, encodes) {
        (Scalar::Text, true) => vec![encoded, None],
        (Scalar::Text, false) => vec![None, encoded],
        _ => vec![None],
    }
}

/// Returns a claim and those that build on it.
fn built_on(claim: ClaimId, issuer: &TrustedIssuer) -> HashSet<ClaimId> {
    let mut built = HashSet::from([claim]);
    loop {
        let before = built.len();
        for derivation in &issuer.derivations {
            if derivation.claim != claim && reads(derivation, &built) {
                built.insert(derivation.claim);
            }
        }
        if built.len() == before {
            return built;
        }
    }
}

fn reads(derivation: &Derivation, claims: &HashSet<ClaimId>) -> bool {
    let mut found = derivation
        .template
        .claims()
        .any(|(part, _)| claims.contains(&part));
    derivation.when.each_atom(&mut |atom, _| {
        found |= claims.contains(&atom.claim);
        found |= atom.question.other_claims().any(|other| claims.contains(&other));
    });
    found
}

/// Returns true if a claim may be named by a text without a name in front: it is a name or an id of a
/// tenant, or a text that is hardly the value of another claim by chance.
pub(super) fn speaks_for_itself(claim: ClaimId, profile: &Profile) -> bool {
    let definition = &profile[claim];
    match definition.claim_type.scalar() {
        Scalar::Bool(_) | Scalar::Enum { .. } | Scalar::Int | Scalar::Time => false,
        Scalar::Id(_) => definition.tenant,
        _ => true,
    }
}
