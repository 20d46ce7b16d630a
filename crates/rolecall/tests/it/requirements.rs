//! Whether each test that `REQUIREMENTS.md` names is there: the document cannot promise what nobody checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The folder of all crates.
fn crates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn document() -> String {
    std::fs::read_to_string(crates().join("rolecall/REQUIREMENTS.md")).expect("the document")
}

/// A source file: its name without the extension, and its text.
struct Source {
    name: String,
    text: String,
}

/// The files that tests stand in.
fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders: Vec<PathBuf> = [
        "rolecall",
        "rolecall-engine",
        "rolecall-report",
        "rolecall-syntax",
        "rolecall-tower",
        "policy-check",
    ]
    .into_iter()
    .flat_map(|name| ["src", "tests"].map(|folder| crates().join(name).join(folder)))
    .filter(|folder| folder.is_dir())
    .collect();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let extension = path.extension().unwrap_or_default();
            // The tokens of files belong to the table of refusals.
            let is_tokens = folder.ends_with("cases/tokens") && extension == "json";
            if extension == "rs" || is_tokens {
                let name = if is_tokens {
                    "refusals".into()
                } else {
                    path.file_stem().unwrap().to_string_lossy()
                };
                let name = name.into_owned();
                let text = std::fs::read_to_string(&path).expect("a text");
                sources.push(Source { name, text });
            }
        }
    }
    sources
}

impl Source {
    /// Whether the file has a test of this name, and one that runs.
    fn has_test(&self, function: &str) -> bool {
        let lines: Vec<&str> = self.text.lines().map(str::trim).collect();
        let start = format!("fn {function}(");
        lines.iter().enumerate().any(|(place, line)| {
            let above = || {
                lines
                    .iter()
                    .take(place)
                    .rev()
                    .take_while(|line| line.starts_with("#[") || line.starts_with("///"))
            };
            let attribute = |attribute: &str| above().any(|line| line.starts_with(attribute));
            let is_test = attribute("#[test]") || attribute("#[tokio::test]");
            line.trim_start_matches("async ").starts_with(&start) && is_test && !attribute("#[ignore")
        })
    }

    /// The names of the rows of its table of bad inputs, or of its tokens.
    fn rows(&self) -> impl Iterator<Item = &str> {
        let table = self.text.split_once("const TABLE: ").map_or("", |(_, rest)| rest);
        let table = table.split_once("\n];").map_or("", |(table, _)| table);
        let rows = table.lines().filter_map(|line| {
            line.trim()
                .strip_prefix("(\"")?
                .split_once("\",")
                .map(|(name, _)| name)
        });
        let tokens = self
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("    \"name\": \"")?.strip_suffix("\","));
        rows.chain(tokens)
    }
}

/// Whether there is a test `file::function`, a row `file: name`, or a policy with tests of its own `cases: folder/name`.
fn is_there(name: &str, sources: &[Source]) -> bool {
    let any = |file: &str, has: &dyn Fn(&Source) -> bool| {
        sources.iter().any(|source| source.name == file && has(source))
    };
    if let Some((file, function)) = name.split_once("::") {
        return any(file, &|source| source.has_test(function));
    }
    match name.split_once(": ") {
        Some(("cases", case)) => {
            let folder = crates().join("rolecall-engine/tests/cases");
            folder.join(format!("{case}.policy")).exists()
        }
        Some((file, row)) => any(file, &|source| source.rows().any(|name| name == row)),
        None => false,
    }
}

/// The rows of all tables of the document, as their cells.
fn requirements(document: &str) -> Vec<Vec<&str>> {
    let rows = document
        .lines()
        .filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    let rows = rows.map(|row| row.split('|').map(str::trim).collect::<Vec<_>>());
    let is_heading = |row: &[&str]| {
        row.last() == Some(&"test") || row.iter().all(|cell| cell.trim_matches('-').is_empty())
    };
    rows.filter(|row| !is_heading(row)).collect()
}

#[test]
fn each_test_that_is_named_is_there() {
    let (document, sources) = (document(), sources());
    let requirements = requirements(&document);
    assert!(requirements.len() > 90, "{}", requirements.len());
    let mut missing = Vec::new();
    for row in requirements {
        let [attack, answer, tests] = row.as_slice() else {
            panic!("not three cells: {row:?}");
        };
        assert!(!attack.is_empty() && !answer.is_empty(), "{row:?}");
        // What stands between backticks.
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        if names.is_empty() {
            missing.push(format!("{attack}: no test"));
        }
        for name in names.into_iter().filter(|name| !is_there(name, &sources)) {
            missing.push(format!("{attack}: {name}"));
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The tables of bad tokens, keys and documents: each row has a name of its own in its file.
#[test]
fn at_least_two_hundred_bad_inputs_have_names() {
    let mut count = 0_usize;
    for source in sources() {
        let mut names = BTreeSet::new();
        for name in source.rows() {
            assert!(names.insert(name), "{}: {name} is there twice", source.name);
        }
        count = count.saturating_add(names.len());
    }
    assert!(count >= 200, "{count}");
}

/// The check itself: names that are not there are found to be missing.
#[test]
fn what_is_not_there_is_missed() {
    let sources = sources();
    for name in [
        "refusals::each_is_refused_with_its_code",
        "refusals: kid of two keys",
        "cases: meaning/unknown",
        "time::clocks_are_read_and_rounded_down_on_both_sides_of_1970",
    ] {
        assert!(is_there(name, &sources), "{name}");
    }
    for name in [
        "refusals::each_is_refused",
        "refusals::segment",
        "refusals: kid of three keys",
        "nowhere::each_is_refused_with_its_code",
        "cases: meaning/nowhere",
        "kid of two keys",
        "",
    ] {
        assert!(!is_there(name, &sources), "{name}");
    }
}
