//! `derive` lines and templates: which claims are made of which.

use super::claim_path::suggestion;
use super::context::Cx;
use super::{Lowering, MAX_COMPARISONS, within};
use crate::claim_type::{ClaimType, Scalar};
use crate::diagnostic::{Diagnostic, Location};
use crate::id::{ClaimId, FileId};
use crate::ir::{Derivation, Formula, Profile};
use crate::template::{Filling, Filter, Part, Template, TemplateError};
use rolecall_syntax::ast::Derive;
use rolecall_syntax::{Spanned, Str, did_you_mean};
use std::collections::HashMap;
use std::sync::Arc;

/// How many derivations may build on each other: a claim is compared again with what it is made of each time.
const MAX_DERIVATION_DEPTH: usize = 8;

impl Lowering<'_> {
    /// Lowers `derive` lines over the claims of a profile.
    pub(super) fn derivations(
        &mut self,
        derives: &[(Location, &Derive)],
        profile: &Arc<Profile>,
    ) -> Vec<Derivation> {
        let nothing = HashMap::new();
        let mut derivations = Vec::new();
        for (location, derive) in derives {
            let cx = Cx::new(location.file(), profile, &nothing);
            let Some(claim) = self.claim(&derive.claim, &cx) else {
                continue;
            };
            let definition = &profile[claim];
            if !has_text(&definition.claim_type) {
                let message = format!(
                    "`{definition}` is {}, and only text, paths, git refs, ids and enums are made of other claims",
                    definition.claim_type
                );
                self.error(Diagnostic::new(
                    Location::new(location.file(), derive.claim.span()),
                    message,
                ));
                continue;
            }
            let template = self.template(&derive.template, profile, location.file(), true, None);
            let when = derive
                .when
                .as_ref()
                .map_or_else(Formula::always, |when| self.condition(when, &cx));
            if let Some(template) = template {
                derivations.push(Derivation {
                    claim,
                    template,
                    when,
                    location: *location,
                });
            }
        }
        derivations
    }

    /// Reports derivations that go round in a circle, build on each other too deep, or read too many claims.
    pub(super) fn check_circles(&mut self, derivations: &[Derivation], profile: &Profile) {
        let mut made_of: HashMap<ClaimId, Vec<ClaimId>> = HashMap::new();
        for derivation in derivations {
            made_of
                .entry(derivation.claim)
                .or_default()
                .extend(ingredients(derivation));
        }
        for derivation in derivations {
            let mut walk = Walk {
                start: derivation.claim,
                made_of: &made_of,
                reads: 0,
            };
            let outcome = walk.visit(derivation.claim, 0);
            if !self.take_steps(walk.reads.saturating_add(1), derivation.location) {
                return;
            }
            let Err(fault) = outcome else {
                continue;
            };
            let name = &profile[derivation.claim];
            let (message, help) = match fault {
                Fault::Circle => (
                    format!("`{name}` is made of itself"),
                    "take one of the derivations out",
                ),
                Fault::TooDeep => (
                    format!(
                        "more than {MAX_DERIVATION_DEPTH} derivations build on each other to make `{name}`"
                    ),
                    "derive it from claims that are not derived themselves",
                ),
                Fault::TooMany => (
                    format!("to make `{name}`, more than {MAX_COMPARISONS} claims are read"),
                    "derive it from fewer claims",
                ),
            };
            self.error(Diagnostic::new(derivation.location, message).help(help));
        }
    }

    /// Lowers a template. `parameter` is a name that stands for a text.
    pub(super) fn template(
        &mut self,
        string: &Spanned<Str>,
        profile: &Profile,
        file: FileId,
        derived: bool,
        parameter: Option<(&str, &str)>,
    ) -> Option<Template> {
        let location = Location::new(file, string.span);
        let errors = self.diagnostics.count();
        let budgets = &mut self.budgets;
        let diagnostics = &mut self.diagnostics;
        let mut fill = |name: &str, range: std::ops::Range<usize>| {
            if let Some((known, text)) = parameter
                && known == name
            {
                return Some(Filling::Text(text.to_owned()));
            }
            let path: Vec<String> = name.split('.').map(str::to_owned).collect();
            let Some(id) = profile
                .claim_by_name(name)
                .or_else(|| profile.claim_by_path(&path))
            else {
                let message = format!("the profile `{}` has no claim `{name}`", profile.name);
                let help = suggestion(
                    name,
                    profile,
                    parameter.into_iter().map(|(known, _)| known),
                    budgets,
                );
                diagnostics.add(Diagnostic::new(within(location, &range), message).help(help));
                return None;
            };
            let definition = &profile[id];
            if definition.claim_type.is_list() {
                let message = format!(
                    "`{definition}` is {}, and a template takes single values",
                    definition.claim_type
                );
                diagnostics.add(Diagnostic::new(within(location, &range), message));
                return None;
            }
            Some(Filling::Claim(id))
        };
        let template = match Template::parse(&string.node, &mut fill) {
            Ok(template) => template,
            Err((error, range)) => {
                self.template_error(error, within(location, &range));
                return None;
            }
        };
        self.check_parts(&template.parts, profile, location, derived);
        (self.diagnostics.count() == errors).then_some(template)
    }

    fn check_parts(&mut self, parts: &[Part], profile: &Profile, location: Location, derived: bool) {
        for part in parts {
            match part {
                Part::Optional(inner) if derived => {
                    if !inner.iter().any(|part| matches!(part, Part::Claim(..))) {
                        self.error(
                            Diagnostic::new(location, "an optional part without a claim is never left out")
                                .help("take the brackets off, or write `\\[`"),
                        );
                    }
                    self.check_parts(inner, profile, location, derived);
                }
                Part::Optional(_) => {
                    self.error(
                        Diagnostic::new(location, "only a `derive` has optional parts in `[…]`")
                            .help("write `\\[` for the character"),
                    );
                }
                Part::Claim(claim, Some(filter)) => {
                    let definition = &profile[*claim];
                    let scalar = definition.claim_type.scalar();
                    let fits = match filter {
                        Filter::Name | Filter::Parent => *scalar == Scalar::Path,
                        Filter::ColonEncoded => scalar.has_patterns(),
                    };
                    if !fits {
                        let wanted = if *filter == Filter::ColonEncoded {
                            "text"
                        } else {
                            "a path"
                        };
                        let message = format!(
                            "the filter wants {wanted}, and `{definition}` is {}",
                            definition.claim_type
                        );
                        self.error(Diagnostic::new(location, message));
                    }
                }
                Part::Claim(_, None) | Part::Text(_) => {}
            }
        }
    }

    fn template_error(&mut self, error: TemplateError, location: Location) {
        let (message, help) = match error {
            TemplateError::EmptyBraces => (
                "there is no claim in these braces".to_owned(),
                "write `{claim}`, or `\\{` for the character".to_owned(),
            ),
            TemplateError::MisplacedEscape(c) => (
                format!("`\\{c}` is an escape of patterns, and this is a template"),
                format!("write `{c}`"),
            ),
            TemplateError::NestedOptional => (
                "an optional part stands inside another".to_owned(),
                "put them side by side".to_owned(),
            ),
            TemplateError::Unclosed(c) => (
                format!("this `{c}` is never closed"),
                format!("close it, or write `\\{c}` for the character"),
            ),
            TemplateError::Unopened(c) => (
                format!("this `{c}` closes nothing"),
                format!("write `\\{c}` for the character"),
            ),
            TemplateError::UnknownFilter(name) => {
                let known = Filter::ALL.iter().map(|(known, _)| *known);
                let all = "the filters are `colon-encoded`, `name` and `parent`".to_owned();
                let help = did_you_mean(&name, known).map_or(all, |near| format!("did you mean `{near}`?"));
                (format!("there is no filter `{name}`"), help)
            }
        };
        self.error(Diagnostic::new(location, message).help(help));
    }
}

/// What is wrong with what a claim is made of.
enum Fault {
    Circle,
    TooDeep,
    TooMany,
}

/// A walk over all that a claim is made of, as often as it is read to make it.
struct Walk<'a> {
    start: ClaimId,
    made_of: &'a HashMap<ClaimId, Vec<ClaimId>>,
    reads: usize,
}

impl Walk<'_> {
    fn visit(&mut self, claim: ClaimId, depth: usize) -> Result<(), Fault> {
        let Some(parts) = self.made_of.get(&claim) else {
            return Ok(());
        };
        if depth == MAX_DERIVATION_DEPTH {
            return Err(Fault::TooDeep);
        }
        for part in parts {
            self.reads = self.reads.saturating_add(1);
            if *part == self.start {
                return Err(Fault::Circle);
            }
            if self.reads > MAX_COMPARISONS {
                return Err(Fault::TooMany);
            }
            self.visit(*part, depth.saturating_add(1))?;
        }
        Ok(())
    }
}

/// Whether a claim of this type can be compared with a text.
fn has_text(claim_type: &ClaimType) -> bool {
    match claim_type {
        ClaimType::List(_) => false,
        ClaimType::Scalar(scalar) => {
            scalar.has_patterns() || matches!(scalar, Scalar::Enum { .. } | Scalar::Id)
        }
    }
}

/// The claims that a derivation asks for.
fn ingredients(derivation: &Derivation) -> Vec<ClaimId> {
    let mut claims: Vec<ClaimId> = derivation.template.claims().map(|(claim, _)| claim).collect();
    derivation.when.each_atom(&mut |atom, _| {
        claims.push(atom.claim);
        if let crate::ir::Question::SameAs(other) = atom.question {
            claims.push(other);
        }
    });
    claims
}
