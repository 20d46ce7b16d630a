//! Wildcards that match more than one part.

use crate::ask;
use crate::clause::{ClauseView, Constraint};
use crate::context::RuleContext;
use crate::finding::Finding;
use crate::fix::{Edit, Fix};
use crate::harm::Harm;
use crate::rule::{Check, Rule};
use crate::rule_info::RuleInfo;
use crate::severity::{Category, Confidence, Persona, Safety, Severity};
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::pattern::{Glob, Pattern, Regulars, Wildcard, WildcardPiece};
use rolecall_engine::{ClaimId, Location, Part, Scalar};
use rolecall_syntax::Str;
use rolecall_syntax::ast::{Operand, Operator};
use std::collections::BTreeSet;

pub(crate) static RULE: Rule = Rule {
    info: RuleInfo {
        name: "wildcard-crosses-delimiter",
        summary: "a wildcard in `like` may match more than the part where it is written",
        category: Category::Identity,
        severity: Severity::Medium,
        confidence: Confidence::High,
        persona: Persona::Regular,
        fix: Some(Safety::Unsafe),
        page: include_str!("../../docs/wildcard-crosses-delimiter.md"),
    },
    check: Check::Constraint(check),
};

fn check(
    constraint: &Constraint<'_>,
    view: &ClauseView<'_>,
    context: &mut RuleContext<'_, '_>,
) -> Option<Finding> {
    if !constraint.wanted {
        return None;
    }

    let Question::Pattern(patterns) = &constraint.atom.question else {
        return None;
    };
    let claim = constraint.atom.claim;
    let is_path = view.definition(claim).claim_type.scalar().is_path();
    let is_made = view.is_derived(claim);
    if !is_path && !is_made && view.claim("sub") != Some(claim) {
        return None;
    }
    patterns.iter().find_map(|pattern| {
        let Pattern::Like(wildcard) = pattern else {
            return None;
        };
        let (narrow, glob) = narrow(wildcard, is_path, is_made)?;
        let crosses = ask::all([
            ask::fits(claim, pattern.clone()),
            danger(view, claim, wildcard, narrow),
        ]);
        let witness = context.admits(view, crosses)?;
        let of_use = Str::new(&glob).ok().and_then(|text| Glob::new(&text).ok());
        let of_use = of_use.filter(|_| !glob.ends_with('*'));
        let is_of_use = of_use.is_some_and(|glob| {
            context
                .admits(view, ask::fits(claim, Pattern::Glob(glob)))
                .is_some()
        });
        let location = constraint.location;
        Some(
            Finding::new(
                &RULE.info,
                location,
                format!(
                    "a `*` in `{pattern}` may match several parts of `{}`",
                    view.name(claim)
                ),
            )
            .severity(Harm::UnreviewedCode.level(view.is_privileged))
            .label("`*` also matches `/` and `:` here")
            .help("use `glob`, whose `*` stays in its part, or compare the separate claims")
            .witness(witness)
            .fix(is_of_use.then(|| fix(context, location, &glob)).flatten()),
        )
    })
}

/// Returns the condition that a wildcard matches more than it seems to. In a derived claim, a `*` between two `:` may stand
/// for several parts of the layout; the value of a claim in it must not have such parts of its own.
fn danger(view: &ClauseView<'_>, claim: ClaimId, wildcard: &Wildcard, narrow: Pattern) -> Formula {
    let beyond = ask::not(ask::fits(claim, narrow));
    if !view.is_derived(claim) {
        return beyond;
    }
    let Some((of_parts, _)) = regex(wildcard, Whole::Parts) else {
        return beyond;
    };
    let own = view.issuer.derivations.iter().filter(|own| own.claim == claim);
    let parts = own.flat_map(|own| own.template.parts.iter());
    let inserted = parts.flat_map(|part| match part {
        Part::Optional(parts) => parts.as_slice(),
        part => std::slice::from_ref(part),
    });
    let may_hold = inserted.filter_map(|part| match part {
        Part::Claim(inner, None) if *view.definition(*inner).claim_type.scalar() == Scalar::Text => Some(*inner),
        _ => None,
    });
    let texts: BTreeSet<ClaimId> = may_hold.collect();
    let colon = Str::new("*:*").ok().map(|text| Pattern::Like(Wildcard::new(&text)));
    let of_value = colon.map(|colon| {
        let values = texts.into_iter().map(|inner| ask::fits(inner, colon.clone()));
        ask::all([beyond, ask::any(values.collect::<Vec<Formula>>())])
    });
    ask::any([ask::not(ask::fits(claim, of_parts))].into_iter().chain(of_value))
}

/// The meaning of a `*` that is a whole part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Whole {
    /// One name.
    Name,
    /// Several segments of a path.
    Segments,
    /// Several parts of a layout.
    Parts,
}

/// Returns the pattern with each `*` before the end limited to its part, as a regex and as a glob.
fn narrow(wildcard: &Wildcard, is_path: bool, is_made: bool) -> Option<(Pattern, String)> {
    let (_, inner) = wildcard.pieces().split_last()?;
    if !inner.contains(&WildcardPiece::Run) {
        return None;
    }
    regex(
        wildcard,
        if is_path || is_made {
            Whole::Segments
        } else {
            Whole::Name
        },
    )
}

fn regex(wildcard: &Wildcard, whole: Whole) -> Option<(Pattern, String)> {
    let (mut regex, mut glob) = (String::new(), String::new());
    let mut rest = wildcard.pieces().iter().peekable();
    while let Some(piece) = rest.next() {
        match (piece, rest.peek()) {
            (WildcardPiece::One, _) => {
                regex.push_str("(.|\n)");
                glob.push('?');
            }
            (WildcardPiece::Run, None) => {
                regex.push_str("(.|\n)*");
                glob.push('*');
            }
            (WildcardPiece::Run, Some(next)) => {
                let begins = glob.is_empty() || glob.ends_with(['/', ':']);
                let ends = matches!(next, WildcardPiece::Text(text) if text.starts_with(['/', ':']));
                let is_between = |c: char| {
                    let is_next = matches!(next, WildcardPiece::Text(text) if text.starts_with(c));
                    glob.ends_with(c) && is_next
                };
                let is_whole = begins && ends && whole != Whole::Name;
                regex.push_str(match whole {
                    Whole::Parts if is_between(':') => "(.|\n)*",
                    _ if is_whole => "[^:]*",
                    _ => "[^:/]*",
                });
                glob.push_str(if is_whole { "**" } else { "*" });
            }
            (WildcardPiece::Text(text), _) => {
                for c in text.chars() {
                    if !c.is_alphanumeric() && c.is_ascii_punctuation() && !matches!(c, '<' | '>') {
                        regex.push('\\');
                    }
                    regex.push(c);
                }
                glob.push_str(&Str::quote(text).raw().replace('*', "\\*").replace('?', "\\?"));
            }
        }
    }
    let regular = Regulars::default().compile(&regex).ok()?;
    Some((Pattern::Matches(regular), glob))
}

fn fix(context: &RuleContext<'_, '_>, location: Location, written: &str) -> Option<Fix> {
    let comparison = context.trees.comparison(location)?;
    if comparison.operator.node != Operator::Like || !matches!(comparison.operand.node, Operand::Text(_)) {
        return None;
    }
    let at = |span| Location::new(location.file(), span);
    let edits = vec![
        Edit::new(at(comparison.operator.span), "glob"),
        Edit::new(at(comparison.operand.span), format!("\"{written}\"")),
    ];
    Some(Fix::new(
        Safety::Unsafe,
        format!("write `glob \"{written}\"`"),
        edits,
    ))
}
