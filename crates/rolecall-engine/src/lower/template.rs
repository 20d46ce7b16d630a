//! Templates of derivations and grants: resolves the claims in braces and checks their types.

use super::claim_path::suggestion;
use super::scope::{Resolved, Scope};
use super::translation::name_in_profile;
use super::{Lowering, within};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::ir::Profile;
use crate::template::{Filling, Filter, Part, Template, TemplateError, Variable};
use rolecall_syntax::{Spanned, Str, did_you_mean};
use std::ops::Range;

impl Lowering<'_> {
    /// Lowers a template of a derivation, or of a grant with the parameters of its role.
    pub(super) fn template(
        &mut self,
        string: &Spanned<Str>,
        scope: &Scope<'_>,
        is_derivation: bool,
    ) -> Option<Template> {
        let location = Location::new(scope.file, string.span);
        let errors = self.reports.count();
        let mut fill = |name: &str, range: Range<usize>| match scope.parameters.get(name) {
            Some(Resolved::One(value)) => self.parameter_text(value, "a grant").map(Filling::Text),
            _ => self.claim_in_template(name, scope, within(location, &range)),
        };
        let template = match Template::parse(&string.node, &mut fill) {
            Ok(template) => template,
            Err((error, range)) => {
                let location = within(location, &range);
                match error {
                    TemplateError::Variable(variable) => self.variable(&variable, location, scope, true),
                    error => self.template_error(error, location),
                }
                return None;
            }
        };
        self.check_parts(&template.parts, scope.profile, location, is_derivation);
        (self.reports.count() == errors).then_some(template)
    }

    pub(super) fn claim_in_template(
        &mut self,
        name: &str,
        scope: &Scope<'_>,
        location: Location,
    ) -> Option<Filling> {
        let profile = scope.profile;
        let path: Vec<String> = name.split('.').map(str::to_owned).collect();
        let claim = profile.claim_by_name(name);
        let Some(claim) = claim.or_else(|| profile.claim_by_path(&path)) else {
            let message = format!("the profile `{}` has no claim `{name}`", profile.name);
            let parameters = scope.parameters.keys().map(String::as_str);
            let help = suggestion(name, profile, parameters, &mut self.budgets);
            let error = Diagnostic::new(ErrorKind::UnknownClaim, location, message);
            self.unknown_claim(profile, error.help(help));
            return None;
        };
        let definition = &profile[claim];
        if definition.claim_type.is_list() {
            let message = format!(
                "`{definition}` is {}, and a template takes single values",
                definition.claim_type
            );
            self.error(Diagnostic::new(ErrorKind::WrongClaimType, location, message));
            return None;
        }
        Some(Filling::Claim(claim))
    }

    pub(super) fn check_parts(
        &mut self,
        parts: &[Part],
        profile: &Profile,
        location: Location,
        is_derivation: bool,
    ) {
        for part in parts {
            match part {
                Part::Optional(inner) if is_derivation => {
                    if !inner.iter().any(|part| matches!(part, Part::Claim(..))) {
                        let message = "an optional part without a claim is never omitted";
                        self.error(
                            Diagnostic::new(ErrorKind::InvalidTemplate, location, message)
                                .help("remove the brackets, or write `\\[`"),
                        );
                    }
                    self.check_parts(inner, profile, location, is_derivation);
                }
                Part::Optional(_) => {
                    let message = "only a `derive` can have optional parts in `[…]`";
                    self.error(
                        Diagnostic::new(ErrorKind::InvalidTemplate, location, message)
                            .help("write `\\[` for the character"),
                    );
                }
                Part::Claim(claim, Some(filter)) => {
                    let definition = &profile[*claim];
                    let scalar = definition.claim_type.scalar();
                    let (fits, wanted) = match filter {
                        Filter::Name | Filter::Parent => (scalar.is_path(), "a path"),
                        Filter::ColonEncoded => (scalar.has_patterns(), "text"),
                    };
                    if !fits {
                        let message = format!(
                            "the filter needs {wanted}, and `{definition}` is {}",
                            definition.claim_type
                        );
                        self.error(Diagnostic::new(ErrorKind::WrongClaimType, location, message));
                    }
                }
                Part::Claim(_, None) | Part::Text(_) => {}
            }
        }
    }

    pub(super) fn template_error(&mut self, error: TemplateError, location: Location) {
        let (kind, message, help) = match error {
            TemplateError::DoubledBrace(name) => (
                ErrorKind::InvalidTemplate,
                "a claim stands in one pair of braces".to_owned(),
                format!("write `{{{name}}}`, or `\\{{` for the character"),
            ),
            TemplateError::EmptyBraces => (
                ErrorKind::InvalidTemplate,
                "there is no claim in these braces".to_owned(),
                "write `{claim}`, or `\\{` for the character".to_owned(),
            ),
            TemplateError::MisplacedEscape(c) => (
                ErrorKind::MisplacedEscape,
                format!("`\\{c}` is an escape of patterns, and this is a template"),
                format!("write `{c}`"),
            ),
            TemplateError::NestedOptional => (
                ErrorKind::InvalidTemplate,
                "an optional part is inside another".to_owned(),
                "write one after the other".to_owned(),
            ),
            TemplateError::Unclosed(c) => (
                ErrorKind::InvalidTemplate,
                format!("this `{c}` is never closed"),
                format!("close it, or write `\\{c}` for the character"),
            ),
            TemplateError::Unopened(c) => (
                ErrorKind::InvalidTemplate,
                format!("this `{c}` closes nothing"),
                format!("write `\\{c}` for the character"),
            ),
            TemplateError::UnknownFilter(name) => {
                let help = match did_you_mean(&name, Filter::ALL.iter().map(|known| known.name())) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "the filters are `colon-encoded`, `name` and `parent`".to_owned(),
                };
                let message = format!("there is no filter `{name}`");
                (ErrorKind::UnknownFilter, message, help)
            }
            TemplateError::Variable(variable) => (
                ErrorKind::InvalidTemplate,
                not_a_variable(&variable),
                WRITE_VALUE.to_owned(),
            ),
        };
        self.error(Diagnostic::new(kind, location, message).help(help));
    }

    /// Reports a variable of another language in a literal or a template, which has claims in braces.
    pub(super) fn variable(
        &mut self,
        variable: &Variable,
        location: Location,
        scope: &Scope<'_>,
        is_template: bool,
    ) {
        let name = variable.name.as_str();
        let is_known = scope.parameters.contains_key(name) || scope.profile.claim_by_name(name).is_some();
        let known = if is_template {
            name_in_profile(name, scope.profile)
        } else {
            None
        };
        let help = match known {
            _ if is_known => format!("write `{{{name}}}` without `$`, or `\\$\\{{` for the characters"),
            Some(known) => format!("write `{{{known}}}`, or `\\$` for the character"),
            None if is_template => {
                "write the value, or a claim in braces, `{CLAIM}`; `\\$` is the character".to_owned()
            }
            None => WRITE_VALUE.to_owned(),
        };
        let message = not_a_variable(variable);
        self.error(Diagnostic::new(ErrorKind::InvalidTemplate, location, message).help(help));
    }
}

/// The help for a variable where no claim takes its place.
pub(super) const WRITE_VALUE: &str =
    "write the value itself: a policy has no variables; `\\$` is the character";

fn not_a_variable(variable: &Variable) -> String {
    format!("`{}` is not a variable here", variable.written)
}
