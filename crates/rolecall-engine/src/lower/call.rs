//! Named conditions: finds them, passes the arguments, and expands them where they are used.

use super::Lowering;
use super::claim_path::written;
use super::expression::Lowered;
use super::names::Named;
use super::reports::Reports;
use super::scope::{Resolved, Scope};
use crate::diagnostic::{Diagnostic, Location, Note};
use crate::error_kind::ErrorKind;
use rolecall_syntax::ast::{self, Name, Operand};
use rolecall_syntax::{Spanned, operator_for};
use std::collections::{HashMap, HashSet};

/// The most parameters that the help for a wrong number of arguments shows.
const MAX_SHOWN: usize = 10;

impl<'a> Lowering<'a> {
    /// Lowers the use of a condition without parameters.
    pub(super) fn named(
        &mut self,
        name: &'a str,
        condition: Named<'a, ast::Condition>,
        location: Location,
        scope: &Scope<'_>,
    ) -> Lowered {
        let key = (name, scope.profile.name.clone());
        let cached = if scope.other_profiles.is_empty() {
            self.conditions.get(&key).cloned()
        } else {
            None
        };
        let lowered = match cached {
            Some(lowered) => lowered,
            None => {
                let lowered = self.expand(name, condition, &HashMap::new(), location, scope);
                if scope.other_profiles.is_empty() {
                    self.conditions.insert(key, lowered.clone());
                }
                lowered
            }
        };
        if lowered.height > scope.levels {
            return self.too_deep(location);
        }
        lowered
    }

    /// Lowers the use of a condition with arguments.
    pub(super) fn call(
        &mut self,
        name: &Name,
        arguments: &[Spanned<Operand>],
        location: Location,
        scope: &Scope<'_>,
    ) -> Lowered {
        let Some((declared, condition)) = self.names.condition(&name.node) else {
            let near = self
                .budgets
                .did_you_mean(&name.node, self.names.conditions.keys().copied());
            let help = match near {
                Some(near) => Some(format!("did you mean `{near}`?")),
                None => {
                    let claim = arguments.iter().find_map(|argument| match &argument.node {
                        Operand::Reference(path) => Some(written(path)),
                        _ => None,
                    });
                    let text = arguments.iter().find_map(|argument| match &argument.node {
                        Operand::Text(text) => Some(text.raw()),
                        _ => None,
                    });
                    operator_for(&name.node, claim.as_deref(), text)
                }
            };
            let at = Location::new(scope.file, name.span);
            self.error(
                Diagnostic::new(
                    ErrorKind::UnknownCondition,
                    at,
                    format!("there is no condition `{}`", name.node),
                )
                .help_if(help),
            );
            return Lowered::failed();
        };
        let parameters = &condition.item.parameters;
        if parameters.len() != arguments.len() {
            return self.wrong_count(declared, condition, arguments.len(), location);
        }
        let mut values = HashMap::new();
        for (parameter, argument) in parameters.iter().zip(arguments) {
            let mut value = self.operand(argument, scope);
            if let Resolved::Claim(_) = value {
                let at = Location::new(scope.file, argument.span);
                self.error(Diagnostic::new(
                    ErrorKind::WrongOperand,
                    at,
                    "an argument must be a literal, a list or a set, not a claim",
                ));
                value = Resolved::Failed;
            }
            values.insert(parameter.node.clone(), value);
        }
        self.expand(declared, condition, &values, location, scope)
    }

    /// Reports a wrong number of arguments.
    pub(super) fn wrong_count(
        &mut self,
        name: &str,
        condition: Named<'a, ast::Condition>,
        given: usize,
        location: Location,
    ) -> Lowered {
        let wanted = condition.item.parameters.len();
        let plural = if wanted == 1 { "" } else { "s" };
        let names: Vec<&str> = condition
            .item
            .parameters
            .iter()
            .map(|parameter| parameter.node.as_str())
            .take(MAX_SHOWN)
            .collect();
        let names = names.join(", ");
        let form = match wanted {
            0 => name.to_owned(),
            1..=MAX_SHOWN => format!("{name}({names})"),
            _ => format!("{name}({names}, …)"),
        };
        self.error(
            Diagnostic::new(
                ErrorKind::WrongArgumentCount,
                location,
                format!("`{name}` takes {wanted} argument{plural}, not {given}"),
            )
            .help(format!("write `{form}`"))
            .note(condition.location, "the condition"),
        );
        Lowered::failed()
    }

    /// Lowers a condition with values for its parameters.
    pub(super) fn expand(
        &mut self,
        name: &'a str,
        condition: Named<'a, ast::Condition>,
        values: &HashMap<String, Resolved>,
        location: Location,
        scope: &Scope<'_>,
    ) -> Lowered {
        if scope.calls.contains(&name) {
            let circle: Vec<String> = scope
                .calls
                .iter()
                .chain([&name])
                .map(|name| format!("`{name}`"))
                .collect();
            self.error(Diagnostic::new(
                ErrorKind::Circular,
                location,
                format!("the condition `{name}` refers to itself: {}", circle.join(" → ")),
            ));
            return Lowered::failed();
        }
        if !self.take_steps(condition.item.parameters.len(), location) {
            return Lowered::failed();
        }
        for parameter in &condition.item.parameters {
            if scope.profile.claim_by_name(&parameter.node).is_some() {
                let message = format!(
                    "the parameter `{}` has the name of a claim of the profile `{}`",
                    parameter.node, scope.profile.name
                );
                self.error(
                    Diagnostic::new(
                        ErrorKind::AmbiguousName,
                        Location::new(condition.file, parameter.span),
                        message,
                    )
                    .help("rename the parameter"),
                );
            }
        }
        let calls: Vec<&str> = scope.calls.iter().copied().chain([name]).collect();
        let inner = Scope {
            file: condition.file,
            parameters: values,
            calls: &calls,
            used_at: scope.used_at.or(Some(location)),
            ..scope.deeper()
        };
        let errors = self.reports.count();
        let lowered = self.expr(&condition.item.expr, &inner).one_higher();
        if scope.used_at.is_none() {
            let note = format!("used here, for the profile `{}`", scope.profile.name);
            let new = self.reports.since(errors);
            for diagnostic in new.filter(|diagnostic| diagnostic.notes.is_empty()) {
                diagnostic.notes.push(Note::new(location, note.as_str()));
            }
        }
        lowered
    }

    /// Reports the errors of conditions that no role, guard or assertion uses.
    pub(super) fn check_unused_conditions(&mut self) {
        let profiles = self.profiles_in_use();
        let used: HashSet<&str> = self.conditions.keys().map(|(name, _)| *name).collect();
        for (name, condition) in &self.names.conditions {
            self.steps.refill();
            if used.contains(name) || profiles.is_empty() {
                continue;
            }
            // It may be written for any of the issuers: the errors for the profile with the fewest are
            // reported.
            let before = std::mem::take(&mut self.reports);
            let mut fewest: Option<Reports> = None;
            for profile in &profiles {
                let parameters = condition.item.parameters.iter();
                let values = parameters
                    .map(|parameter| (parameter.node.clone(), Resolved::Anything))
                    .collect();
                let nothing = HashMap::new();
                self.expand(
                    name,
                    *condition,
                    &values,
                    condition.location,
                    &Scope::new(condition.file, profile, &nothing),
                );
                let mut errors = std::mem::take(&mut self.reports);
                errors.since(0).for_each(|error| error.notes.clear());
                if fewest
                    .as_ref()
                    .is_none_or(|fewest| errors.count() < fewest.count())
                {
                    fewest = Some(errors);
                }
                if self.exceeded.is_some() {
                    break;
                }
            }
            self.reports = before;
            self.reports.extend(fewest.into_iter().flatten());
        }
    }
}
