//! Locations and notices of trust policies.

use rolecall_interop::NoticeKind;
use rolecall_interop::document::yaml;
use rolecall_interop::octo_sts::{Anchors, Matcher, TrustPolicy, read};

const POLICY: &str = "\
# é
issuer: https://token.actions.githubusercontent.com
subject_pattern: 'repo:acme/app:ref:refs/heads/(main|dev)' # ü
claim_pattern:
  job_workflow_ref: \"acme/app/\\\\.github/.*\"
permissions:
  contents: read
repositories: [\"app\"]
";

fn policy(text: &str) -> TrustPolicy {
    let reading = read(&yaml(text).unwrap());
    reading.tree.unwrap_or_else(|| panic!("{:?}", reading.notices))
}

/// Returns the kinds, codes and places of the notices.
fn notices(text: &str) -> Vec<(NoticeKind, &'static str, &str)> {
    let notices = read(&yaml(text).unwrap()).notices.into_iter();
    notices
        .map(|notice| (notice.kind, notice.code, &text[notice.span.range()]))
        .collect()
}

#[test]
fn parts_know_their_place() {
    let policy = policy(POLICY);
    let at = |span: rolecall_syntax::Span| &POLICY[span.range()];
    assert_eq!(
        at(policy.issuer.written().span),
        "https://token.actions.githubusercontent.com"
    );
    assert_eq!(
        at(policy.subject.written().span),
        "'repo:acme/app:ref:refs/heads/(main|dev)'"
    );
    assert_eq!(at(policy.claims[0].claim.span), "job_workflow_ref");
    assert_eq!(
        at(policy.claims[0].pattern.written().span),
        "\"acme/app/\\\\.github/.*\""
    );
    assert_eq!(policy.claims[0].pattern.written().node, r"acme/app/\.github/.*");
    assert_eq!(at(policy.permissions[0].name.span), "contents");
    assert_eq!(at(policy.repositories.as_ref().unwrap()[0].span), "\"app\"");
    assert!(at(policy.span).starts_with("issuer:") && at(policy.span).ends_with("[\"app\"]"));
}

#[test]
fn patterns_become_regexes_of_whole_values() {
    for (written, without_group, group) in [
        ("main", "main", "main"),
        (r"v\d+\.\d+", r"v[0-9]+\.[0-9]+", r"v[0-9]+\.[0-9]+"),
        ("(main|dev)", "(main|dev)", "(main|dev)"),
        ("^main$", "main", "main"),
        ("main|dev", "main(.|\\n)*|(.|\\n)*dev", "main|dev"),
        ("a|b|c", r"(.|\n)*b(.|\n)*|a(.|\n)*|(.|\n)*c", "a|b|c"),
        (
            r"\w[\s-]",
            r"[0-9A-Za-z_][\t\n\f\r -]",
            r"[0-9A-Za-z_][\t\n\f\r -]",
        ),
        ("(?i)a.", "[Aa].", "[Aa]."),
        ("a$b", r"[^\x{0}-\x{10FFFF}]", r"[^\x{0}-\x{10FFFF}]"),
    ] {
        let text = format!("issuer: https://a\nsubject_pattern: '{written}'");
        let Matcher::Pattern(pattern) = policy(&text).subject else {
            panic!("a pattern");
        };
        assert_eq!(pattern.whole_value(Anchors::Group), group, "{written}");
        assert_eq!(
            pattern.whole_value(Anchors::WithoutGroup),
            without_group,
            "{written}"
        );
        assert_eq!(pattern.depends_on_anchors(), without_group != group, "{written}");
    }
}

#[test]
fn notices_are_at_their_place() {
    use NoticeKind::{Odd, Refused, Wider};
    let with = |line: &str| format!("issuer: https://a\nsubject: s\n{line}\n");
    for (line, kind, code, place) in [
        (
            "claim_pattern: {ref: 'a|b'}",
            Wider,
            "alternation-escapes-anchors",
            "'a|b'",
        ),
        (
            "audience_pattern: octo-sts.dev",
            Odd,
            "unescaped-dot",
            "octo-sts.dev",
        ),
        (
            "claim_pattern: {ref_protected: true}",
            Odd,
            "read-otherwise",
            "true",
        ),
        ("claim_pattern: {ref: ~}", Odd, "read-otherwise", "~"),
        ("Audience: x", Odd, "read-otherwise", "Audience"),
        ("app: x", Odd, "refused-by-source", "x"),
        (
            "permissions: {content: read}",
            Odd,
            "refused-by-source",
            "content",
        ),
        ("audience: 'a b'", Odd, "never-matches", "'a b'"),
        ("claim_pattern: {a: yes}", Refused, "scalar-without-quotes", "yes"),
        (
            "claim_pattern: {a: 1.10}",
            Refused,
            "scalar-without-quotes",
            "1.10",
        ),
        ("repositories: [a, 1]", Refused, "scalar-without-quotes", "1"),
        ("claim_pattern: {a: [b]}", Refused, "value-of-wrong-kind", "[b]"),
        ("claim_pattern: [b]", Refused, "value-of-wrong-kind", "[b]"),
        ("claim_pattern: {a: b, a: c}", Refused, "member-given-twice", "a"),
        ("Issuer: x", Refused, "member-given-twice", "Issuer"),
        ("audiences: x", Refused, "unknown-member", "audiences"),
        ("subject_pattern: x", Refused, "both-given", "x"),
        (
            r"claim_pattern: {a: '\bx'}",
            Refused,
            "pattern-not-read",
            r"'\bx'",
        ),
        ("claim_pattern: {a: '*x'}", Refused, "pattern-not-read", "'*x'"),
    ] {
        let text = with(line);
        assert_eq!(notices(&text), [(kind, code, place)], "{line}");
    }
    let missing = notices("issuer: https://a\nsubject: ''\n");
    assert_eq!(
        missing,
        [(Refused, "none-given", "issuer: https://a\nsubject: ''")]
    );
    assert_eq!(notices("- a"), [(Refused, "not-a-trust-policy", "a")]);
}

#[test]
fn patterns_that_go_reads_differently_are_refused() {
    for written in [
        r"\<a",
        r"\b{start}a",
        "(?x)a",
        "(?u)a",
        "[a&&b]",
        "[a--b]",
        "[a~~b]",
        "[[a]b]",
        "a**",
        "a*+",
        "a{2}{3}",
        "a{,5}",
        "a{01}",
        "a{ 2 }",
        "a{1001}",
        "(a{40}){40}",
        r"\u0041",
        r"\pL",
        r"\Qa\E",
        "{a}",
        "a{",
        r"a\",
        "(?<n.a>a)",
        "(?P<é>a)",
        "*a",
        ")|(",
        "(?m)^a",
        "(^a){2}",
        r"\1",
        r"\Z",
    ] {
        let text = format!("issuer: https://a\nsubject_pattern: '{written}'");
        assert_eq!(
            notices(&text).last().map(|notice| notice.1),
            Some("pattern-not-read"),
            "{written}"
        );
    }
}

#[test]
fn large_patterns_are_read_or_refused_at_once() {
    let is_read = |pattern: &str| {
        let text = format!("issuer: https://a\nsubject_pattern: '{pattern}'");
        read(&yaml(&text).unwrap()).tree.is_some()
    };
    assert!(is_read(&"a.".repeat(100_000)));
    assert!(is_read(&format!("^{}$", "a.".repeat(500))));
    assert!(!is_read(&format!("^{}$", "a.".repeat(100_000))));
    assert!(!is_read(&"a|".repeat(100_000)));
    assert!(!is_read(&format!("{}^a{}", "(".repeat(60), "|b)*".repeat(60))));
    assert!(!is_read(&format!("{}a{}", "(".repeat(300), ")".repeat(300))));
}

#[test]
fn many_members_are_compared_at_once() {
    let claims: String = (0..60_000).map(|claim| format!("{claim}: x, ")).collect();
    for (text, count) in [
        (
            format!("issuer: https://a\nsubject: s\nclaim_pattern: {{{claims}}}"),
            0,
        ),
        (
            format!("subject: s\n{}", "issuer: https://a\n".repeat(50_000)),
            49_999,
        ),
        (
            format!("subject: s\nissuer: https://a\n{}", "x: y\n".repeat(100_000)),
            100_000,
        ),
    ] {
        assert_eq!(read(&yaml(&text).unwrap()).notices.len(), count);
    }
}
