//! Layouts: the forms that `sub` has, and proposals for those that an issuer does not declare.
//!
//! Projects configure the components of `sub`. A profile lists the usual layouts as `derive` lines, and a
//! `sub` that none of them gives is UNKNOWN. The `derive` line that is missing is guessed here: from a token,
//! or from the texts that a comparison accepts. A guess is a proposal for a reader, and is never used by a
//! decision.

mod advice;
mod assembly;
mod cut;
mod of_text;
mod of_token;
mod sketch;
mod words;
mod written;

use cut::CutValue;
pub(crate) use cut::{CutRules, cut};

use crate::diagnostic::Location;
use crate::evaluate::ProfileView;
use crate::id::ClaimId;
use crate::ir::{Derivation, Formula, Profile, Question, TrustedIssuer};
use crate::template::{Filter, Part, Template};
use crate::value::Value;
use words::Words;

/// The most parts of a template that is cut or proposed. The analysis decides no longer ones.
const MAX_PARTS: usize = 64;
/// The most proposals for one comparison.
const MAX_PROPOSALS: usize = 3;

/// A layout that an issuer can declare.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Layout {
    /// The claim that has the layout.
    pub claim: ClaimId,
    /// The composition of the claim.
    pub template: Template,
    /// The statement, as it is written in an issuer: `derive sub = "…"`.
    pub line: String,
    /// True if each text of the layout names a customer of a shared issuer.
    pub names_tenant: bool,
}

impl Layout {
    /// Returns the layout of a template with at least one claim; `None` if it cannot be written in a policy.
    fn new(claim: ClaimId, template: Template, profile: &Profile) -> Option<Self> {
        let is_tenant = |part: &Part| match part {
            // Two tenants may have projects with the same last name.
            Part::Claim(claim, filter) => profile[*claim].tenant && *filter != Some(Filter::Name),
            Part::Optional(_) | Part::Text(_) => false,
        };
        let names_tenant = template.parts.iter().any(is_tenant);
        if template.claims().next().is_none() || template.claims().count() > MAX_PARTS {
            return None;
        }
        let text = written::template(&template, profile)?;
        Some(Self {
            claim,
            line: format!("derive {} = \"{text}\"", profile[claim]),
            template,
            names_tenant,
        })
    }

    /// Returns the derivation that the statement declares.
    pub fn derivation(&self) -> Derivation {
        Derivation {
            claim: self.claim,
            template: self.template.clone(),
            when: Formula::always(),
            location: Location::NOWHERE,
        }
    }
}

/// A component of a text that has another value than the claim that it names.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Difference {
    /// The claim, as it is written in policies.
    pub claim: String,
    /// The value in the text.
    pub said: String,
    /// The token's value of the claim; `None` if the token does not have it.
    pub actual: Option<Value>,
}

impl Difference {
    /// Returns the component with an impossible value in the text that a comparison asks for, if the text has
    /// one of the issuer's layouts, but no claim ever has its values.
    pub fn of_question(issuer: &TrustedIssuer, claim: ClaimId, question: &Question) -> Option<Self> {
        let Question::OneOf(literals) = question else {
            return None;
        };
        let [text] = &**literals else {
            return None;
        };
        let profile = &issuer.profile;
        let derivations = issuer.derivations.iter().filter(|own| own.claim == claim);
        let (claim, said) = of_text::impossible(text.as_text()?, derivations, profile)?;
        Some(Self {
            claim: profile[claim].to_string(),
            said: said.to_owned(),
            actual: None,
        })
    }

    pub(crate) fn new(claim: ClaimId, said: &str, token: &ProfileView<'_>) -> Self {
        Self {
            claim: token.profile[claim].to_string(),
            said: said.to_owned(),
            actual: crate::evaluate::lookup(token.claims, &token.profile[claim].path).map(Value::from),
        }
    }
}

/// A `sub` that has none of the issuer's layouts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct UnknownLayout {
    /// The name of the issuer in the policies.
    pub issuer: String,
    /// The claim, as it is written in policies.
    pub claim: String,
    /// The layouts that the issuer could declare.
    pub proposals: Vec<Layout>,
    /// The profile whose layouts a declaration in the issuer replaces; `None` if the issuer already has
    /// layouts of its own.
    pub replaces: Option<String>,
    /// The components that have another value than their claims. Nothing is proposed for such a token.
    pub differences: Vec<Difference>,
    /// A component that the issuer never uses, if there is a text that has one.
    pub foreign: Option<ForeignComponent>,
    /// The URL of the issuer, if strangers also get its tokens and a proposal names no tenant.
    pub strangers: Option<String>,
    /// Claims that distinguish tenants.
    tenants: Vec<String>,
    /// True if the texts are of a comparison, false if the text is of a token.
    is_of_question: bool,
}

/// A component that an issuer never uses in a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ForeignComponent {
    /// The name of the component.
    pub name: String,
    /// The name of a component that the issuer uses, and that is similar.
    pub similar: Option<String>,
    /// True if the name is that of a claim.
    pub is_claim: bool,
}

impl UnknownLayout {
    fn new(issuer: &TrustedIssuer, claim: ClaimId) -> Self {
        let profile = &issuer.profile;
        let is_own = |derivation: &&Derivation| {
            let (own, item) = (derivation.location, issuer.location);
            derivation.claim == claim
                && own.file() == item.file()
                && item.span().start <= own.span().start
                && own.span().end <= item.span().end
        };
        let is_derived = |id| issuer.derivations.iter().any(|derivation| derivation.claim == id);
        let tenants = profile.claims().iter();
        let tenants =
            tenants.filter(|(id, definition)| definition.tenant && *id != claim && !is_derived(*id));
        Self {
            issuer: issuer.issuer.name.clone(),
            claim: profile[claim].to_string(),
            proposals: Vec::new(),
            replaces: (!issuer.derivations.iter().any(|own| is_own(&own))).then(|| profile.name.clone()),
            differences: Vec::new(),
            foreign: None,
            strangers: None,
            is_of_question: false,
            tenants: tenants
                .take(2)
                .map(|(_, definition)| definition.to_string())
                .collect(),
        }
    }

    /// Returns the layout of a token's claim, which none of the issuer's layouts gives.
    pub(crate) fn of_token(
        issuer: &TrustedIssuer,
        claim: ClaimId,
        text: &str,
        token: &ProfileView<'_>,
    ) -> Self {
        let mut unknown = Self::new(issuer, claim);
        let words = Words::new(issuer, claim);
        match of_token::guess(&words, claim, text, token) {
            Ok(layout) => unknown.propose(layout.into_iter().collect(), issuer),
            Err(differences) => unknown.differences = differences,
        }
        unknown
    }

    /// Returns the layout of the texts that a comparison accepts. `None` if one of the issuer's layouts may
    /// give such a text, disregarding the types of its claims.
    ///
    /// The proposals are guesses: a caller that knows all tokens keeps those with which one is accepted.
    pub fn of_question(issuer: &TrustedIssuer, claim: ClaimId, question: &Question) -> Option<Self> {
        if !is_configured(&issuer.profile, claim) {
            return None;
        }
        let sketches = sketch::sketches(question)?;
        if sketch::may_be_given(issuer, claim, &sketches) {
            return None;
        }
        let mut unknown = Self::new(issuer, claim);
        unknown.is_of_question = true;
        let words = Words::new(issuer, claim);
        let mut proposals: Vec<Layout> = Vec::new();
        for sketch in &sketches {
            match of_text::guess(&words, claim, sketch, &issuer.profile) {
                Ok(layout) if !proposals.contains(&layout) => proposals.push(layout),
                Err(Some(name)) if unknown.foreign.is_none() => {
                    unknown.foreign = Some(ForeignComponent {
                        similar: words.similar(&name),
                        is_claim: issuer.profile.claim_by_name(&name).is_some(),
                        name,
                    });
                }
                _ => {}
            }
        }
        proposals.truncate(MAX_PROPOSALS);
        unknown.propose(proposals, issuer);
        Some(unknown)
    }

    /// Keeps the proposals that a caller confirms.
    #[must_use]
    pub fn confirmed(mut self, issuer: &TrustedIssuer, is_confirmed: impl FnMut(&Layout) -> bool) -> Self {
        let mut proposals = std::mem::take(&mut self.proposals);
        proposals.retain(is_confirmed);
        self.propose(proposals, issuer);
        self
    }

    /// Adds the proposals for another comparison of the same claim.
    #[must_use]
    pub fn and(mut self, other: Self, issuer: &TrustedIssuer) -> Self {
        let mut proposals = std::mem::take(&mut self.proposals);
        let more = other.proposals.into_iter();
        more.for_each(|layout| {
            if !proposals.contains(&layout) {
                proposals.push(layout);
            }
        });
        proposals.truncate(MAX_PROPOSALS);
        self.foreign = self.foreign.or(other.foreign);
        self.propose(proposals, issuer);
        self
    }

    fn propose(&mut self, proposals: Vec<Layout>, issuer: &TrustedIssuer) {
        let lets_in = proposals.iter().any(|layout| !layout.names_tenant);
        self.strangers = (lets_in && issuer.is_shared()).then(|| issuer.issuer.url.clone());
        self.proposals = proposals;
    }
}

/// Returns true for the claim whose layout projects configure.
pub(crate) fn is_configured(profile: &Profile, claim: ClaimId) -> bool {
    profile[claim].path == ["sub"]
}
