//! Witnesses: tokens that answer a question, as JSON and as a test to paste.

use crate::formula::Choices;
use crate::token::any_subject;
use rolecall_engine::ir::{External, TrustedIssuer};
use rolecall_engine::{ClaimId, Document, IssuerId, Object, Truth, UnverifiedClaims, Value};
use std::fmt::Write;
use std::sync::Arc;

/// A token that answers a question. The reference evaluation and the matcher have confirmed it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Witness {
    /// The issuer.
    pub issuer: IssuerId,
    /// The claims. Claims that do not matter are omitted: they may have any value that verification accepts.
    pub token: Object,
    /// The names of the roles of the question that the token gets.
    pub allowed: Vec<String>,
    /// The names of the roles of the question that the token does not get.
    pub denied: Vec<String>,
    /// The claim that is the only reason that the token does not get the roles, as policies write it. Only near
    /// misses have it.
    pub because: Option<String>,
    /// The values of external conditions with which the token answers the question. Other ones do not matter.
    pub externals: Vec<(Arc<External>, bool)>,
    /// The token with the claims that every verified token has.
    whole: Object,
    /// The claims of the token as a test writes them.
    entries: String,
    /// The name of the issuer.
    issuer_name: String,
    /// The choices of the search, so that other tokens can be made similar.
    pub(crate) choices: Choices,
}

impl Witness {
    pub(crate) fn new(
        issuer: IssuerId,
        trusted: &TrustedIssuer,
        token: Object,
        absent: &[ClaimId],
        choices: Choices,
    ) -> Self {
        let mut entries = String::new();
        for (name, value) in token.iter() {
            // A test fills in these claims itself.
            let is_usual = match name {
                "iss" => true,
                "aud" => value.as_text() == trusted.issuer.audiences.first().map(String::as_str),
                _ => false,
            };
            if !is_usual {
                let _ = writeln!(entries, "    {} = {},", key(name), literal(value));
            }
        }
        for claim in absent {
            if let Some(name) = trusted.profile[*claim].path.first() {
                let _ = writeln!(entries, "    {} = absent,", key(name));
            }
        }
        Self {
            issuer,
            whole: verified(&token, trusted),
            token,
            allowed: Vec::new(),
            denied: Vec::new(),
            because: None,
            externals: Vec::new(),
            entries,
            issuer_name: trusted.issuer.name.clone(),
            choices,
        }
    }

    /// Returns the claims, including those that do not matter but that every verified token has.
    pub fn claims(&self) -> UnverifiedClaims {
        UnverifiedClaims::new(Document::from(&self.whole))
    }

    /// Returns the same token as a witness for some of the roles that it gets.
    pub(crate) fn about(&self, roles: &[&str]) -> Self {
        Self {
            allowed: roles.iter().map(|role| (*role).to_owned()).collect(),
            denied: Vec::new(),
            ..self.clone()
        }
    }

    /// Returns the value of an external condition. One that does not matter does not hold.
    pub fn value(&self, external: &External) -> Truth {
        let known = self.externals.iter().find(|(known, _)| **known == *external);
        Truth::from(known.is_some_and(|(_, value)| *value))
    }

    /// Returns a `test` that expects the roles of today, in the syntax of a policy file; `None` if the roles depend
    /// on external conditions, which a test does not have.
    pub fn test(&self, name: &str) -> Option<String> {
        if !self.externals.is_empty() {
            return None;
        }
        let mut text = format!("test {} {{\n  token {} {{", quoted(name), self.issuer_name);
        if self.entries.is_empty() {
            text.push_str(" }\n");
        } else {
            let _ = write!(text, "\n{}  }}\n", self.entries);
        }
        if !self.allowed.is_empty() {
            let _ = writeln!(text, "  expect allow {}", self.allowed.join(", "));
        }
        if !self.denied.is_empty() {
            let because = self.because.as_ref().map(|claim| format!(" because {claim}"));
            let because = because.unwrap_or_default();
            let _ = writeln!(text, "  expect deny {}{because}", self.denied.join(", "));
        }
        text.push_str("}\n");
        Some(text)
    }
}

/// Returns a token with the claims that every verified token has. Omitted claims get some value.
fn verified(token: &Object, issuer: &TrustedIssuer) -> Object {
    let mut whole = token.clone();
    let any = [
        ("sub", Value::from(any_subject(issuer))),
        ("exp", Value::Int(1_800_000_300)),
        ("iat", Value::Int(1_800_000_000)),
    ];
    for (name, value) in any {
        if whole.get(name).is_none() {
            whole.set(name, value);
        }
    }
    whole
}

/// Returns the name of a claim as a test writes it.
fn key(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_plain { name.to_owned() } else { quoted(name) }
}

/// Returns a value as a test writes it.
fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(literal).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Object(object) => {
            let members = object
                .iter()
                .map(|(name, value)| format!("{} = {}", key(name), literal(value)));
            format!("{{ {} }}", members.collect::<Vec<String>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns a text as a string of the language.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() || (!c.is_ascii() && !c.is_alphanumeric()) => {
                let _ = write!(quoted, "\\u{{{:x}}}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
