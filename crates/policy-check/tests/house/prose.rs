//! Plain English: the words that documentation, messages and Markdown do not use, each with its reason.

use crate::text::{Text, texts};
use crate::{files, root};
use regex::Regex;
use std::collections::BTreeSet;
use std::fs;

/// Banned words, as a pattern in which a space is any white space; the reason; and the words to use instead.
const BANNED: &[(&str, &str, &str)] = &[
    (
        "nobody|whoever|anybody|somebody|everybody",
        PEOPLE,
        "the caller, rule, source, token or issuer",
    ),
    ("is no", "not idiomatic", "is not a, is not valid"),
    ("mends?|mended|mending", DIALECT, "fix"),
    ("told", DIALECT, "reported"),
    ("laid out|lays out|laying out", DIALECT, "formatted"),
    ("of the house|most houses", DIALECT, "of your organisation"),
    ("come by|comes by|came by", DIALECT, "constructed"),
    ("held against", DIALECT, "compared with"),
    ("kin|its like", "imprecise", "a list of them"),
    ("for ever", DIALECT, "permanently"),
    ("put together|puts together", DIALECT, "built"),
    ("in the place of", DIALECT, "instead of"),
    ("besides", DIALECT, "in addition, other"),
    ("one a line", DIALECT, "one per line"),
    ("behind the end", DIALECT, "after the end"),
    ("turned round", DIALECT, "negated"),
    (
        "what (it|they|a set|roles) comes? to",
        DIALECT,
        "the amount, the result",
    ),
];

const PEOPLE: &str = "code is not a person";
const DIALECT: &str = "house dialect";

/// First words that no heading, paragraph, list item or documentation begins with.
const OPENINGS: &str = "What Who Whom Whose Whoever Which Whichever How Where Whether When Whenever";

/// Phrases in which a banned word is right.
const ALLOWED: &[(&str, &str)] = &[
    ("What it does", "a heading of rule pages, as ruff has it"),
    ("When to allow it", "a heading of rule pages, as ruff has it"),
    ("there is no", "says that something does not exist"),
    ("There is no", "says that something does not exist"),
    ("is no longer", "standard English"),
    ("How much to report", "the shortest description of a persona"),
];

/// The folders with Markdown, in addition to the root itself.
const FOLDERS: &str = "benches crates findings fuzz grammar policies site templates";

/// The words of `BANNED` as patterns, and the findings.
struct Check {
    banned: Vec<(Regex, &'static str, &'static str)>,
    found: Vec<String>,
}

impl Check {
    fn new() -> Self {
        let banned = BANNED.iter().map(|(words, reason, better)| {
            let words = words.replace(' ', r"\s+");
            let pattern = format!(r"(?i)(?:^|[^\w-])({words})(?:$|[^\w-])");
            (Regex::new(&pattern).unwrap(), *reason, *better)
        });
        Self {
            banned: banned.collect(),
            found: Vec::new(),
        }
    }

    /// Reports each banned word and opening, as `path:line: word: reason: use …`.
    fn text(&mut self, path: &str, text: &Text) {
        let Text {
            text,
            lines,
            openings,
        } = text;
        let mut report = |at: usize, word: &str, reason: &str, better: &str| {
            let is_allowed = ALLOWED.iter().any(|(phrase, _)| {
                let mut phrases = text.match_indices(phrase);
                phrases.any(|(start, phrase)| (start..start + phrase.len()).contains(&at))
            });
            if !is_allowed {
                let line = text[..at].matches('\n').count();
                let line = lines.get(line).or(lines.last()).unwrap();
                let word = word.split_whitespace().collect::<Vec<&str>>().join(" ");
                self.found
                    .push(format!("{path}:{line}: {word}: {reason}: use {better}"));
            }
        };
        for (pattern, reason, better) in &self.banned {
            for word in pattern.captures_iter(text).filter_map(|found| found.get(1)) {
                report(word.start(), word.as_str(), reason, better);
            }
        }
        for &at in openings {
            let word = text[at..].split(|c: char| !c.is_alphanumeric()).next().unwrap();
            if OPENINGS.split(' ').any(|opening| opening == word) {
                report(
                    at,
                    word,
                    "not a noun or a verb",
                    "the noun, or Returns, Reports, …",
                );
            }
        }
    }

    fn end(self) {
        let (number, list) = (self.found.len(), self.found.join("\n"));
        assert!(self.found.is_empty(), "{number} places:\n{list}\n");
    }
}

#[test]
fn sources_are_in_plain_english() {
    let (mut sources, mut benches) = (crate::sources(), Vec::new());
    files(&root().join("benches/src"), &mut benches);
    sources.extend(benches.into_iter().map(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        (format!("benches/src/{name}"), fs::read_to_string(&path).unwrap())
    }));
    let (mut check, mut packages) = (Check::new(), BTreeSet::new());
    for (path, source) in &sources {
        packages.insert(path.split('/').next().unwrap());
        if !path.contains("/tests/") {
            let mut found = Vec::new();
            texts(source.parse().unwrap(), &mut found);
            found.iter().for_each(|text| check.text(path, text));
        }
    }
    assert!(packages.len() > 6, "{packages:?}");
    check.end();
}

#[test]
fn pages_are_in_plain_english() {
    let entries = fs::read_dir(root()).unwrap();
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    for folder in FOLDERS.split(' ') {
        files(&root().join(folder), &mut paths);
    }
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    paths.sort();
    assert!(paths.len() > 90, "the pages were not found");
    let mut check = Check::new();
    for path in paths {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy();
        let page = fs::read_to_string(&path).unwrap();
        let lines = (1..).take(page.lines().count() + 1).collect();
        check.text(&name, &Text::markdown(&page, lines));
    }
    check.end();
}

#[test]
fn banned_words_are_found_in_prose_and_not_in_code() {
    let source = r#"
        /// Whether `nobody` is told.
        ///
        /// A paragraph.
        fn f() { g("mend it", "`mend`", 'x'); }
        #[cfg(test)]
        mod tests { const TEXT: &str = "for ever"; }
        const LAST: &str = "a set
            is no list; there is no other, put \
            together";
    "#;
    let (mut check, mut found) = (Check::new(), Vec::new());
    texts(source.parse().unwrap(), &mut found);
    found.iter().for_each(|text| check.text("f.rs", text));
    let words = check.found.iter().filter_map(|place| place.split(": ").nth(1));
    let words: Vec<&str> = words.collect();
    assert_eq!(words, ["told", "Whether", "mend", "is no", "put together"]);
}
