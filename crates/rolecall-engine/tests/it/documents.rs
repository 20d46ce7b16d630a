//! What documents say in the language: every `policy` block of a document compiles and passes its tests, or fails with
//! the errors that it shows; every set of `policies/` does what its tests say.

use rolecall_engine::{PolicySet, Source};
use rolecall_syntax::ast::ExpectationKind;
use std::fs;
use std::path::{Path, PathBuf};

/// The file that joins a block which declares no issuer, so that blocks can be short.
const PRELUDE: &str = r#"
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }
issuer github {
  url "https://token.actions.githubusercontent.com"
  profile github-actions
  audience "https://sts.acme.example"
}
"#;

/// What is read, from the top of the repository.
const DOCUMENTS: [&str; 3] = ["README.md", "grammar/README.md", "policies/README.md"];

/// The comment that an expected error stands in, at the end of a block that is marked with `error`.
const ERROR: &str = "// error: ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The blocks of a document that are policies: the line that each begins on, the words after the fence, and the text.
fn blocks(document: &str) -> Vec<(usize, &str, String)> {
    let mut blocks = Vec::new();
    let mut lines = (1..).zip(document.lines());
    while let Some((number, line)) = lines.next() {
        let Some(words) = line.strip_prefix("```").filter(|words| !words.is_empty()) else {
            continue;
        };
        let inner = lines.by_ref().map(|(_, line)| line);
        let text: Vec<&str> = inner.take_while(|line| *line != "```").collect();
        if words.split(' ').next() == Some("policy") {
            blocks.push((number, words, text.join("\n")));
        }
    }
    blocks
}

/// Compiles a set and runs its tests; each error and each failure as a line.
fn check(sources: Vec<Source>) -> Result<PolicySet, Vec<String>> {
    let set = PolicySet::compile(sources).map_err(|error| {
        let messages = error.diagnostics.into_iter().map(|diagnostic| diagnostic.message);
        messages.collect::<Vec<_>>()
    })?;
    let failed = set.run_tests().filter(|outcome| !outcome.failures.is_empty());
    let failed: Vec<String> = failed.map(|outcome| outcome.test.name.clone()).collect();
    if failed.is_empty() { Ok(set) } else { Err(failed) }
}

#[test]
fn blocks_of_documents_do_what_they_show() {
    for document in DOCUMENTS {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for (line, words, block) in blocks(&text) {
            let mut sources = vec![Source::new("block.policy", block.as_str())];
            if !block.lines().any(|line| line.starts_with("issuer ")) {
                sources.push(Source::new("prelude.policy", PRELUDE));
            }
            let errors = block.lines().filter_map(|line| line.strip_prefix(ERROR));
            let expected: Vec<&str> = errors.collect();
            let words_fit = (words == "policy error") != expected.is_empty();
            assert!(words_fit, "{document}:{line}: {words}");
            let found = check(sources).err().unwrap_or_default();
            assert_eq!(found, expected, "{document}:{line}");
        }
    }
}

#[test]
fn policies_pass_their_tests_which_both_allow_and_deny() {
    let mut sets = 0;
    for folder in fs::read_dir(root().join("policies")).unwrap() {
        let folder = folder.unwrap().path();
        if !folder.is_dir() || folder.ends_with("fixtures") {
            continue;
        }
        let name = folder.display();
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let policies = files.filter(|file| file.extension().is_some_and(|extension| extension == "policy"));
        let texts = policies.map(|file| fs::read_to_string(file).unwrap());
        let sources = texts.map(|text| Source::new("a.policy", text));
        let set = check(sources.collect()).unwrap_or_else(|errors| panic!("{name}: {errors:?}"));
        let expects = |wanted: &[ExpectationKind]| {
            let mut tests = set.program().tests().iter().flat_map(|test| &test.expectations);
            tests.any(|expectation| wanted.contains(&expectation.kind))
        };
        assert!(
            expects(&[ExpectationKind::Allow, ExpectationKind::Only]),
            "{name} allows nothing"
        );
        assert!(expects(&[ExpectationKind::Deny]), "{name} denies nothing");
        sets += 1;
    }
    assert!(sets >= 8, "{sets} sets");
}
