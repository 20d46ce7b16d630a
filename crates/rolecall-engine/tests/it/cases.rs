//! The case files: a policy set each, with what is expected of it inside.
//!
//! `cases/errors/**`: at the end of the file, a line `//! LINE:COLUMN [CODE] MESSAGE` for each error, with `//!   help: …` under
//! it. `ROLECALL_BLESS=1 cargo test -p rolecall-engine --test it cases` writes what is reported now; look at the difference.
//!
//! `cases/meaning/**`, `cases/profiles/**`: the tests in the file pass.

use crate::support::blessing;
use rolecall_engine::{ErrorKind, PolicySet, Source};
use std::collections::HashSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};

/// The case files of a folder, in order.
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cases")
        .join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "policy"));
    files.sort();
    files
}

pub(crate) fn read(file: &Path) -> String {
    std::fs::read_to_string(file).expect("a file")
}

/// What is wrong with a policy, as it stands at the end of a case.
fn errors(policy: &str) -> String {
    let mut lines = String::new();
    if let Err(error) = PolicySet::compile([Source::new("", policy)]) {
        for (diagnostic, line) in error.diagnostics.iter().zip(error.to_string().lines()) {
            let (location, message) = line
                .trim_start_matches(':')
                .split_once(": ")
                .expect("a location and a message");
            let code = diagnostic.kind.code();
            writeln!(lines, "//! {location} [{code}] {message}").expect("a string");
            if let Some(help) = &diagnostic.help {
                writeln!(lines, "//!   help: {help}").expect("a string");
            }
        }
    }
    lines
}

#[test]
fn errors_are_reported() {
    let bless = blessing();
    let mut wrong = Vec::new();
    let cases = cases("errors");
    for file in &cases {
        let text = read(file);
        let start = text
            .find("\n//! ")
            .map_or(text.len(), |newline| newline.saturating_add(1));
        let (policy, expected) = text.split_at(start);
        let found = errors(policy);
        if bless {
            std::fs::write(file, format!("{policy}{found}")).expect("a file");
        } else if found.is_empty() || found != expected {
            wrong.push(format!(
                "{}\nexpected\n{expected}\nfound\n{found}",
                file.display()
            ));
        }
    }
    println!("{} cases", cases.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_kind_of_error_has_a_case() {
    let errors = cases("errors").into_iter().filter_map(|file| {
        let set = PolicySet::compile([Source::new("", read(&file))]);
        set.err().map(|error| error.diagnostics)
    });
    let kinds: HashSet<ErrorKind> = errors.flatten().map(|error| error.kind).collect();
    for kind in ErrorKind::ALL {
        assert!(
            kinds.contains(kind),
            "no case has an error with the code `{kind}`"
        );
    }
}

#[test]
fn policies_pass_their_tests() {
    let (mut tests, mut wrong) = (0, Vec::new());
    for file in cases("meaning").into_iter().chain(cases("profiles")) {
        let name = file.display().to_string();
        let set = match PolicySet::compile([Source::new(name.clone(), read(&file))]) {
            Ok(set) => set,
            Err(error) => {
                wrong.push(error.to_string());
                continue;
            }
        };
        let before = tests;
        for outcome in set.run_tests() {
            if !outcome.failures.is_empty() {
                wrong.push(format!("{name}: {}: {:#?}", outcome.test.name, outcome.failures));
            }
            tests += 1;
        }
        if tests == before {
            wrong.push(format!("{name}: no test"));
        }
    }
    println!("{tests} tests in policies");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What we write ourselves has the one layout.
#[test]
fn policies_are_laid_out() {
    let files = cases("meaning").into_iter().chain(cases("profiles"));
    let texts = files.map(|file| (file.display().to_string(), read(&file)));
    let profiles =
        rolecall_engine::built_in_profiles().map(|(name, text)| (name.to_owned(), text.to_owned()));
    let is_formatted = |text: &str| rolecall_syntax::format(text).as_deref() == Ok(text);
    let wrong: Vec<String> = texts
        .chain(profiles)
        .filter(|(_, text)| !is_formatted(text))
        .map(|(name, _)| name)
        .collect();
    assert!(wrong.is_empty(), "not formatted: {wrong:#?}");
}
