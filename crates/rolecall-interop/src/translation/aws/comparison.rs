//! Conditions of AWS as conditions of ours.

mod claim;
mod external;

use crate::aws::{Condition, Operator, Part, Provider, Published, Set, Test, Text};
use crate::notice::Notice;
use crate::translation::claim::WantedValue;
use crate::translation::condition::{all, any, compare, constant, has, not, text};
use claim::of_claim;
use external::external;
use rolecall_engine::ir::{ClaimDefinition, Profile};
use rolecall_engine::pattern::WildcardPiece;
use rolecall_syntax::Span;
use rolecall_syntax::ast::{ExprAt, Operator as OurOperator};

/// The claims that every token has.
const ALWAYS: &[&str] = &["aud", "exp", "iat", "iss", "sub"];

/// The translation of the conditions of one statement, for the tokens of one provider.
pub(super) struct Comparison<'c> {
    pub(super) provider: &'c Provider,
    pub(super) profile: &'c Profile,
    pub(super) audiences: &'c [String],
    pub(super) notices: &'c mut Vec<Notice>,
}

/// The condition under which a condition of AWS holds, and the one under which it fails. AWS has no third value.
pub(super) struct Translated {
    pub(super) holds: ExprAt,
    pub(super) fails: ExprAt,
}

impl Translated {
    fn constant(value: bool, span: Span) -> Self {
        Self {
            holds: constant(value, span),
            fails: constant(!value, span),
        }
    }

    /// Returns a condition whose value is known for tokens with the claim and for those without it.
    fn of_claim(claim: &ClaimDefinition, present: ExprAt, absent: bool, span: Span) -> Self {
        if is_always(claim) {
            let fails = not(present.clone());
            return Self {
                holds: present,
                fails,
            };
        }
        let is_present = || has(&claim.path, span);
        let (holds, fails) = (present.clone(), not(present));
        match absent {
            true => Self {
                holds: any([not(is_present()), holds], span),
                fails: all([is_present(), fails], span),
            },
            false => Self {
                holds: all([is_present(), holds], span),
                fails: any([not(is_present()), fails], span),
            },
        }
    }
}

impl Comparison<'_> {
    /// Translates a condition.
    ///
    /// # Errors
    /// The notice that refuses the role.
    pub(super) fn of(&mut self, condition: &Condition) -> Result<Translated, Notice> {
        match self.provider.claim(&condition.key) {
            None => Ok(external(condition)),
            Some(Published::Audience) => Ok(self.of_audience(condition)),
            Some(Published::Claim(claim)) => {
                let path = [claim.to_owned()];
                let Some(claim) = self.profile.claim_by_path(&path) else {
                    return Err(self.not_in_profile(condition));
                };
                of_claim(&self.profile[claim], condition)
            }
            Some(Published::No) => {
                let value = when_absent(condition);
                self.notices.push(self.unpublished(condition, value));
                Ok(Translated::constant(value, condition.span))
            }
            Some(Published::Unsettled) => Err(unsettled(condition)),
        }
    }

    /// Compares the audience, which is one of a few.
    fn of_audience(&self, condition: &Condition) -> Translated {
        let Operator { test, negated, .. } = condition.operator.node;
        if test == Test::Null {
            return Translated::constant(!when_absent(condition), condition.span);
        }
        let values: Vec<WantedValue> = condition.values.iter().map(|value| wanted(test, value)).collect();
        let holds = |audience: &String| values.iter().any(|value| value.fits(audience)) != negated;
        let path = ["aud".to_owned()];
        let span = condition.span;
        let among = |wanted: bool| {
            let some = self.audiences.iter().filter(|audience| holds(audience) == wanted);
            let count = some.clone().count();
            if count == self.audiences.len() {
                return constant(true, span);
            }
            any(
                some.map(|audience| compare(&path, OurOperator::Equal, text(audience, span), span)),
                span,
            )
        };
        Translated {
            holds: among(true),
            fails: among(false),
        }
    }

    /// Reports a key that is never in a request.
    fn unpublished(&self, condition: &Condition, value: bool) -> Notice {
        let key = &condition.written_key.node;
        let message = match value {
            true => format!("`{key}` is in no request with these tokens, so this condition always holds"),
            false => format!("`{key}` is in no request with these tokens, so this condition never holds"),
        };
        let help = format!(
            "use a key that AWS publishes for `{}`, such as `{}:sub`",
            self.provider.issuer, self.provider.issuer
        );
        Notice::odd("unpublished-key", message, &help, condition.written_key.span)
    }

    fn not_in_profile(&self, condition: &Condition) -> Notice {
        let key = &condition.written_key.node;
        let message = format!("the profile `{}` has no claim for `{key}`", self.profile.name);
        let help = "compare `sub`, or another claim of the profile: `policy-check profiles` shows them";
        Notice::refused("claim-not-in-profile", message, help, condition.written_key.span)
    }
}

/// Returns the texts that fit a value.
pub(super) fn wanted(test: Test, value: &Text) -> WantedValue {
    if test == Test::StringEqualsIgnoreCase {
        return WantedValue::IgnoringCase(value.written.clone());
    }
    WantedValue::like(value.parts.iter().map(|part| match part {
        Part::Literal(text) => WildcardPiece::Text(text.as_str().into()),
        Part::AnyRun => WildcardPiece::Run,
        Part::AnyCharacter => WildcardPiece::One,
    }))
}

/// Returns whether a condition holds for a request without its key.
fn when_absent(condition: &Condition) -> bool {
    let Operator {
        set,
        test,
        negated,
        if_exists,
    } = condition.operator.node;
    match (test, set) {
        (Test::Null, _) => condition.values.iter().any(|value| value.written == "true"),
        (_, Some(Set::All)) => true,
        (_, Some(Set::Any)) => false,
        (_, None) => negated || if_exists,
    }
}

fn is_always(claim: &ClaimDefinition) -> bool {
    matches!(claim.path.as_slice(), [name] if ALWAYS.contains(&name.as_str()))
}

fn unsettled(condition: &Condition) -> Notice {
    let key = &condition.written_key.node;
    let message = format!("AWS does not say whether requests with these tokens have `{key}`");
    Notice::refused(
        "unsettled-key",
        message,
        "use another key, such as `sub`",
        condition.written_key.span,
    )
}
