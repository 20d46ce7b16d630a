//! Demands on claims.

mod forms;

use crate::notice::{Notice, printable};
use crate::translation::claim::{Wanted, WantedValue, are_texts, contains, fits};
use crate::translation::condition::{any, compare, constant, text};
use crate::vault::{BoundClaim, Claim, Expected};
use rolecall_engine::ir::{ClaimDefinition, Profile};
use rolecall_engine::pattern::WildcardPiece;
use rolecall_engine::{ClaimType, Scalar};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{ExprAt, Operator};

/// The demands of one role on the claims of its tokens.
pub(super) struct Bound<'b> {
    pub(super) profile: &'b Profile,
    pub(super) issuer: &'b str,
    pub(super) audiences: &'b [String],
    pub(super) notices: &'b mut Vec<Notice>,
}

impl<'b> Bound<'b> {
    /// Translates an entry of `bound_claims`.
    pub(super) fn claim(&mut self, bound: &BoundClaim) -> Result<ExprAt, Notice> {
        let mut span = bound.claim.written.span;
        for value in &bound.values {
            span = span.to(value.span);
        }
        match bound.claim.path.as_slice() {
            [name] if name == "iss" => return Ok(constant(is_any(&bound.values, self.issuer), span)),
            [name] if name == "aud" => {
                let path = ["aud".to_owned()];
                let some = self
                    .audiences
                    .iter()
                    .filter(|audience| is_any(&bound.values, audience));
                let some = some.map(|audience| compare(&path, Operator::Equal, text(audience, span), span));
                return Ok(any(some, span));
            }
            _ => {}
        }
        let claim = self.known(&bound.claim)?;
        let texts: Vec<Wanted> = bound.values.iter().filter_map(wanted).collect();
        let not_compared = || {
            let message = format!("`{}` is not compared here", printable(&bound.claim.written));
            Notice::refused("claim-not-compared", message, "bind another claim", span)
        };
        let scalar = match &claim.claim_type {
            ClaimType::List(scalar) => {
                return contains(claim, scalar, &texts, span).map_err(|_| not_compared());
            }
            ClaimType::Scalar(scalar) => scalar,
            _ => return Err(not_compared()),
        };
        self.report_kinds(bound, scalar);
        let others: Vec<Wanted> = bound
            .values
            .iter()
            .filter_map(|value| other(value, scalar))
            .collect();
        let [of_texts, of_others] = [texts, others];
        let compared = |values: &[Wanted]| fits(claim, values, span).map_err(|_| not_compared());
        match are_texts(scalar) {
            Some(true) => compared(&of_texts),
            Some(false) => compared(&of_others),
            None => {
                let message = format!(
                    "Vault tells the text and the number or boolean of `{}` apart, and here they are one",
                    printable(&bound.claim.written)
                );
                let help = "write both, such as `[true, \"true\"]`, if either may get in";
                self.notices
                    .push(Notice::wider("number-or-text", message, help, span));
                let all: Vec<Wanted> = of_texts.into_iter().chain(of_others).collect();
                compared(&all)
            }
        }
    }

    /// Reports values of another kind than the claim.
    fn report_kinds(&mut self, bound: &BoundClaim, scalar: &Scalar) {
        let claim = printable(&bound.claim.written);
        for value in &bound.values {
            let (message, help) = match (&value.node, are_texts(scalar)) {
                (Expected::Bool(value), Some(true)) => (
                    format!("`{claim}` is a text in these tokens, which is never the boolean `{value}`"),
                    format!("write the text `\"{value}\"`"),
                ),
                (Expected::Integer(value), Some(true)) => (
                    format!("`{claim}` is a text in these tokens, which is never the number `{value}`"),
                    format!("write the text `\"{value}\"`"),
                ),
                (Expected::Text(_) | Expected::Glob(_), Some(false)) => (
                    format!("`{claim}` is not a text in these tokens, so this value is never equal"),
                    "write the number or the boolean without quotes".to_owned(),
                ),
                _ => continue,
            };
            self.notices
                .push(Notice::odd("never-equal", message, help, value.span));
        }
    }

    fn known(&self, claim: &Claim) -> Result<&'b ClaimDefinition, Notice> {
        let id = self.profile.claim_by_path(&claim.path).ok_or_else(|| {
            let message = format!(
                "the profile `{}` has no claim `{}`",
                self.profile.name,
                printable(&claim.written)
            );
            let help = "name a claim of the profile: `policy-check profiles` shows them";
            Notice::refused("claim-not-in-profile", message, help, claim.written.span)
        })?;
        Ok(&self.profile[id])
    }
}

/// Returns whether a text fits one of some values.
fn is_any(values: &[Spanned<Expected>], found: &str) -> bool {
    let mut wanted = values.iter().filter_map(wanted);
    wanted.any(|wanted| wanted.value.fits(found))
}

/// Returns the texts that fit a value.
fn wanted(value: &Spanned<Expected>) -> Option<Wanted> {
    let fitting = match &value.node {
        Expected::Text(text) => WantedValue::Exactly(text.clone()),
        Expected::Glob(parts) => {
            let mut pieces = Vec::new();
            for (number, part) in parts.iter().enumerate() {
                if number > 0 {
                    pieces.push(WildcardPiece::Run);
                }
                if !part.is_empty() {
                    pieces.push(WildcardPiece::Text(part.as_str().into()));
                }
            }
            WantedValue::like(pieces)
        }
        Expected::Bool(_) | Expected::Integer(_) => return None,
    };
    Some(Wanted {
        value: fitting,
        span: value.span,
    })
}

/// Returns the text of a boolean or a number that a claim of this type can be.
fn other(value: &Spanned<Expected>, scalar: &Scalar) -> Option<Wanted> {
    let text = match (&value.node, scalar) {
        (Expected::Bool(value), Scalar::Bool(_)) => value.to_string(),
        (Expected::Integer(number), Scalar::Int | Scalar::Id(_)) => number.to_string(),
        _ => return None,
    };
    Some(Wanted {
        value: WantedValue::Exactly(text),
        span: value.span,
    })
}
