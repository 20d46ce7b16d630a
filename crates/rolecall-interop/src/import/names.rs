//! Names in policies: of issuers, roles and files.

use std::collections::{BTreeMap, BTreeSet};

/// The usual names of issuers, by their URLs without `https://`.
const USUAL: &[(&str, &str)] = &[
    ("agent.buildkite.com", "buildkite"),
    ("app.terraform.io", "terraform"),
    ("gitlab.com", "gitlab"),
    ("token.actions.githubusercontent.com", "github"),
];

/// The names that are given so far.
#[derive(Debug, Default)]
pub(super) struct Names {
    issuers: BTreeMap<String, String>,
    conditions: BTreeMap<String, String>,
    roles: BTreeSet<String>,
    files: BTreeSet<String>,
}

/// The files that an import has of its own.
const OWN_FILES: [&str; 2] = ["issuers", "tests"];

impl Names {
    /// Returns the name of an issuer.
    pub(super) fn issuer(&mut self, url: &str) -> String {
        let usual = USUAL.iter().find(|(known, _)| *known == url);
        known(&mut self.issuers, url, || {
            usual.map_or_else(|| word(url), |(_, name)| (*name).to_owned())
        })
    }

    /// Returns the name of a condition.
    pub(super) fn condition(&mut self, source: &str) -> String {
        known(&mut self.conditions, source, || word(source))
    }

    /// Returns a name for the role `SYSTEM:OWNER/NAME`: its last part if that is free, or else all of it.
    pub(super) fn role(&mut self, source: &str) -> String {
        let last = source.rsplit(['/', ':']).next().unwrap_or(source);
        let roles = &mut self.roles;
        free(&[word(last), word(source)], |name| roles.insert(name.to_owned()))
    }

    /// Returns a name for the policy file of a document.
    pub(super) fn file(&mut self, source: &str) -> String {
        let name = source.rsplit(['/', '\\']).next().unwrap_or(source);
        let stem = name.split_once('.').map_or(name, |(stem, _)| stem);
        let files = &mut self.files;
        // Some file systems do not tell the case of names apart.
        let take = |name: &str| {
            let name = name.to_ascii_lowercase();
            !OWN_FILES.contains(&name.as_str()) && files.insert(name)
        };
        free(&[word(stem)], take) + ".policy"
    }
}

/// Returns the name that something has, or gives it one.
fn known(names: &mut BTreeMap<String, String>, source: &str, new: impl Fn() -> String) -> String {
    if let Some(known) = names.get(source) {
        return known.clone();
    }
    let taken: BTreeSet<&String> = names.values().collect();
    let name = free(&[new()], |name| !taken.contains(&name.to_owned()));
    names.insert(source.to_owned(), name.clone());
    name
}

/// Returns the first of some names that can be taken, or the last one with a number.
fn free(names: &[String], mut take: impl FnMut(&str) -> bool) -> String {
    for name in names {
        if take(name) {
            return name.clone();
        }
    }
    let last = names.last().map_or("role", String::as_str);
    let numbered = (2_u64..).map(|number| format!("{last}-{number}"));
    let mut free = numbered.filter(|name| take(name));
    free.next().unwrap_or_default()
}

/// Returns a name of our language that is like a text.
fn word(text: &str) -> String {
    let of_word = |character: char| match character {
        letter if letter.is_ascii_alphanumeric() || letter == '_' => letter,
        _ => '-',
    };
    let word: String = text.chars().map(of_word).collect();
    let word = word.trim_matches('-');
    match word.chars().next() {
        Some(first) if first.is_ascii_alphabetic() => word.to_owned(),
        _ => format!("role-{word}").trim_end_matches('-').to_owned(),
    }
}
