//! Tests: a token with all that follows from its claims, and what it is expected to get.

use super::Lowering;
use super::claim_path::suggestion;
use super::names::Named;
use super::weight::weight_of_string;
use crate::claims::UnverifiedClaims;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::Document;
use crate::evaluate::ProfileView;
use crate::id::FileId;
use crate::ir::{Expectation, Test, TrustedIssuer};
use crate::json::JsonLimits;
use crate::value::{Object, Value};
use rolecall_syntax::Spanned;
use rolecall_syntax::ast::{self, Entry, ExpectationKind, Key};
use std::collections::{HashMap, HashSet};

/// The limits of a test's token: those of a verified one.
const LIMITS: JsonLimits = JsonLimits::CLAIMS;
/// How many tokens may be `like` another, which is `like` another.
const MAX_BASES: usize = 64;

impl<'a> Lowering<'a> {
    pub(super) fn lower_tests(&mut self) {
        let mut by_name: HashMap<String, Named<'a, ast::Test>> = HashMap::new();
        let tests: Vec<_> = self.names.tests.clone();
        for test in &tests {
            let at = Location::new(test.file, test.item.name.span);
            let Some(name) = self.plain_text(&test.item.name.node, at) else {
                continue;
            };
            if let Some(first) = by_name.get(&name) {
                let diagnostic = Diagnostic::new(at, format!("there are two tests called `{name}`"))
                    .help("rename one of them")
                    .note(first.location, "the other one");
                self.error(diagnostic);
            } else {
                by_name.insert(name, *test);
            }
        }
        let all = self
            .role_weights
            .values()
            .fold(0_usize, |sum, weight| sum.saturating_add(*weight));
        for test in tests {
            self.test(test, &by_name, all);
            if self.exceeded.is_some() {
                return;
            }
        }
    }

    /// Lowers a test; `all` is what all roles come to.
    fn test(
        &mut self,
        test: Named<'a, ast::Test>,
        by_name: &HashMap<String, Named<'a, ast::Test>>,
        all: usize,
    ) {
        let mut draft = Draft::default();
        let explicit = self.overlay(test, by_name, &mut Vec::new(), &mut draft);
        let issuer = self.find_issuer(&test.item.token.issuer, test.file);
        let expectations = test
            .item
            .expectations
            .iter()
            .map(|expectation| {
                let location = Location::new(test.file, expectation.span);
                let roles = self.select(&expectation.selectors, test.file);
                let weights = roles.iter().map(|role| &self.role_weights[*role]);
                let asked = match expectation.kind {
                    ExpectationKind::Only => all,
                    ExpectationKind::Allow | ExpectationKind::Deny => {
                        weights.fold(0_usize, |sum, weight| sum.saturating_add(*weight))
                    }
                };
                self.take_tested(asked, location);
                Expectation {
                    kind: expectation.kind,
                    roles,
                    location,
                }
            })
            .collect();
        let (Some(issuer), Some(()), Ok(name)) = (issuer, explicit, test.item.name.text()) else {
            return;
        };
        let steps = fill_in(&mut draft, &self.program[issuer]);
        self.take_claims(steps, test.location);
        if draft.claims.len() > LIMITS.members {
            let message = format!(
                "the token has {} claims, more than the {} of a token that is verified",
                draft.claims.len(),
                LIMITS.members
            );
            let at = Location::new(test.file, test.item.token.span);
            self.error(Diagnostic::new(at, message).help("leave claims out"));
        }
        let claims = UnverifiedClaims::new(draft.claims);
        self.program.tests.push(Test {
            name,
            issuer,
            claims,
            expectations,
            location: test.location,
        });
    }

    /// Puts the claims of the token that a test's token is like into the draft, and then its own over them.
    fn overlay(
        &mut self,
        test: Named<'a, ast::Test>,
        by_name: &HashMap<String, Named<'a, ast::Test>>,
        seen: &mut Vec<String>,
        draft: &mut Draft,
    ) -> Option<()> {
        let token = &test.item.token;
        if let Some(base) = &token.base {
            let at = Location::new(test.file, base.span);
            let name = self.plain_text(&base.node, at)?;
            let Some(other) = by_name.get(&name) else {
                let near = self
                    .budgets
                    .did_you_mean(&name, by_name.keys().map(String::as_str));
                self.error(
                    Diagnostic::new(at, format!("there is no test `{name}`"))
                        .help_if(near.map(|near| format!("did you mean `{near}`?"))),
                );
                return None;
            };
            let fault = if seen.contains(&name) {
                Some((
                    format!("the token of the test `{name}` is made of itself"),
                    "write its claims out in one of the tests",
                ))
            } else if seen.len() >= MAX_BASES {
                Some((
                    format!("more than {MAX_BASES} tokens are like one another"),
                    "write the claims out in one of the tests",
                ))
            } else {
                None
            };
            if let Some((message, help)) = fault {
                self.error(Diagnostic::new(at, message).help(help));
                return None;
            }
            seen.push(name);
            self.overlay(*other, by_name, seen, draft)?;
        }
        let issuer = self.find_issuer(&token.issuer, test.file)?;
        let profile = std::sync::Arc::clone(&self.program[issuer].profile);
        if token.claims.len() > LIMITS.members {
            let at = Location::new(test.file, test.item.token.span);
            self.too_many("members", token.claims.len(), LIMITS.members, at);
            return None;
        }
        let mut written: HashSet<Vec<String>> = HashSet::new();
        for entry in &token.claims {
            let at = Location::new(test.file, entry.key.span);
            let path = match &entry.key.node {
                Key::Quoted(string) => vec![self.plain_text(string, at)?],
                Key::Word(name) => match profile.claim_by_name(name).map(|id| &profile[id]) {
                    Some(claim) => claim.path.clone(),
                    None if profile.has_object(name) => vec![name.clone()],
                    None => {
                        let help = suggestion(name, &profile, std::iter::empty(), &mut self.budgets);
                        let message = format!("the profile `{}` has no claim `{name}`", profile.name);
                        self.error(Diagnostic::new(at, message).help(help));
                        continue;
                    }
                },
            };
            if !written.insert(path.clone()) {
                self.error(
                    Diagnostic::new(at, "the token says this claim twice").help("take one of them out"),
                );
            }
            let value = self.value(&entry.value, test.file)?;
            draft.absent.retain(|absent| *absent != path);
            if value.is_none() {
                draft.absent.push(path.clone());
            }
            put(&mut draft.claims, &path, value);
        }
        Some(())
    }

    /// A value of a test's token; `Some(None)` if the claim is to be taken away.
    #[allow(
        clippy::option_option,
        reason = "the outer one is an error, the inner one `absent`"
    )]
    fn value(&mut self, value: &Spanned<ast::Value>, file: FileId) -> Option<Option<Value>> {
        let location = Location::new(file, value.span);
        let size = match &value.node {
            ast::Value::Text(string) => weight_of_string(string),
            _ => 1,
        };
        if !self.take_claims(size, location) {
            return None;
        }
        Some(Some(match &value.node {
            ast::Value::Absent => return Some(None),
            ast::Value::Bool(value) => Value::Bool(*value),
            ast::Value::Int(value) => Value::Int(*value),
            ast::Value::Null => Value::Null,
            ast::Value::Text(string) => Value::Text(self.plain_text(string, location)?),
            ast::Value::List(items) => {
                if items.len() > LIMITS.items {
                    self.too_many("items", items.len(), LIMITS.items, location);
                    return None;
                }
                let mut list = Vec::new();
                for item in items {
                    let at = Location::new(file, item.span);
                    match self.value(item, file)? {
                        Some(value) => list.push(value),
                        None => self.error(
                            Diagnostic::new(at, "`absent` takes a claim away, and this is part of a value")
                                .help("leave it out, or write `null`"),
                        ),
                    }
                }
                Value::List(list)
            }
            ast::Value::Object(entries) if entries.len() > LIMITS.members => {
                self.too_many("members", entries.len(), LIMITS.members, location);
                return None;
            }
            ast::Value::Object(entries) => Value::Object(self.object(entries, file)?),
        }))
    }

    fn too_many(&mut self, what: &str, count: usize, most: usize, location: Location) {
        let message = format!("{count} {what}, more than the {most} of a token that is verified");
        self.error(Diagnostic::new(location, message).help("leave some out"));
    }

    fn object(&mut self, entries: &[Spanned<Entry>], file: FileId) -> Option<Object> {
        let mut object = Object::new();
        for entry in entries {
            let at = Location::new(file, entry.key.span);
            let name = match &entry.key.node {
                Key::Quoted(string) => self.plain_text(string, at)?,
                Key::Word(name) => name.clone(),
            };
            let value = self.value(&entry.value, file)?;
            if let Some(value) = value
                && object.insert(name, value).is_err()
            {
                self.error(Diagnostic::new(at, "the object says this twice").help("take one of them out"));
            }
        }
        Some(object)
    }
}

/// A token in the making.
#[derive(Default)]
struct Draft {
    claims: Object,
    /// The claims that are `absent` on purpose, so that they are not filled in.
    absent: Vec<Vec<String>>,
}

/// Puts a value at a path, or takes away what is there.
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

/// Adds what a token of the issuer would say besides: `iss`, `aud`, and the claims that are made of others. Gives what that
/// took.
fn fill_in(draft: &mut Draft, issuer: &TrustedIssuer) -> usize {
    let Draft { claims, absent } = draft;
    let audience = issuer.issuer.audiences.first().map_or("", String::as_str);
    for (claim, value) in [("iss", issuer.issuer.url.as_str()), ("aud", audience)] {
        if claims.get(claim).is_none() && !absent.iter().any(|path| path == &[claim]) {
            claims.set(claim, Value::from(value));
        }
    }
    // A derivation may build on others: each round fills in at least one claim, or is the last.
    let mut steps = 0_usize;
    loop {
        steps = steps.saturating_add(issuer.derivations.len().saturating_add(claims.len()));
        let document = Document::from(&*claims);
        let token = ProfileView::new(issuer, document.members());
        let found = issuer.derivations.iter().find_map(|derivation| {
            let path = &issuer.profile[derivation.claim].path;
            let missing = token.value(derivation.claim) == Err(crate::evaluate::Unknown::Absent);
            let value = if missing && !absent.contains(path) {
                token.derive(derivation)
            } else {
                None
            };
            value.map(|value| (path, value))
        });
        let Some((path, value)) = found.filter(|_| claims.len() <= LIMITS.members) else {
            return steps;
        };
        put(claims, path, Some(Value::Text(value)));
    }
}
