//! Tokens in the syntax of tests.

use crate::origin::Origin;
use rolecall_engine::ir::Profile;
use rolecall_engine::{ClaimId, Object, Value};
use std::fmt::Write;

/// The claims that a test fills in for every issuer.
const USUAL: [&str; 5] = ["iss", "aud", "sub", "iat", "exp"];

/// A token as a test writes it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TestToken {
    issuer: String,
    entries: Vec<Entry>,
    /// The keys of the claims that a test fills in unless it writes them.
    filled_in: Vec<String>,
}

/// A claim of a token.
#[derive(Clone, Debug, PartialEq)]
struct Entry {
    /// The claim as a test writes it, so that two entries of an issuer with the same key are the same claim.
    key: String,
    value: String,
    /// True if a test fills in this value itself.
    is_usual: bool,
}

const ABSENT: &str = "absent";

impl TestToken {
    /// Returns a token whose `absent` claims are not filled in; `None` if a test has no name for one of them.
    pub(crate) fn new(origin: &Origin, token: &Object, absent: &[ClaimId]) -> Option<Self> {
        let profile = &origin.profile;
        let audience = origin.audience.as_deref();
        let mut entries = Vec::new();
        for (name, value) in token.iter() {
            let is_usual = name == "iss" || (name == "aud" && value.as_text() == audience);
            let entry = |(key, value)| Entry { key, value, is_usual };
            match members(profile, &mut vec![name.to_owned()], value) {
                Some(members) => entries.extend(members.into_iter().map(entry)),
                None => entries.push(entry((key(profile, name), literal(value)))),
            }
        }
        for claim in absent {
            entries.push(Entry {
                key: key_of(profile, *claim)?,
                value: ABSENT.to_owned(),
                is_usual: false,
            });
        }
        let derived = origin.derived.iter();
        let derived = derived.filter_map(|claim| key_of(profile, *claim));
        let usual = USUAL.into_iter().map(|name| key(profile, name));
        Some(Self {
            issuer: origin.issuer.clone(),
            entries,
            filled_in: usual.chain(derived).collect(),
        })
    }

    /// Returns the token with all its claims.
    pub(crate) fn whole(&self) -> String {
        let entries = self.entries.iter().filter(|entry| !entry.is_usual);
        let entries = entries.map(|entry| (entry.key.as_str(), entry.value.as_str()));
        format!("token {} {}", self.issuer, braced(entries))
    }

    /// Returns exactly the same token as changes of another test's token; `None` if that is not possible.
    pub(crate) fn like(&self, name: &str, base: &Self) -> Option<String> {
        let changes = self.changes(base)?;
        Some(format!("token {} like {} {changes}", self.issuer, quoted(name)))
    }

    /// Returns the changes that make this token of another one, in braces; `None` if that is not possible.
    pub(crate) fn changes(&self, base: &Self) -> Option<String> {
        if self.issuer != base.issuer {
            return None;
        }
        let mut changes = Vec::new();
        for entry in &base.entries {
            if self.entries.iter().all(|own| own.key != entry.key) {
                // Without an entry, this token has the claim that is filled in; `absent` would prevent that.
                if entry.value == ABSENT || self.filled_in.contains(&entry.key) {
                    return None;
                }
                changes.push((entry.key.as_str(), ABSENT));
            }
        }
        let own = self.entries.iter();
        let changed = own.filter(|entry| {
            let mut others = base.entries.iter();
            !others.any(|other| other.key == entry.key && other.value == entry.value)
        });
        changes.extend(changed.map(|entry| (entry.key.as_str(), entry.value.as_str())));
        Some(braced(changes.into_iter()))
    }
}

/// Returns entries, one per line.
fn braced<'e>(entries: impl Iterator<Item = (&'e str, &'e str)>) -> String {
    let lines: String = entries
        .map(|(key, value)| format!("    {key} = {value},\n"))
        .collect();
    match lines.as_str() {
        "" => "{ }".to_owned(),
        lines => format!("{{\n{lines}  }}"),
    }
}

/// Returns the key for the first name of a path. Without quotes, it could be the alias of another claim.
fn key(profile: &Profile, name: &str) -> String {
    let named = profile.claim_by_name(name);
    let is_this = named.is_none_or(|claim| profile[claim].path == [name]);
    if is_this { word(name) } else { quoted(name) }
}

/// Returns the members of an object at a path by the names of their claims; `None` if one of them is not a claim
/// with a name.
fn members(profile: &Profile, path: &mut Vec<String>, value: &Value) -> Option<Vec<(String, String)>> {
    let Value::Object(object) = value else {
        let key = key_of(profile, profile.claim_by_path(path)?)?;
        return (path.len() > 1).then(|| vec![(key, literal(value))]);
    };
    let mut found = Vec::new();
    for (name, value) in object.iter() {
        path.push(name.to_owned());
        let inside = members(profile, path, value);
        path.pop();
        found.extend(inside?);
    }
    (!found.is_empty()).then_some(found)
}

/// Returns the key for a claim. Inside an object, it needs an alias.
fn key_of(profile: &Profile, claim: ClaimId) -> Option<String> {
    if let [name] = profile[claim].path.as_slice() {
        return Some(key(profile, name));
    }
    alias_of(profile, claim).map(word)
}

/// Returns an alias that means a claim.
fn alias_of(profile: &Profile, claim: ClaimId) -> Option<&str> {
    let mut aliases = profile[claim].aliases.iter();
    let alias = aliases.find(|alias| profile.claim_by_name(alias) == Some(claim))?;
    Some(alias)
}

/// Returns a name, in quotes if it is not a word of the language.
fn word(name: &str) -> String {
    let is_plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if is_plain { name.to_owned() } else { quoted(name) }
}

/// Returns a value.
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
                .map(|(name, value)| format!("{} = {}", word(name), literal(value)));
            format!("{{ {} }}", members.collect::<Vec<String>>().join(", "))
        }
        other => other.to_string(),
    }
}

/// Returns a text as a string of the language.
pub(crate) fn quoted(text: &str) -> String {
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
