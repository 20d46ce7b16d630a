//! What documents say in the language: every `policy` block of a document compiles and passes its tests, or fails with
//! the errors that it shows; every set of `policies/` does what its tests say.

use rolecall_engine::{PolicySet, Source};
use rolecall_syntax::ast::Verdict;
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

/// The comment that an expected error stands in, at the end of a block that is marked with `error`.
const ERROR: &str = "// error: ";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The blocks of a document that are policies: the line that each begins on, the words after the fence, and the text.
fn blocks(document: &str) -> Vec<(usize, &str, String)> {
    let mut blocks = Vec::new();
    let mut lines = document.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let Some(words) = line.strip_prefix("```").filter(|words| !words.is_empty()) else {
            continue;
        };
        let inner = lines.by_ref().map(|(_, line)| line);
        let text: Vec<&str> = inner.take_while(|line| *line != "```").collect();
        if words.split(' ').next() == Some("policy") {
            blocks.push((number + 1, words, text.join("\n") + "\n"));
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
    for document in [
        "README.md",
        "grammar/README.md",
        "policies/README.md",
        "crates/README.md",
    ] {
        let text = fs::read_to_string(root().join(document)).unwrap();
        for (line, words, block) in blocks(&text) {
            let mut sources = vec![Source::new("block.policy", block.as_str())];
            if !block.lines().any(|line| line.starts_with("issuer ")) {
                sources.push(Source::new("prelude.policy", PRELUDE));
            }
            let expected: Vec<String> = block
                .lines()
                .filter_map(|line| line.strip_prefix(ERROR))
                .map(str::to_owned)
                .collect();
            assert_eq!(
                words == "policy error",
                !expected.is_empty(),
                "{document}:{line}: {words}"
            );
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
        let files = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path());
        let policies = files.filter(|file| file.extension().is_some_and(|extension| extension == "policy"));
        let sources =
            policies.map(|file| Source::new(file.display().to_string(), fs::read_to_string(file).unwrap()));
        let set =
            check(sources.collect()).unwrap_or_else(|errors| panic!("{}: {errors:?}", folder.display()));
        let expects = |wanted: &[Verdict]| {
            let mut tests = set.program().tests.iter().flat_map(|test| &test.expectations);
            tests.any(|(verdict, ..)| wanted.contains(verdict))
        };
        assert!(
            expects(&[Verdict::Allow, Verdict::Only]),
            "{} allows nothing",
            folder.display()
        );
        assert!(expects(&[Verdict::Deny]), "{} denies nothing", folder.display());
        sets += 1;
    }
    assert!(sets >= 8, "{sets} sets");
}
