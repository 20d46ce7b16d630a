//! Conditions that are named: found, given their arguments, and written out where they are used.

use super::context::{Cx, Resolved};
use super::expression::Lowered;
use super::names::Named;
use super::reports::Reports;
use super::{Lowering, MAX_DEPTH};
use crate::diagnostic::{Diagnostic, Location};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{self, Name, Operand};
use std::collections::{HashMap, HashSet};

/// The most parameters that are shown of a condition that is called with too few or too many.
const MAX_SHOWN: usize = 10;

impl<'a> Lowering<'a> {
    /// A condition without parameters.
    pub(super) fn named(
        &mut self,
        name: &'a str,
        condition: Named<'a, ast::Condition>,
        location: Location,
        cx: &Cx<'_>,
    ) -> Lowered {
        let key = (name, cx.profile.name.clone());
        let cached = if cx.also.is_empty() {
            self.conditions.get(&key).cloned()
        } else {
            None
        };
        let lowered = match cached {
            Some(lowered) => lowered,
            None => {
                let lowered = self.write_out(name, condition, &HashMap::new(), location, cx);
                if cx.also.is_empty() {
                    self.conditions.insert(key, lowered.clone());
                }
                lowered
            }
        };
        if cx.depth.saturating_add(lowered.height) > MAX_DEPTH {
            return self.too_deep(location);
        }
        lowered
    }

    /// A condition with arguments.
    pub(super) fn call(
        &mut self,
        name: &Name,
        arguments: &[Spanned<Operand>],
        location: Location,
        cx: &Cx<'_>,
    ) -> Lowered {
        let found = self
            .names
            .conditions
            .get_key_value(name.node.as_str())
            .map(|(name, condition)| (*name, *condition));
        let Some((known, condition)) = found else {
            let near = self
                .budgets
                .did_you_mean(&name.node, self.names.conditions.keys().copied());
            let help = near.map(|near| format!("did you mean `{near}`?"));
            let at = Location::new(cx.file, name.span);
            self.error(Diagnostic::new(at, format!("there is no condition `{}`", name.node)).help_if(help));
            return Lowered::failed();
        };
        let parameters = &condition.item.parameters;
        if parameters.len() != arguments.len() {
            return self.wrong_count(known, condition, arguments.len(), location);
        }
        let mut values = HashMap::new();
        for (parameter, argument) in parameters.iter().zip(arguments) {
            let mut value = self.operand(argument, cx);
            if let Resolved::Claim(_) = value {
                let at = Location::new(cx.file, argument.span);
                self.error(Diagnostic::new(
                    at,
                    "an argument is a literal, a list or a set, not a claim",
                ));
                value = Resolved::Failed;
            }
            values.insert(parameter.node.clone(), value);
        }
        self.write_out(known, condition, &values, location, cx)
    }

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
            .take(MAX_SHOWN.saturating_add(1))
            .collect();
        let form = match names.get(..MAX_SHOWN) {
            _ if wanted == 0 => name.to_owned(),
            Some(first) if wanted > MAX_SHOWN => format!("{name}({}, …)", first.join(", ")),
            _ => format!("{name}({})", names.join(", ")),
        };
        self.error(
            Diagnostic::new(
                location,
                format!("`{name}` takes {wanted} argument{plural}, not {given}"),
            )
            .help(format!("write `{form}`"))
            .note(condition.location, "the condition"),
        );
        Lowered::failed()
    }

    /// What a condition says, with values for its parameters.
    pub(super) fn write_out(
        &mut self,
        name: &'a str,
        condition: Named<'a, ast::Condition>,
        values: &HashMap<String, Resolved>,
        location: Location,
        cx: &Cx<'_>,
    ) -> Lowered {
        if cx.calls.contains(&name) {
            let round: Vec<String> = cx
                .calls
                .iter()
                .chain([&name])
                .map(|name| format!("`{name}`"))
                .collect();
            self.error(Diagnostic::new(
                location,
                format!("the condition `{name}` is made of itself: {}", round.join(" → ")),
            ));
            return Lowered::failed();
        }
        if !self.take_steps(condition.item.parameters.len(), location) {
            return Lowered::failed();
        }
        for parameter in &condition.item.parameters {
            if cx.profile.claim_by_name(&parameter.node).is_some() {
                let message = format!(
                    "the parameter `{}` has the name of a claim of the profile `{}`",
                    parameter.node, cx.profile.name
                );
                self.error(
                    Diagnostic::new(Location::new(condition.file, parameter.span), message)
                        .help("rename the parameter"),
                );
            }
        }
        let calls: Vec<&str> = cx.calls.iter().copied().chain([name]).collect();
        let inner = Cx {
            file: condition.file,
            parameters: values,
            calls: &calls,
            used: cx.used.or(Some(location)),
            ..cx.deeper()
        };
        let errors = self.diagnostics.count();
        let mut lowered = self.expr(&condition.item.expr, &inner);
        lowered.height = lowered.height.saturating_add(1);
        if let (Some(used), None) = (inner.used, cx.used) {
            for diagnostic in self
                .diagnostics
                .since(errors)
                .filter(|diagnostic| diagnostic.notes.is_empty())
            {
                diagnostic
                    .notes
                    .push((used, format!("used here, for the profile `{}`", cx.profile.name)));
            }
        }
        lowered
    }

    /// Reports what is wrong with conditions that no role, guard or assertion uses.
    pub(super) fn check_unused_conditions(&mut self) {
        let profiles = self.profiles_in_use();
        let conditions: Vec<_> = self
            .names
            .conditions
            .iter()
            .map(|(name, condition)| (*name, *condition))
            .collect();
        let used: HashSet<&str> = self.conditions.keys().map(|(name, _)| *name).collect();
        for (name, condition) in conditions {
            self.steps = 0;
            if used.contains(name) || profiles.is_empty() {
                continue;
            }
            // It may be meant for any of the issuers: what counts is the one that it fits best.
            let before = std::mem::take(&mut self.diagnostics);
            let mut fewest: Option<Reports> = None;
            for profile in &profiles {
                let parameters = condition.item.parameters.iter();
                let values = parameters
                    .map(|parameter| (parameter.node.clone(), Resolved::Anything))
                    .collect();
                let nothing = HashMap::new();
                self.write_out(
                    name,
                    condition,
                    &values,
                    condition.location,
                    &Cx::new(condition.file, profile, &nothing),
                );
                let mut errors = std::mem::take(&mut self.diagnostics);
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
            self.diagnostics = before;
            self.diagnostics.extend(fewest.into_iter().flatten());
        }
    }
}
