//! Keys, flags and rules that messages, help texts and rule pages mention: each must exist.

use std::collections::BTreeSet;
use std::path::Path;

use rolecall_lint::RULES;
use rolecall_syntax::did_you_mean;
use serde_json::Value;

use crate::help::VERBS;
use crate::policies::Folder;
use crate::schema::own;

/// Words that are nearly the name of a rule, but are something else: a value of a claim, and a rule of
/// another tool.
const NOT_RULES: [&str; 2] = ["self-hosted", "unsound-condition"];

/// The names that exist.
struct Names {
    keys: BTreeSet<String>,
    flags: BTreeSet<String>,
    rules: BTreeSet<String>,
}

/// The number of mentions by sort, so that a reader that finds none is noticed.
#[derive(Debug, Default)]
struct Seen {
    keys: usize,
    flags: usize,
    rules: usize,
}

impl Names {
    fn new(helps: &[String]) -> Self {
        let mut keys = BTreeSet::new();
        add_keys(&own("schemas/policy-check.schema.json"), &mut keys);
        let options = helps.iter().flat_map(|help| help.lines()).map(str::trim_start);
        let options = options.filter(|line| line.starts_with('-'));
        let flags = options.flat_map(|line| line.split(' ').take_while(|word| word.starts_with('-')));
        let flags = flags.map(|flag| flag.trim_end_matches([',', '.']).to_owned());
        Self {
            keys,
            flags: flags.filter(|flag| flag.starts_with("--")).collect(),
            rules: RULES
                .iter()
                .map(|rule| rule.name)
                .chain(["invalid-policy"])
                .map(str::to_owned)
                .collect(),
        }
    }

    /// Returns the mentions in a text that do not exist, each with its correction if there is one.
    fn wrong(&self, text: &str, seen: &mut Seen) -> Vec<String> {
        let mut wrong = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('`') {
            let Some((mention, behind)) = after.split_once('`') else {
                break;
            };
            self.flags_in(mention, seen, &mut wrong);
            self.rules_in(mention, before, seen, &mut wrong);
            self.key(mention, behind, seen, &mut wrong);
            rest = behind;
        }
        wrong
    }

    fn flags_in(&self, mention: &str, seen: &mut Seen, wrong: &mut Vec<String>) {
        if !mention.starts_with("--") && !mention.starts_with("policy-check ") {
            return;
        }
        let words = mention.split([' ', '=']).filter(|word| word.len() > 2);
        for flag in words.filter(|word| word.starts_with("--")) {
            seen.flags += 1;
            if !self.flags.contains(flag) {
                wrong.push(format!("flag `{flag}`"));
            }
        }
    }

    fn rules_in(&self, mention: &str, before: &str, seen: &mut Seen, wrong: &mut Vec<String>) {
        let allowed = mention
            .split_once("allow(")
            .and_then(|(_, rest)| rest.split_once(')'));
        let mut names: Vec<&str> = allowed.map_or(Vec::new(), |(names, _)| names.split(',').collect());
        let is_named = before.ends_with("rule ") || before.ends_with("rules ");
        if is_named && is_word(mention) {
            names.push(mention);
        }
        // What is nearly a rule's name is meant to be one.
        let is_known = self.rules.contains(mention) || self.keys.contains(mention);
        let near = did_you_mean(mention, self.rules.iter().map(String::as_str));
        let near = near.filter(|_| !NOT_RULES.contains(&mention));
        if is_known || is_word(mention) && mention.contains('-') && near.is_some() {
            names.push(mention);
        }
        for name in names.into_iter().map(str::trim).filter(|name| is_word(name)) {
            seen.rules += 1;
            if !self.rules.contains(name) && !self.keys.contains(name) {
                wrong.push(format!("rule `{name}`"));
            }
        }
    }

    fn key(&self, mention: &str, behind: &str, seen: &mut Seen, wrong: &mut Vec<String>) {
        if !is_word(mention) {
            return;
        }
        let places = [
            " in `policy-check.toml`",
            " of `policy-check.toml`",
            " in the settings",
            " in the configuration",
        ];
        let is_in_place = places.iter().any(|place| behind.starts_with(place));
        let kebab = mention.replace('_', "-");
        let is_key = self.keys.contains(mention);
        seen.keys += usize::from(is_key);
        // One word is the same in both cases, and may be anything else.
        let is_other_case = kebab.contains('-') && self.keys.contains(&kebab);
        if !is_key && (is_in_place || is_other_case) {
            wrong.push(format!("key `{mention}`"));
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
}

/// Adds the names of the members of objects that a schema describes.
fn add_keys(schema: &Value, keys: &mut BTreeSet<String>) {
    match schema {
        Value::Array(items) => items.iter().for_each(|item| add_keys(item, keys)),
        Value::Object(members) => {
            if let Some(Value::Object(properties)) = members.get("properties") {
                keys.extend(properties.keys().cloned());
            }
            members.values().for_each(|value| add_keys(value, keys));
        }
        _ => {}
    }
}

/// The string literals of a Rust file, before its tests.
fn literals(source: &str) -> Vec<String> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(at) = rest.find(['"', '/', '\'']) {
        let here = &rest[at..];
        let raw = rest[..at].trim_end_matches('#');
        let hashes = &rest[raw.len()..at];
        let length = if here.starts_with("//") {
            here.find('\n').unwrap_or(here.len())
        } else if here.starts_with("'\"'") || here.starts_with("'\\") {
            3
        } else if let (Some(inner), true) = (here.strip_prefix('"'), raw.ends_with('r')) {
            let end = inner.find(&format!("\"{hashes}")).unwrap();
            found.push(inner[..end].to_owned());
            end + 2
        } else if let Some(inner) = here.strip_prefix('"') {
            let mut escaped = false;
            let end = inner.find(|c: char| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            let end = end.unwrap();
            found.push(inner[..end].replace("\\\"", "\""));
            end + 2
        } else {
            1
        };
        rest = &here[length..];
    }
    found
}

fn files(folder: &Path, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|own| own == extension) {
            found.push((
                path.display().to_string(),
                std::fs::read_to_string(&path).unwrap(),
            ));
        }
    }
    found
}

fn helps() -> Vec<String> {
    let folder = Folder::new();
    let mut helps = vec![folder.run(&["--help"]).exits(0).out];
    helps.extend(
        VERBS
            .iter()
            .map(|verb| folder.run(&[verb, "--help"]).exits(0).out),
    );
    helps
}

#[test]
fn what_is_mentioned_exists() {
    let helps = helps();
    let names = Names::new(&helps);
    let mut seen = Seen::default();
    let mut wrong = Vec::new();
    for help in &helps {
        wrong.extend(names.wrong(help, &mut seen));
    }
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for folder in ["policy-check/src", "rolecall-lint/src"] {
        for (file, text) in files(&crates.join(folder), "rs") {
            let texts = literals(&text);
            let found = texts.iter().flat_map(|text| names.wrong(text, &mut seen));
            wrong.extend(found.map(|one| format!("{file}: {one}")));
        }
    }
    for (file, text) in files(&crates.join("rolecall-lint/docs"), "md") {
        // The policies of a page are compiled by the linter's own tests.
        let prose = text.split("```").step_by(2);
        let found = prose.flat_map(|text| names.wrong(text, &mut seen));
        wrong.extend(found.map(|one| format!("{file}: {one}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen.keys > 5 && seen.flags > 20 && seen.rules > 25, "{seen:?}");
}

#[test]
fn wrong_mentions_are_found() {
    let names = Names::new(&helps());
    let wrong = |text: &str| names.wrong(text, &mut Seen::default());
    for (text, found) in [
        (
            "add it to `known_audiences` in the settings",
            "key `known_audiences`",
        ),
        ("add it to `audiences` in `policy-check.toml`", "key `audiences`"),
        (
            "`policy-check witness R --near-misses` writes tests",
            "flag `--near-misses`",
        ),
        ("write `--fail-levels high`", "flag `--fail-levels`"),
        ("`// policy-check: allow(any-reff) REASON`", "rule `any-reff`"),
        ("the rule `dangerous` reports it", "rule `dangerous`"),
        ("see `unprotected-reff`", "rule `unprotected-reff`"),
    ] {
        assert_eq!(wrong(text), [found], "{text}");
    }
    for text in [
        "add it to `known-audiences` in `policy-check.toml`",
        "`policy-check witness R --near-miss` writes tests",
        "`// policy-check: allow(any-ref, RULE) REASON`",
        "`project_id` is a claim, and `gitlab-ci` a profile",
    ] {
        assert!(wrong(text).is_empty(), "{text}");
    }
}
