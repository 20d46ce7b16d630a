//! Drafts of tokens: claims that are set and removed, and those that follow from them.

use super::LIMITS;
use crate::document::Document;
use crate::evaluate::{ProfileView, Unknown};
use crate::ir::TrustedIssuer;
use crate::lower::budget::Amount;
use crate::value::{Object, Value};

/// A token that is not complete yet.
#[derive(Default)]
pub(super) struct Draft {
    claims: Object,
    /// The paths of claims that are set to `absent`, so that they are not filled in.
    absent: Vec<Vec<String>>,
}

impl Draft {
    /// Returns the claims.
    pub(super) fn claims(self) -> Object {
        self.claims
    }

    /// Sets the claim at a path; `None` removes it, and keeps it from being filled in.
    pub(super) fn set(&mut self, path: Vec<String>, value: Option<Value>) {
        self.absent.retain(|absent| *absent != path);
        let is_absent = value.is_none();
        put(&mut self.claims, &path, value);
        if is_absent {
            self.absent.push(path);
        }
    }

    /// Adds the claims that a token of the issuer would also have: `iss`, `aud`, and the derived claims.
    /// Returns the steps that it took.
    pub(super) fn fill_in(&mut self, issuer: &TrustedIssuer) -> usize {
        let Self { claims, absent } = self;
        // The issuer has an audience, or an error is reported.
        let audience = issuer.issuer.audiences.first().map_or("", String::as_str);
        for (claim, value) in [("iss", issuer.issuer.url.as_str()), ("aud", audience)] {
            if claims.get(claim).is_none() && !absent.iter().any(|path| path == &[claim]) {
                claims.set(claim, Value::from(value));
            }
        }
        // A derivation may use other derived claims: each round adds at least one claim, or is the last.
        let mut steps = Amount::default();
        loop {
            steps += issuer.derivations.len();
            steps += claims.len();
            let document = Document::from(&*claims);
            let token = ProfileView::new(issuer, document.members());
            let found = issuer.derivations.iter().find_map(|derivation| {
                let path = &issuer.profile[derivation.claim].path;
                let missing = token.value(derivation.claim) == Err(Unknown::Absent);
                let value = if missing && !absent.contains(path) {
                    token.derive(derivation)
                } else {
                    None
                };
                value.map(|value| (path, value))
            });
            let Some((path, value)) = found.filter(|_| claims.len() <= LIMITS.members) else {
                return steps.0;
            };
            put(claims, path, Some(Value::Text(value)));
        }
    }
}

/// Sets the value at a path; `None` removes it.
fn put(object: &mut Object, path: &[String], value: Option<Value>) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    if rest.is_empty() {
        match value {
            Some(value) => object.set(first, value),
            None => object.remove(first),
        }
        return;
    }
    if !matches!(object.get(first), Some(Value::Object(_))) {
        object.set(first, Value::Object(Object::new()));
    }
    if let Some(Value::Object(inner)) = object.get_mut(first) {
        put(inner, rest, value);
    }
}
