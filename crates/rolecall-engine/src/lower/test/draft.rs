//! Drafts of tokens: claims that are set and removed, and those that follow from them.

use super::LIMITS;
use crate::document::Document;
use crate::evaluate::{ProfileView, Unknown};
use crate::ir::TrustedIssuer;
use crate::lower::budget::Amount;
use crate::value::{Object, Value};

/// The time at which the tokens of tests are issued, if they do not say another.
const ISSUED: i64 = 1_800_000_000;
/// The time at which they expire.
const EXPIRES: i64 = 1_800_003_600;
/// The subjects of tokens whose `sub` no derivation makes: the first that is of its type.
const SUBJECTS: [&str; 2] = ["subject", "spiffe://subject"];

/// A token that is not complete yet.
#[derive(Default)]
pub(super) struct Draft {
    claims: Object,
    /// The paths of claims that are set to `absent`, so that they are not filled in.
    absent: Vec<Vec<String>>,
    /// True if the file with the claims was not given, so that the token is not known.
    pub(super) is_unread: bool,
}

impl Draft {
    /// Creates a draft with some claims.
    pub(super) fn new(claims: Object) -> Self {
        Self {
            claims,
            ..Self::default()
        }
    }

    /// Returns the claims.
    pub(super) fn claims(self) -> Object {
        self.claims
    }

    /// Sets the claim at a path; `None` removes it, and keeps it from being filled in.
    pub(super) fn set(&mut self, path: Vec<String>, value: Option<Value>) {
        self.absent.retain(|absent| *absent != path);
        let is_absent = value.is_none();
        self.claims.put(&path, value);
        if is_absent {
            self.absent.push(path);
        }
    }

    /// Adds the claims that a token of the issuer would also have: `iss`, `aud`, `iat`, `exp`, `sub`,
    /// and the derived claims.
    /// Returns the steps that it took.
    pub(super) fn fill_in(&mut self, issuer: &TrustedIssuer) -> usize {
        let Self { claims, absent, .. } = self;
        // The issuer has an audience, or an error is reported.
        let audience = issuer.issuer.audiences.first().map_or("", String::as_str);
        let every_token = [
            ("iss", Value::from(issuer.issuer.url.as_str())),
            ("aud", Value::from(audience)),
            ("iat", Value::Int(ISSUED)),
            ("exp", Value::Int(EXPIRES)),
        ];
        for (claim, value) in every_token {
            fill(claims, absent, claim, value);
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
                break;
            };
            claims.put(path, Some(Value::Text(value)));
        }
        // A derivation that makes it comes first.
        let subject = issuer.profile.claim_by_path(&["sub".to_owned()]);
        let scalar = subject.map(|subject| issuer.profile[subject].claim_type.scalar());
        let fits = |text: &&str| scalar.is_some_and(|scalar| scalar.holds(text));
        if let Some(subject) = SUBJECTS.into_iter().find(fits) {
            fill(claims, absent, "sub", Value::from(subject));
        }
        steps.0
    }
}

/// Sets a claim, unless the test sets it or declares it absent.
fn fill(claims: &mut Object, absent: &[Vec<String>], claim: &str, value: Value) {
    if claims.get(claim).is_none() && !absent.iter().any(|path| path == &[claim]) {
        claims.set(claim, value);
    }
}
