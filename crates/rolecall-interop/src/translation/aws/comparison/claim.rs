//! Conditions about a claim with one value.

use super::{Translated, is_always, wanted, when_absent};
use crate::aws::{Condition, Operator, Set, Test};
use crate::notice::Notice;
use crate::translation::claim::{Incomparable, Wanted, fits};
use crate::translation::condition::{all, any, compare, constant, not, text};
use rolecall_engine::ir::ClaimDefinition;
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::ast::Operator as OurOperator;

/// Compares a claim with one value.
pub(super) fn of_claim(claim: &ClaimDefinition, condition: &Condition) -> Result<Translated, Notice> {
    let (span, absent) = (condition.span, when_absent(condition));
    let Operator {
        set, test, negated, ..
    } = condition.operator.node;
    if test == Test::Null {
        let present = condition.values.iter().any(|value| value.written == "false");
        return Ok(Translated::of_claim(claim, constant(present, span), absent, span));
    }
    let values: Vec<Wanted> = condition
        .values
        .iter()
        .map(|value| Wanted {
            value: wanted(test, value),
            span: value.span,
        })
        .collect();
    let fits = fits(claim, &values, span).map_err(|why| incomparable(condition, why))?;
    let fits = match negated {
        true => not(fits),
        false => fits,
    };
    // A set operator takes an empty text for no value.
    let is_empty = || {
        let may_be = matches!(&claim.claim_type, ClaimType::Scalar(scalar) if scalar.holds(""));
        match may_be && !is_always(claim) && !matches!(&claim.claim_type, ClaimType::Scalar(Scalar::Id(_))) {
            true => compare(&claim.path, OurOperator::Equal, text("", span), span),
            false => constant(false, span),
        }
    };
    let present = match set {
        Some(Set::All) => any([fits, is_empty()], span),
        Some(Set::Any) => all([not(is_empty()), fits], span),
        None => fits,
    };
    let mut translated = Translated::of_claim(claim, present.clone(), absent, span);
    if !absent && !negated {
        // It never holds without the claim, which need not be said.
        translated.holds = present;
    }
    Ok(translated)
}

fn incomparable(condition: &Condition, why: Incomparable) -> Notice {
    let key = &condition.written_key.node;
    let span = condition.span;
    match why {
        Incomparable::Type => {
            let message = format!("a pattern for `{key}` has no translation: its values are not texts");
            Notice::refused("pattern-on-number", message, "write the values", span)
        }
        Incomparable::QuestionMark => {
            let message = "AWS does not say whether `?` is one byte or one character beyond ASCII".to_owned();
            Notice::refused("question-mark", message, "write `*`, or the characters", span)
        }
    }
}
