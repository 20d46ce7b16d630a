//! Locations: each part of the tree and each notice stands where its text does.

use super::dice::Dice;
use rolecall_interop::aws::{Account, Key, account};

const POLICY: &str = r#"{
  "Version": "2012-10-17",
  "Statement": [{
    "Sid": "Dé😀\u0070loy",
    "Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {
      "StringLike": {"gitlab.com:sub": ["project_path:acme/é*", "a\tb"]},
      "StringEquals": {"gitlab.com:aud": "*"}
    }
  }]
}"#;

fn check(text: &str, account: &Account, written: impl Fn(&str) -> String) {
    let reading = &account.roles[0].reading;
    let trust = reading.trust.as_ref().unwrap();
    let statement = &trust.statements[0];
    let at = |span: rolecall_syntax::Span| span.text(text);
    let sid = statement.sid.as_ref().unwrap();
    assert_eq!(
        (sid.as_str(), at(sid.span)),
        ("Dé😀ploy", written(r#""Dé😀\u0070loy""#).as_str())
    );
    let provider = &statement.providers[0];
    assert_eq!(
        at(provider.span),
        written(r#""arn:aws:iam::123456789012:oidc-provider/gitlab.com""#)
    );
    let [like, equals] = statement.conditions.as_slice() else {
        panic!("{statement:?}");
    };
    assert_eq!(at(like.operator.span), written(r#""StringLike""#));
    assert_eq!(at(like.written_key.span), written(r#""gitlab.com:sub""#));
    assert_eq!(at(like.values[0].span), written(r#""project_path:acme/é*""#));
    assert_eq!(at(like.values[1].span), written(r#""a\tb""#));
    assert_eq!(like.values[1].written, "a\tb");
    assert_eq!(at(equals.span), written(r#""gitlab.com:aud": "*""#));
    let (issuer, claim) = ("gitlab.com".to_owned(), "aud".to_owned());
    assert_eq!(equals.key, Key::Claim { issuer, claim });
    let [notice] = reading.notices.as_slice() else {
        panic!("{reading:?}");
    };
    assert_eq!(
        (notice.code, at(notice.span)),
        ("wildcard-in-equality", written(r#""*""#).as_str())
    );
    assert!(at(statement.span).starts_with(&written("{\n    \"Sid\"")));
    assert!(at(statement.span).ends_with(&written("}\n  }")));
}

#[test]
fn a_policy_as_it_is() {
    let account = account(POLICY).unwrap().unwrap();
    check(POLICY, &account, str::to_owned);
}

#[test]
fn a_policy_in_a_text() {
    let escaped = |text: &str| {
        let literal = serde_json::Value::from(text).to_string();
        literal[1..literal.len() - 1].to_owned()
    };
    let unicode = |text: &str| {
        escaped(text)
            .replace('é', r"\u00e9")
            .replace('😀', r"\ud83d\ude00")
            .replace("gitlab", r"gitl\u0061b")
    };
    let percent = |text: &str| {
        let bytes = text.bytes().map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                char::from(byte).to_string()
            }
            byte => format!("%{byte:02X}"),
        });
        bytes.collect::<String>()
    };
    let percent_in_unicode = |text: &str| percent(text).replace("gitlab", r"gitl\u0061b");
    let encodings: [&dyn Fn(&str) -> String; 4] = [&escaped, &unicode, &percent, &percent_in_unicode];
    for encoding in encodings {
        let text = format!(
            r#"{{"Role": {{"RoleName": "é", "AssumeRolePolicyDocument": "{}"}}}}"#,
            encoding(POLICY)
        );
        let account = account(&text).unwrap().unwrap();
        check(&text, &account, encoding);
    }
}

#[test]
fn errors_in_a_text_are_where_they_are() {
    let text = r#"{"Role": {"AssumeRolePolicyDocument": "{\"Version\": tru}"}}"#;
    let account = account(text).unwrap().unwrap();
    let [notice] = account.roles[0].reading.notices.as_slice() else {
        panic!("{account:?}");
    };
    assert_eq!(notice.code, "not-a-document");
    assert!(
        text[notice.span.start..].starts_with("}\"}}") || text[..notice.span.start].ends_with("tru"),
        "{notice:?}"
    );
}

/// A shortened document is an error or is not one of AWS, and never a panic.
#[test]
fn truncated_documents() {
    let document = format!(r#"{{"Role": {{"AssumeRolePolicyDocument": {POLICY}}}}}"#);
    for end in 0..document.len() {
        if document.is_char_boundary(end) {
            assert!(account(&document[..end]).is_err(), "{end}");
        }
    }
}

/// A changed document is read or refused, and its notices have places in it.
#[test]
fn changed_documents() {
    let escaped = serde_json::Value::from(POLICY).to_string();
    let documents = [
        POLICY.to_owned(),
        format!(r#"[{{"AssumeRolePolicyDocument": {escaped}}}]"#),
    ];
    let mut read = 0;
    for seed in 0..20_000 {
        let mut dice = Dice(seed);
        let mut bytes = documents[dice.below(2)].clone().into_bytes();
        for _ in 0..=dice.below(3) {
            let (at, other) = (dice.below(bytes.len()), dice.below(bytes.len()));
            match dice.below(3) {
                0 => bytes[at] = bytes[other],
                1 => drop(bytes.remove(at)),
                _ => bytes.insert(at, bytes[other]),
            }
        }
        let text = String::from_utf8_lossy(&bytes);
        if let Ok(Some(account)) = account(&text) {
            read += 1;
            let notices = account.roles.iter().flat_map(|role| &role.reading.notices);
            for notice in notices {
                assert!(text.get(notice.span.range()).is_some(), "{notice:?}: {text}");
            }
        }
    }
    println!("{read} changed documents are read");
    assert!(read > 2_000, "{read}");
}

/// A message is one line of a limited length, and shows the values of the document in it.
#[test]
fn messages_are_one_line() {
    let long = "x".repeat(1_000);
    for value in ["a\\nb*", "a\\u001b[31m*", &format!("{long}*")] {
        let text = POLICY.replace(
            r#""gitlab.com:aud": "*""#,
            &format!(r#""gitlab.com:aud": "{value}""#),
        );
        let account = account(&text).unwrap().unwrap();
        let notices = &account.roles[0].reading.notices;
        assert!(!notices.is_empty());
        for notice in notices {
            assert!(!notice.message.contains(char::is_control), "{notice:?}");
            assert!(notice.message.chars().count() < 400, "{notice:?}");
        }
    }
}
