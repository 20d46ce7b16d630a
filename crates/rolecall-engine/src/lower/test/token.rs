//! Tokens of tests: the claims that are written, those of the token that a `like` names, and those that
//! follow from them.

use super::draft::Draft;
use super::{ByName, LIMITS, Tried};
use crate::diagnostic::{Diagnostic, Location};
use crate::error_kind::ErrorKind;
use crate::id::FileId;
use crate::ir::Profile;
use crate::lower::Lowering;
use crate::lower::claim_path::suggestion;
use crate::lower::reports::Reported;
use crate::lower::weight::weight_of_string;
use crate::value::{Object, Value};
use rolecall_syntax::ast::{self, Entry, Key, TokenBase};
use rolecall_syntax::{Spanned, Str, names_there_are};
use std::collections::HashSet;
use std::sync::Arc;

/// The most tokens that may be `like` one another in a row.
const MAX_BASES: usize = 64;

impl Lowering<'_> {
    /// Adds the claims of a test's token to the draft, on top of those of the token that it is `like`.
    pub(super) fn overlay<'a>(
        &mut self,
        tried: Tried<'a>,
        by_name: &ByName<'a>,
        bases: &mut Vec<String>,
        draft: &mut Draft,
    ) -> Result<(), Reported> {
        let Tried { test, case } = tried;
        let token = &test.item.token;
        if let Some(Spanned { node, span }) = &token.base {
            let location = Location::new(test.file, *span);
            match node {
                TokenBase::File(path) => self.read_claims(path, location, draft)?,
                TokenBase::Test(name) => {
                    let (name, base) = self.base(name, location, by_name, bases)?;
                    bases.push(name);
                    self.overlay(base, by_name, bases, draft)?;
                }
            }
        }
        let issuer = self.find_issuer(&token.issuer, test.file).ok_or(Reported)?;
        let profile = Arc::clone(&self.program[issuer].profile);
        self.set(
            &token.claims,
            Location::new(test.file, token.span),
            &profile,
            draft,
        )?;
        match case {
            Some(Spanned { node: case, .. }) => {
                let location = Location::new(test.file, case.changes.span);
                self.set(&case.changes, location, &profile, draft)
            }
            None => Ok(()),
        }
    }

    /// Sets the claims that are written between braces at a location.
    fn set(
        &mut self,
        claims: &[Spanned<Entry>],
        location: Location,
        profile: &Profile,
        draft: &mut Draft,
    ) -> Result<(), Reported> {
        let file = location.file();
        self.check_count("members", claims.len(), LIMITS.members, location)?;
        let mut written: HashSet<Vec<String>> = HashSet::new();
        for entry in claims {
            let location = Location::new(file, entry.key.span);
            let Some(path) = self.claim_key(&entry.key.node, profile, location)? else {
                continue;
            };
            if !written.insert(path.clone()) {
                let message = "the token sets this claim twice";
                self.error(
                    Diagnostic::new(ErrorKind::RepeatedMember, location, message).help("remove one of them"),
                );
            }
            let value = self.value(&entry.value, file)?;
            draft.set(path, value);
        }
        Ok(())
    }

    /// Returns the name and the test that a `like` names. `bases` are the names on the way to it.
    fn base<'a>(
        &mut self,
        name: &Str,
        location: Location,
        by_name: &ByName<'a>,
        bases: &[String],
    ) -> Result<(String, Tried<'a>), Reported> {
        let name = self.plain_text(name, location).ok_or(Reported)?;
        let Some(other) = by_name.get(&name) else {
            let names = by_name.keys().map(String::as_str);
            let near = self.budgets.did_you_mean(&name, names);
            self.error(
                Diagnostic::new(
                    ErrorKind::UnknownTest,
                    location,
                    format!("there is no test `{name}`"),
                )
                .help(match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => names_there_are("test", by_name.keys().map(String::as_str)),
                }),
            );
            return Err(Reported);
        };
        let (kind, message) = if bases.contains(&name) {
            let message = format!("the token of the test `{name}` refers to itself");
            (ErrorKind::Circular, message)
        } else if bases.len() >= MAX_BASES {
            let message = format!("more than {MAX_BASES} tokens are `like` one another");
            (ErrorKind::LimitExceeded, message)
        } else {
            return Ok((name, *other));
        };
        self.error(
            Diagnostic::new(kind, location, message).help("write all claims of one of these tests instead"),
        );
        Err(Reported)
    }

    /// Returns the path of a claim in a test's token; `None` if the profile does not have the claim, which is
    /// reported.
    fn claim_key(
        &mut self,
        key: &Key,
        profile: &Profile,
        location: Location,
    ) -> Result<Option<Vec<String>>, Reported> {
        let name = match key {
            Key::Quoted(string) => {
                let name = self.plain_text(string, location).ok_or(Reported)?;
                return Ok(Some(vec![name]));
            }
            Key::Word(name) => name,
        };
        if let Some(claim) = profile.claim_by_name(name) {
            return Ok(Some(profile[claim].path.clone()));
        }
        if profile.has_object(name) {
            return Ok(Some(vec![name.clone()]));
        }
        let help = suggestion(name, profile, std::iter::empty(), &mut self.budgets);
        let message = format!("the profile `{}` has no claim `{name}`", profile.name);
        let error = Diagnostic::new(ErrorKind::UnknownClaim, location, message);
        self.unknown_claim(profile, error.help(help));
        Ok(None)
    }

    /// Returns a value of a test's token; `None` for `absent`.
    fn value(&mut self, value: &Spanned<ast::Value>, file: FileId) -> Result<Option<Value>, Reported> {
        let location = Location::new(file, value.span);
        let size = match &value.node {
            ast::Value::Text(string) => weight_of_string(string),
            _ => 1,
        };
        if !self.take_claims(size, location) {
            return Err(Reported);
        }
        Ok(Some(match &value.node {
            ast::Value::Absent => return Ok(None),
            ast::Value::Bool(value) => Value::Bool(*value),
            ast::Value::Int(value) => Value::Int(*value),
            ast::Value::Null => Value::Null,
            ast::Value::Text(string) => Value::Text(self.plain_text(string, location).ok_or(Reported)?),
            ast::Value::List(items) => {
                self.check_count("items", items.len(), LIMITS.items, location)?;
                let mut list = Vec::new();
                for item in items {
                    let value = self.value(item, file)?;
                    if value.is_none() {
                        let location = Location::new(file, item.span);
                        let message = "`absent` removes a whole claim, and this is a part of a value";
                        self.error(
                            Diagnostic::new(ErrorKind::InvalidElement, location, message)
                                .help("remove it, or write `null`"),
                        );
                    }
                    list.extend(value);
                }
                Value::List(list)
            }
            ast::Value::Object(entries) => {
                self.check_count("members", entries.len(), LIMITS.members, location)?;
                Value::Object(self.object(entries, file)?)
            }
        }))
    }

    fn object(&mut self, entries: &[Spanned<Entry>], file: FileId) -> Result<Object, Reported> {
        let mut object = Object::new();
        for entry in entries {
            let location = Location::new(file, entry.key.span);
            let name = match &entry.key.node {
                Key::Quoted(string) => self.plain_text(string, location).ok_or(Reported)?,
                Key::Word(name) => name.clone(),
            };
            let value = self.value(&entry.value, file)?;
            if let Some(value) = value
                && object.insert(name, value).is_err()
            {
                let message = "the object has this member twice";
                self.error(
                    Diagnostic::new(ErrorKind::RepeatedMember, location, message).help("remove one of them"),
                );
            }
        }
        Ok(object)
    }

    /// Reports a list or an object that is larger than those of verified tokens.
    fn check_count(
        &mut self,
        parts: &str,
        count: usize,
        most: usize,
        location: Location,
    ) -> Result<(), Reported> {
        if count <= most {
            return Ok(());
        }
        let message = format!("{count} {parts}, more than the {most} of a verified token");
        self.error(
            Diagnostic::new(ErrorKind::LimitExceeded, location, message).help(format!("remove some {parts}")),
        );
        Err(Reported)
    }
}
