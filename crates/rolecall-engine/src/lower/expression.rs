//! Conditions: names are found, conditions that are named are written out, comparisons get their types.

use super::names::Named;
use super::operand::Resolved;
use super::{Lowering, MAX_COMPARISONS, MAX_DEPTH};
use crate::claim_type::{ClaimType, Scalar, Typed};
use crate::diagnostic::{Diagnostic, Place};
use crate::ir::{Atom, Formula, Profile, Question};
use crate::template::ClaimId;
use rolecall_syntax::ast::{self, ClaimPath, Expr, ExprAt, Name, Operand, Segment};
use rolecall_syntax::{Spanned, did_you_mean};
use std::collections::HashMap;
use std::sync::Arc;

/// Where a condition stands, and what its names mean there.
#[derive(Clone, Copy)]
pub(super) struct Cx<'c> {
    pub(super) file: usize,
    pub(super) profile: &'c Arc<Profile>,
    pub(super) parameters: &'c HashMap<String, Resolved>,
    /// Other profiles whose claims may be asked for too; in this one they are UNKNOWN.
    pub(super) also: &'c [Arc<Profile>],
    /// The conditions that are being written out, the outermost first.
    pub(super) calls: &'c [&'c str],
    /// Where the outermost of them is used.
    pub(super) used: Option<Place>,
    pub(super) depth: usize,
}

/// A condition that was lowered, with its size.
#[derive(Clone)]
pub(super) struct Lowered {
    pub(super) formula: Formula,
    pub(super) comparisons: usize,
    pub(super) height: usize,
}

impl Lowered {
    /// A leaf.
    pub(super) fn leaf(formula: Formula) -> Self {
        Self {
            formula,
            comparisons: 1,
            height: 1,
        }
    }

    /// What stands where an error was.
    pub(super) fn failed() -> Self {
        Self::leaf(Formula::never())
    }

    fn join(parts: Vec<Self>, join: impl FnOnce(Arc<[Formula]>) -> Formula) -> Self {
        let comparisons = parts
            .iter()
            .fold(0_usize, |sum, part| sum.saturating_add(part.comparisons));
        let height = parts
            .iter()
            .map(|part| part.height)
            .max()
            .unwrap_or(0)
            .saturating_add(1);
        Self {
            formula: join(parts.into_iter().map(|part| part.formula).collect()),
            comparisons,
            height,
        }
    }
}

impl<'c> Cx<'c> {
    /// A condition in a file, over a profile.
    pub(super) fn new(
        file: usize,
        profile: &'c Arc<Profile>,
        parameters: &'c HashMap<String, Resolved>,
    ) -> Self {
        Self {
            file,
            profile,
            parameters,
            also: &[],
            calls: &[],
            used: None,
            depth: 0,
        }
    }

    fn deeper(&self) -> Self {
        Self {
            depth: self.depth.saturating_add(1),
            ..*self
        }
    }
}

impl<'a> Lowering<'a> {
    /// Lowers a whole condition: of a clause, a guard, a derivation, an assertion.
    pub(super) fn condition(&mut self, expr: &ExprAt, cx: &Cx<'_>) -> Formula {
        self.expr(expr, cx).formula
    }

    fn expr(&mut self, expr: &ExprAt, cx: &Cx<'_>) -> Lowered {
        let place = Place::new(cx.file, expr.span);
        if cx.depth >= MAX_DEPTH {
            return self.too_deep(place);
        }
        let lowered = match &expr.node {
            Expr::All(terms) => Lowered::join(self.terms(terms, cx), Formula::All),
            Expr::Any(terms) => Lowered::join(self.terms(terms, cx), Formula::Any),
            Expr::Not(term) => {
                let inner = self.expr(term, &cx.deeper());
                Lowered {
                    formula: Formula::Not(Arc::new(inner.formula.clone())),
                    height: inner.height.saturating_add(1),
                    ..inner
                }
            }
            Expr::Has(path) => match self.claim_or_unknown(path, cx) {
                Some(claim) => atom(claim, Question::Present, place),
                None => return Lowered::leaf(unknown_here(path, cx)),
            },
            Expr::Bare(path) => self.bare(path, place, cx),
            Expr::Call(name, arguments) => self.call(name, arguments, place, cx),
            Expr::Compare(comparison) => self.comparison(comparison, place, cx),
        };
        if lowered.comparisons > MAX_COMPARISONS {
            let message = format!("written out, this condition has more than {MAX_COMPARISONS} comparisons");
            self.error(
                Diagnostic::new(place, message)
                    .help("use lists and sets instead of many comparisons, or several roles"),
            );
            return Lowered::failed();
        }
        lowered
    }

    fn too_deep(&mut self, place: Place) -> Lowered {
        let message = format!("written out, this condition nests deeper than {MAX_DEPTH} levels");
        self.error(Diagnostic::new(place, message).help("name fewer conditions by conditions"));
        Lowered::failed()
    }

    fn terms(&mut self, terms: &[ExprAt], cx: &Cx<'_>) -> Vec<Lowered> {
        let deeper = cx.deeper();
        terms.iter().map(|term| self.expr(term, &deeper)).collect()
    }

    /// A name that stands alone: a condition, or a bool claim.
    fn bare(&mut self, path: &ClaimPath, place: Place, cx: &Cx<'_>) -> Lowered {
        if let Some(name) = path.as_name() {
            let condition = self
                .names
                .conditions
                .get_key_value(name)
                .map(|(name, condition)| (*name, *condition));
            let is_claim = cx.profile.claim_by_name(name).is_some();
            match condition {
                Some((_, condition)) if is_claim => {
                    let message = format!(
                        "`{name}` is both a condition and a claim of the profile `{}`",
                        cx.profile.name
                    );
                    self.error(
                        Diagnostic::new(place, message)
                            .help("rename the condition")
                            .note(condition.place, "the condition"),
                    );
                    return Lowered::failed();
                }
                Some((name, condition)) if condition.item.parameters.is_empty() => {
                    return self.named(name, condition, place, cx);
                }
                Some((name, condition)) => return self.wrong_count(name, condition, 0, place),
                None => {}
            }
            if !is_claim && cx.parameters.contains_key(name) {
                self.error(
                    Diagnostic::new(
                        place,
                        format!("`{name}` is a parameter, which stands where a literal does"),
                    )
                    .help(format!("compare a claim with it: `environment == {name}`")),
                );
                return Lowered::failed();
            }
        }
        if let (Some(name), None, false) = (path.as_name(), find(path, cx.profile), elsewhere(path, cx)) {
            let message = format!(
                "there is no condition `{name}`, and the profile `{}` has no such claim",
                cx.profile.name
            );
            let help = if self.names.sets.contains_key(name) {
                Some(format!(
                    "`{name}` is a set: compare a claim with it, as in `ref in {name}`"
                ))
            } else {
                suggestion(name, cx.profile, self.names.conditions.keys().copied())
            };
            self.error(Diagnostic::new(place, message).help_if(help));
            return Lowered::failed();
        }
        let Some(claim) = self.claim_or_unknown(path, cx) else {
            return Lowered::leaf(unknown_here(path, cx));
        };
        let Some(definition) = cx.profile.claim(claim) else {
            return Lowered::failed();
        };
        if definition.claim_type != ClaimType::Scalar(Scalar::Bool) {
            let message = format!("`{definition}` is {}, not a condition", definition.claim_type);
            self.error(
                Diagnostic::new(place, message)
                    .help(format!("compare it with something, or write `has {definition}`")),
            );
            return Lowered::failed();
        }
        atom(claim, Question::OneOf(vec![Typed::Bool(true)]), place)
    }

    /// A condition without parameters.
    fn named(
        &mut self,
        name: &'a str,
        condition: Named<'a, ast::Condition>,
        place: Place,
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
                let lowered = self.write_out(name, condition, &HashMap::new(), place, cx);
                if cx.also.is_empty() {
                    self.conditions.insert(key, lowered.clone());
                }
                lowered
            }
        };
        if cx.depth.saturating_add(lowered.height) > MAX_DEPTH {
            return self.too_deep(place);
        }
        lowered
    }

    /// A condition with arguments.
    fn call(&mut self, name: &Name, arguments: &[Spanned<Operand>], place: Place, cx: &Cx<'_>) -> Lowered {
        let found = self
            .names
            .conditions
            .get_key_value(name.node.as_str())
            .map(|(name, condition)| (*name, *condition));
        let Some((known, condition)) = found else {
            let near = did_you_mean(&name.node, self.names.conditions.keys().copied());
            let help = near.map(|near| format!("did you mean `{near}`?"));
            let at = Place::new(cx.file, name.span);
            self.error(Diagnostic::new(at, format!("there is no condition `{}`", name.node)).help_if(help));
            return Lowered::failed();
        };
        let parameters = &condition.item.parameters;
        if parameters.len() != arguments.len() {
            return self.wrong_count(known, condition, arguments.len(), place);
        }
        let mut values = HashMap::new();
        for (parameter, argument) in parameters.iter().zip(arguments) {
            let mut value = self.operand(argument, cx);
            if let Resolved::Claim(_) = value {
                let at = Place::new(cx.file, argument.span);
                self.error(Diagnostic::new(
                    at,
                    "an argument is a literal, a list or a set, not a claim",
                ));
                value = Resolved::Failed;
            }
            values.insert(parameter.node.clone(), value);
        }
        self.write_out(known, condition, &values, place, cx)
    }

    fn wrong_count(
        &mut self,
        name: &str,
        condition: Named<'a, ast::Condition>,
        given: usize,
        place: Place,
    ) -> Lowered {
        let wanted = condition.item.parameters.len();
        let plural = if wanted == 1 { "" } else { "s" };
        let names: Vec<&str> = condition
            .item
            .parameters
            .iter()
            .map(|parameter| parameter.node.as_str())
            .collect();
        let form = if wanted == 0 {
            name.to_owned()
        } else {
            format!("{name}({})", names.join(", "))
        };
        self.error(
            Diagnostic::new(
                place,
                format!("`{name}` takes {wanted} argument{plural}, not {given}"),
            )
            .help(format!("write `{form}`"))
            .note(condition.place, "the condition"),
        );
        Lowered::failed()
    }

    /// What a condition says, with values for its parameters.
    pub(super) fn write_out(
        &mut self,
        name: &'a str,
        condition: Named<'a, ast::Condition>,
        values: &HashMap<String, Resolved>,
        place: Place,
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
                place,
                format!("the condition `{name}` is made of itself: {}", round.join(" → ")),
            ));
            return Lowered::failed();
        }
        for parameter in &condition.item.parameters {
            if cx.profile.claim_by_name(&parameter.node).is_some() {
                let message = format!(
                    "the parameter `{}` has the name of a claim of the profile `{}`",
                    parameter.node, cx.profile.name
                );
                self.error(
                    Diagnostic::new(Place::new(condition.file, parameter.span), message)
                        .help("rename the parameter"),
                );
            }
        }
        let calls: Vec<&str> = cx.calls.iter().copied().chain([name]).collect();
        let inner = Cx {
            file: condition.file,
            parameters: values,
            calls: &calls,
            used: cx.used.or(Some(place)),
            ..cx.deeper()
        };
        let errors = self.diagnostics.len();
        let mut lowered = self.expr(&condition.item.expr, &inner);
        lowered.height = lowered.height.saturating_add(1);
        if let (Some(used), None) = (inner.used, cx.used) {
            for diagnostic in self
                .diagnostics
                .iter_mut()
                .skip(errors)
                .filter(|diagnostic| diagnostic.notes.is_empty())
            {
                diagnostic
                    .notes
                    .push((used, format!("used here, for the profile `{}`", cx.profile.name)));
            }
        }
        lowered
    }

    /// The claim at a path, or `None` if it is a claim of another profile that may be asked for too.
    fn claim_or_unknown(&mut self, path: &ClaimPath, cx: &Cx<'_>) -> Option<ClaimId> {
        find(path, cx.profile).or_else(|| {
            if elsewhere(path, cx) {
                None
            } else {
                self.claim(path, cx)
            }
        })
    }

    /// The claim at a path; it is an error if there is none.
    pub(super) fn claim(&mut self, path: &ClaimPath, cx: &Cx<'_>) -> Option<ClaimId> {
        if let Some(claim) = find(path, cx.profile) {
            return Some(claim);
        }
        let place = Place::new(cx.file, path.span());
        let written = written(path);
        let mut diagnostic = Diagnostic::new(
            place,
            format!("the profile `{}` has no claim `{written}`", cx.profile.name),
        );
        let help = match path.as_name() {
            Some(name) if self.names.sets.contains_key(name) => Some(format!(
                "`{name}` is a set: it stands on the right, after `in` or a pattern operator"
            )),
            Some(name) if self.names.conditions.contains_key(name) => Some(format!(
                "`{name}` is a condition: it stands alone, not in a comparison"
            )),
            Some(name) if cx.parameters.contains_key(name) => Some(format!(
                "`{name}` is a parameter: it stands on the right, where a literal does"
            )),
            _ => suggestion(&written, cx.profile, self.names.conditions.keys().copied()),
        };
        diagnostic = diagnostic.help_if(help);
        self.error(diagnostic);
        None
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
        for (name, condition) in conditions {
            let used = self.conditions.keys().any(|(used, _)| *used == name);
            if used || profiles.is_empty() {
                continue;
            }
            // It may be meant for any of the issuers: what counts is the one that it fits best.
            let before = self.diagnostics.len();
            let mut fewest: Option<Vec<Diagnostic>> = None;
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
                    condition.place,
                    &Cx::new(condition.file, profile, &nothing),
                );
                let mut errors = self.diagnostics.split_off(before);
                errors.iter_mut().for_each(|error| error.notes.clear());
                if fewest.as_ref().is_none_or(|fewest| errors.len() < fewest.len()) {
                    fewest = Some(errors);
                }
            }
            self.diagnostics.extend(fewest.unwrap_or_default());
        }
    }
}

/// A comparison as a leaf.
pub(super) fn atom(claim: ClaimId, question: Question, place: Place) -> Lowered {
    Lowered::leaf(Formula::Atom(Arc::new(Atom {
        claim,
        question,
        place,
    })))
}

/// What stands for a question about a claim that the profile does not have.
fn unknown_here(path: &ClaimPath, cx: &Cx<'_>) -> Formula {
    if elsewhere(path, cx) {
        Formula::Unknown
    } else {
        Formula::never()
    }
}

/// Whether another profile that may be asked for too has the claim.
pub(super) fn elsewhere(path: &ClaimPath, cx: &Cx<'_>) -> bool {
    cx.also.iter().any(|profile| find(path, profile).is_some())
}

/// The claim at a path of a profile.
pub(super) fn find(path: &ClaimPath, profile: &Profile) -> Option<ClaimId> {
    match path.as_name() {
        Some(name) => profile.claim_by_name(name),
        None => profile.claim_by_path(&names(path)),
    }
}

/// The names of a path.
pub(super) fn names(path: &ClaimPath) -> Vec<String> {
    let name = |segment: &Spanned<Segment>| match &segment.node {
        Segment::Quoted(string) => string.text().unwrap_or_else(|_| string.raw().to_owned()),
        Segment::Word(name) => name.clone(),
    };
    path.segments.iter().map(name).collect()
}

/// A path as policies write it.
pub(super) fn written(path: &ClaimPath) -> String {
    let mut text = String::new();
    // Writing into a string does not fail.
    let _ = crate::ir::write_path(&names(path), &mut text);
    text
}

/// What to say of a claim that the profile does not have.
pub(super) fn suggestion<'n>(
    written: &str,
    profile: &Profile,
    others: impl Iterator<Item = &'n str>,
) -> Option<String> {
    let inside = format!("{written}.");
    let member = profile
        .claims
        .iter()
        .map(ToString::to_string)
        .find(|claim| claim.starts_with(&inside));
    Some(match (member, near(written, profile, others)) {
        (Some(member), _) => format!("`{written}` is an object: name what is in it, such as `{member}`"),
        (None, Some(near)) => format!("did you mean `{near}`?"),
        (None, None) => {
            "a claim that the profile lacks can be declared in a `profile` of your own".to_owned()
        }
    })
}

/// A claim, an alias, or another name that a misspelt one may have meant.
pub(super) fn near<'n>(
    written: &str,
    profile: &Profile,
    others: impl Iterator<Item = &'n str>,
) -> Option<String> {
    let mut candidates: Vec<String> = others.map(str::to_owned).collect();
    for claim in &profile.claims {
        candidates.push(claim.to_string());
        candidates.extend(claim.aliases.iter().cloned());
    }
    did_you_mean(written, candidates.iter().map(String::as_str)).map(str::to_owned)
}
