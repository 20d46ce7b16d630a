//! Refutations without a search: a clause requires a text that a question rules out.
//!
//! Most questions of rules are about one text, such as a branch that no policy names. Most clauses name others, and
//! building the automata of a clause to prove that costs more than all its other questions.

use crate::clause::{ClauseView, Constraint};
use crate::layouts::layouts;
use rolecall_engine::ir::{Formula, Question};
use rolecall_engine::{ClaimId, Literal, Part};

/// Returns whether a comparison that a clause requires contradicts a condition. If it does not, there may still be no
/// token that fulfils both.
pub(crate) fn contradicts(view: &ClauseView<'_>, condition: &Formula) -> bool {
    match condition {
        Formula::All(parts) => parts.iter().any(|part| contradicts(view, part)),
        Formula::Atom(atom, _) => match &atom.question {
            Question::OneOf(texts) => {
                let mut required = view.constraints.iter().filter(|one| one.required && one.wanted);
                required.any(|one| excludes(view, one, atom.claim, texts))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Returns whether no token that fulfils a comparison has one of these texts in a claim.
fn excludes(view: &ClauseView<'_>, one: &Constraint<'_>, claim: ClaimId, texts: &[Literal]) -> bool {
    let is_same = one.atom.claim == claim;
    let is_part = || {
        let mut layouts = layouts(view.issuer, one.atom.claim).peekable();
        // Without a filter, and not optional: the text of the claim is in the text of each layout.
        layouts.peek().is_some() && layouts.all(|layout| layout.parts.contains(&Part::Claim(claim, None)))
    };
    match &one.atom.question {
        Question::OneOf(own) if is_same => !own.iter().any(|own| texts.contains(own)),
        Question::Pattern(patterns) if is_same => {
            let is_accepted = |text| patterns.iter().any(|pattern| pattern.accepts(text));
            !texts.iter().any(|text| text_of(text).is_none_or(is_accepted))
        }
        Question::OneOf(own) if is_part() => {
            let is_in = |text: &Literal, own: &Literal| match (text_of(text), text_of(own)) {
                (Some(text), Some(own)) => own.contains(text),
                _ => true,
            };
            !own.iter().any(|own| texts.iter().any(|text| is_in(text, own)))
        }
        _ => false,
    }
}

fn text_of(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Text(text) => Some(text),
        _ => None,
    }
}
