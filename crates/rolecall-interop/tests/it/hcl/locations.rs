//! Locations in configurations: of findings, of values that are needed, and of errors.

use rolecall_engine::Source;
use rolecall_interop::{ForeignError, ForeignFile, Notice, Profiles, Translation, translate};

fn translated(text: &str) -> Translation {
    let file = ForeignFile::read(Source::new("main.tf", text.to_owned()));
    translate(
        &[file.unwrap_or_else(|error| panic!("{error:?}: {text}"))],
        &Profiles::default(),
    )
}

fn notice(text: &str, code: &str) -> Notice {
    let translation = translated(text);
    let found = translation.notices[0].iter().find(|notice| notice.code == code);
    found
        .unwrap_or_else(|| panic!("{:?}", translation.notices))
        .clone()
}

/// Returns a role with an expression as its policy.
fn role(policy: &str) -> String {
    format!("# é\nresource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = {policy}\n}}\n")
}

/// Returns a policy in JSON with a value of a condition.
fn policy(sub: &str) -> String {
    format!(
        r#"{{"Version": "2012-10-17", "Statement": {{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
        "Principal": {{"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}},
        "Condition": {{"StringEquals": {{"gitlab.com:sub": {sub}}}}}}}}}"#
    )
}

#[test]
fn a_finding_is_at_its_column_in_each_form_of_a_text() {
    let quoted = format!(
        "\"{}\"",
        policy(r#""é%%{a}*""#).replace('"', "\\\"").replace('\n', "\\n")
    );
    let indented = policy(r#""é%%{a}*""#).replace("\n", "\n     ");
    for (written, expected) in [
        (quoted, r#"\"é%%{a}*\""#),
        (format!("<<EOF\n{}\nEOF", policy(r#""é%%{a}*""#)), r#""é%%{a}*""#),
        (format!("<<-EOF\n    {indented}\n\n  EOF"), r#""é%%{a}*""#),
        (
            format!("jsonencode({})", policy(r#""é%%{a}\u002a""#)),
            r#""é%%{a}\u002a""#,
        ),
    ] {
        let text = role(&written);
        let found = notice(&text, "wildcard-in-equality");
        assert_eq!(found.span.text(&text), expected, "{text}");
        assert!(found.message.contains("`é%{a}*`"), "{}", found.message);
    }
}

#[test]
fn a_local_value_is_found_where_it_is_used() {
    let text = format!(
        "locals {{\n  policy = jsonencode({})\n}}\n{}",
        policy("\"a*\""),
        role("local.policy")
    );
    assert_eq!(
        notice(&text, "wildcard-in-equality").span.text(&text),
        "local.policy"
    );
    let translation = translated(&text);
    let shown = &translation.files[0].source().text;
    assert!(
        shown.contains("local.policy") && !shown.contains("oidc-provider"),
        "{shown}"
    );
}

#[test]
fn a_needed_value_has_a_place_and_a_name() {
    for (policy, needed, place) in [
        ("var.policy", "var.policy", "var.policy"),
        ("(var.a ? var.b : \"{}\")", "var.a", "var.a"),
        ("file(\"${path.module}/a.json\")", "path.module", "path.module"),
        ("file(\"a.json\")", "file(…)", "file(\"a.json\")"),
        ("jsonencode({ (var.name) = 1 })", "var.name", "var.name"),
        (
            "jsonencode({ Statement = [for s in local.all : s] })",
            "local.all",
            "local.all",
        ),
        ("[1, 2][0]", "[1, 2][0]", "[1, 2][0]"),
        ("jsonencode({ Statement = 012 })", "012", "012"),
        (
            "<<EOF\n%{ if true }a%{ endif }\nEOF",
            "<<EOF\u{fffd}%{ if true }a%{ endif }\u{fffd}EOF",
            "<<EOF\n%{ if true }a%{ endif }\nEOF",
        ),
        ("\"a\u{301}\"", "\"a\u{301}\"", "\"a\u{301}\""),
    ] {
        let text = role(policy);
        let found = notice(&text, "needs-value");
        assert_eq!(found.span.text(&text), place, "{text}");
        assert_eq!(found.needs.as_deref(), Some(needed), "{text}");
        assert_eq!(found.message, format!("`assume_role_policy` needs `{needed}`"));
    }
}

#[test]
fn parts_of_other_texts_have_their_places() {
    let text = "resource \"vault_jwt_auth_backend_role\" \"a\" {\n  role_type = \"jwt\"\n  user_claim = \"sub\"\n  bound_claims = { ref = \"é\\\",b*\" }\n}\n";
    assert_eq!(notice(text, "wildcard-in-equality").span.text(text), "b*");
    let text = "resource \"azuread_application_flexible_federated_identity_credential\" \"a\" {\n  audience = \"a\"\n  issuer = \"https://gitlab.com\"\n  claims_matching_expression = \"claims['sub'] eq 'a*'\"\n}\n";
    assert_eq!(notice(text, "wildcard-in-equality").span.text(text), "a*");
}

#[test]
fn comments_are_found_outside_of_texts() {
    let text = format!(
        "// policy-check: allow(a) b\nlocals {{ # policy-check: c\n  x = \"# policy-check: no\" /* policy-check: d */\n  y = <<E\n# policy-check: no\nE\n}}\n{}",
        role("\"{}\"")
    );
    let translation = translated(&text);
    let comments = &translation.files[0].parse().file.comments;
    let comments: Vec<&str> = comments.iter().map(|comment| comment.span.text(&text)).collect();
    assert_eq!(
        comments,
        [
            "// policy-check: allow(a) b",
            "# policy-check: c",
            "/* policy-check: d */",
            "# é"
        ]
    );
    assert!(!translation.files[0].source().text.contains("no"));
}

#[test]
fn errors_are_about_hcl_and_have_places() {
    for (text, place, message) in [
        (
            "resource \"a\" \"b\" {\n  x = = 1\n}\n",
            25,
            "the text is not HCL: ",
        ),
        ("locals {\n  a = 1\n  a = 2\n}\n", 19, "redefined"),
        (
            "locals {\n  a = {\n    b = 1\n    b = 2\n  }\n}\n",
            31,
            "redefined",
        ),
        ("locals {\n  a = <<E\nE)\n}\n", 19, "stands alone"),
        ("locals {", 7, "the text is not HCL: "),
    ] {
        match ForeignFile::read(Source::new("main.tf", text)) {
            Err(ForeignError::Document(error)) => {
                assert_eq!(error.span.start, place, "{text}: {error:?}");
                assert!(error.message.contains(message), "{text}: {error:?}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn yaml_stays_yaml() {
    let text =
        "issuer: https://gitlab.com\nsubject: \"resource\"\npermissions:\n  contents: read\n# locals {}\n";
    assert_eq!(translated(text).coverage.roles.len(), 1);
}
