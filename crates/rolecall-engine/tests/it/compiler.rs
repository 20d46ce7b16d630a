//! A set that is compiled again says what one says that is compiled for the first time.

use rolecall_engine::{CompileError, Compiler, PolicySet, Source};

const ISSUER: &str =
    r#"issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "https://sts.acme.example" }"#;

/// The files, and what compiling them gives: the roles with their conditions, or the errors.
fn outcome(
    compile: impl FnOnce(Vec<Source>) -> Result<PolicySet, CompileError>,
    files: &[(&str, &str)],
) -> String {
    let sources = files.iter().map(|(name, text)| Source::new(*name, *text));
    match compile(sources.collect()) {
        Ok(set) => format!("{:?}", (set.program().roles(), set.program().all_clauses())),
        Err(error) => error.to_string(),
    }
}

#[test]
fn compiling_again_gives_the_same() {
    let steps: &[&[(&str, &str)]] = &[
        &[
            ("a", ISSUER),
            ("b", "role r { allow from gitlab when ref_protected }"),
        ],
        // A file changes, and what it says is wrong in one way and another.
        &[
            ("a", ISSUER),
            ("b", "role r { allow from gitlab when ref_protected && }"),
        ],
        &[
            ("a", ISSUER),
            ("b", "role r { allow from gitlab when no_such_claim }"),
        ],
        // Back to what it was.
        &[
            ("a", ISSUER),
            ("b", "role r { allow from gitlab when ref_protected }"),
        ],
        // Another file comes, first in order, so that all others have other places.
        &[
            ("0", "role s { allow from gitlab }"),
            ("a", ISSUER),
            ("b", "role r { allow from gitlab when ref_protected }"),
        ],
        // A file goes, which others need.
        &[("b", "role r { allow from gitlab when ref_protected }")],
        // Two files change names.
        &[
            ("b", ISSUER),
            ("a", "role r { allow from gitlab when ref_protected }"),
        ],
        // Two have the same name.
        &[("a", ISSUER), ("a", "role r { allow from gitlab }")],
    ];
    let mut compiler = Compiler::default();
    for files in steps {
        let again = outcome(|sources| compiler.compile(sources), files);
        assert_eq!(again, outcome(PolicySet::compile, files), "{files:?}");
    }
}
