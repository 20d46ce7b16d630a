//! Members of bindings: tokens by the value of an attribute.

use super::names::{attribute as value_of, scope};
use super::provider::Tokens;
use crate::google::{Attribute, Selection};
use crate::notice::Notice;
use crate::translation::cel::{Kind, Outcome, Translated, Value, equal, joined, kind, within};
use crate::translation::condition::constant;
use rolecall_syntax::Span;

/// The longest value of `google.subject`, in bytes (IAM API v1).
const MAX_SUBJECT: usize = 127;

impl Tokens {
    /// Returns the condition that a token is a member.
    pub(super) fn selected(&self, selection: &Selection, span: Span) -> Translated {
        let (attribute, value) = match selection {
            Selection::All => return Ok(constant(true, span)),
            Selection::Subject(value) if value.len() > MAX_SUBJECT => return Ok(constant(false, span)),
            Selection::Subject(value) => (Attribute::Subject, value),
            Selection::Group(value) => (Attribute::Groups, value),
            Selection::Attribute(name, value) => (Attribute::Custom(name.clone()), value),
        };
        let issuer = format!("https://{}", self.issuer);
        let scope = scope(&self.provider, &self.profile, &issuer);
        let value = Value::Text(value.clone());
        let cases = value_of(&scope, &self.provider, &attribute, span)?;
        let mut parts = Vec::new();
        for case in cases {
            let outcome = match (&attribute, &case.value) {
                (Attribute::Groups, Value::List(_)) => return Err(not_a_list(span)),
                (Attribute::Groups, list) => within(&value, list, span),
                (_, Value::List(_)) => return Err(not_a_text(span)),
                (_, mapped) => text_of(mapped, &value, span),
            };
            let when = case.when.map(Ok);
            parts.push(joined(
                when.into_iter().chain([outcome.holds]).collect(),
                span,
                true,
            ));
        }
        joined(parts, span, false)
    }
}

/// Compares the text of an attribute.
fn text_of(mapped: &Value<'_>, value: &Value<'_>, span: Span) -> Outcome {
    match mapped {
        // It is not documented whether a number, a boolean or a list becomes a text.
        Value::Claim(claim) if kind(claim) != Kind::Text => Outcome::refused(not_a_text(span)),
        Value::Bool(_) | Value::Number(_) | Value::Null => Outcome::refused(not_a_text(span)),
        _ => equal(mapped, value, span),
    }
}

fn not_a_text(span: Span) -> Notice {
    let message = "the attribute is not a text, and Google does not say what it is compared as";
    let help = "map a claim that is a text";
    Notice::refused("attribute-not-text", message, help, span)
}

fn not_a_list(span: Span) -> Notice {
    let message = "the mapping builds the list of groups";
    let help = "map a claim that is a list to `google.groups`";
    Notice::refused("groups-not-a-claim", message, help, span)
}
