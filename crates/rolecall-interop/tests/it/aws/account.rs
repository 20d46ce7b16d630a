//! Documents of AWS, recognised by their content.

use rolecall_interop::aws::{Account, Principal, RegisteredProvider, account};
use std::time::{Duration, Instant};

const TRUST: &str = r#"{"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity",
     "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"},
     "Condition": {"StringEquals": {"gitlab.com:sub": "a"}}}]}"#;

fn role(name: &str) -> String {
    format!(
        r#"{{"Path": "/ci/", "RoleName": "{name}", "RoleId": "AROA", "Arn": "arn:aws:iam::123456789012:role/ci/{name}",
        "CreateDate": "2026-01-01T00:00:00+00:00", "AssumeRolePolicyDocument": {TRUST}, "Tags": [], "MaxSessionDuration": 3600}}"#
    )
}

fn found(text: &str) -> Account {
    let account = account(text).unwrap();
    account.unwrap_or_else(|| panic!("not of AWS: {text}"))
}

#[test]
fn documents_with_roles() {
    let (deploy, plan) = (role("deploy"), role("plan"));
    for (text, number) in [
        (deploy.clone(), 1),
        (format!(r#"{{"Role": {deploy}}}"#), 1),
        (format!(r#"{{"Roles": [{deploy}, {plan}]}}"#), 2),
        (
            format!(
                r#"{{"UserDetailList": [], "RoleDetailList": [{deploy}, {plan}], "Policies": [], "IsTruncated": false}}"#
            ),
            2,
        ),
        (format!(r#"[{{"Role": {deploy}}}, {plan}]"#), 2),
        (r#"{"Roles": []}"#.to_owned(), 0),
    ] {
        let account = found(&text);
        assert_eq!(account.roles.len(), number, "{text}");
        assert!(account.notices.is_empty());
        for (role, name) in account.roles.iter().zip(["deploy", "plan"]) {
            assert_eq!(role.name.as_ref().unwrap().node, name);
            assert_eq!(
                role.name.as_ref().unwrap().span.text(&text),
                format!("\"{name}\"")
            );
            assert_eq!(
                (role.owner.as_deref(), role.path.as_deref()),
                (Some("123456789012"), Some("/ci/"))
            );
            assert_eq!(
                role.arn,
                Some(format!("arn:aws:iam::123456789012:role/ci/{name}"))
            );
            assert_eq!(role.reading.trust.as_ref().unwrap().statements.len(), 1);
            assert_eq!(role.span.text(&text), self::role(name));
        }
    }
}

#[test]
fn a_policy_alone_has_no_name() {
    let account = found(TRUST);
    assert_eq!((&account.roles[0].owner, &account.roles[0].name), (&None, &None));
}

#[test]
fn providers() {
    let text = r#"{"OpenIDConnectProviderList": [
        {"Arn": "arn:aws-cn:iam::123456789012:oidc-provider/oidc.circleci.com/org/1"}, {"Arn": "x"}, {},
        {"Arn": "arn:aws:iam::123456789012:saml-provider/x"}]}"#;
    let [
        RegisteredProvider {
            arn,
            owner,
            issuer,
            audiences,
            ..
        },
    ] = found(text).providers.try_into().unwrap();
    assert_eq!(
        (owner.as_deref(), issuer.as_str(), audiences),
        (Some("123456789012"), "oidc.circleci.com/org/1", None)
    );
    assert_eq!(
        arn.as_deref(),
        Some("arn:aws-cn:iam::123456789012:oidc-provider/oidc.circleci.com/org/1")
    );
    for url in ["gitlab.com", "https://gitlab.com", "https://gitlab.com:443"] {
        let text = format!(
            r#"{{"Url": "{url}", "ClientIDList": ["sts.amazonaws.com", "b"], "ThumbprintList": [], "CreateDate": "2026", "Tags": []}}"#
        );
        let account = found(&text);
        let provider = &account.providers[0];
        assert_eq!(provider.issuer, "gitlab.com");
        let audiences = provider.audiences.as_ref().unwrap().iter();
        let audiences: Vec<&str> = audiences.map(|audience| audience.as_str()).collect();
        assert_eq!(audiences, ["sts.amazonaws.com", "b"]);
        assert_eq!(provider.audiences.as_ref().unwrap()[1].span.text(&text), "\"b\"");
    }
}

#[test]
fn documents_of_others() {
    for text in [
        "{}",
        "[]",
        "null",
        "7",
        r#"{"Statement": []}"#,
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}]}"#,
        r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"}}"#,
        r#"{"Statement": [{"Effect": "Allow", "Principal": {"AWS": "1"}, "Action": ["ecr:BatchGetImage"]}]}"#,
        r#"{"Url": "gitlab.com"}"#,
        r#"{"Role": "x", "Roles": 3}"#,
        r#"{"resources": [{"AssumeRolePolicyDocument": {}}]}"#,
        r#"{"IsTruncated": true}"#,
        r#"{"iss": "https://gitlab.com", "sub": "a", "aud": "b"}"#,
    ] {
        assert_eq!(account(text), Ok(None), "{text}");
    }
}

#[test]
fn documents_that_are_refused() {
    let in_role =
        |rest: &str| format!(r#"{{"Role": {{"RoleName": "x", "AssumeRolePolicyDocument": {rest}}}}}"#);
    for (text, code) in [
        (r#"{"Roles": [{"RoleName": "x"}]}"#.to_owned(), "no-trust-policy"),
        (in_role("\"x\""), "not-a-document"),
        (in_role("\"%7B%FF\""), "not-a-document"),
        (
            in_role(&format!("{TRUST}, \"AssumeRolePolicyDocument\": {TRUST}")),
            "element-given-twice",
        ),
        (in_role("7"), "wrong-type"),
        (in_role("{}"), "element-missing"),
        (
            in_role(&"[".repeat(70).to_string()).replace("}}", "") + &"]".repeat(70) + "}}",
            "not-a-document",
        ),
    ] {
        let account = found(&text);
        let reading = &account.roles[0].reading;
        assert!(reading.trust.is_none(), "{text}");
        let codes: Vec<&str> = reading.notices.iter().map(|notice| notice.code).collect();
        assert_eq!(codes, [code], "{text}");
    }
}

#[test]
fn a_page_of_several_is_odd() {
    for more in [r#""IsTruncated": true, "Marker": "x""#, r#""NextToken": "x""#] {
        let account = found(&format!(r#"{{"Roles": [{}], {more}}}"#, role("a")));
        assert_eq!(account.notices[0].code, "one-page-of-several");
    }
}

#[test]
fn other_principals_are_listed() {
    let text = r#"{"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Principal": {"Service": ["ec2.amazonaws.com", "lambda.amazonaws.com"]}, "Action": "sts:AssumeRole",
         "Condition": {"ArnLikes": {"aws:SourceArn": []}}},
        {"Effect": "Allow", "Principal": {"AWS": ["123456789012", "*"], "Federated": "arn:aws:iam::1:saml-provider/x"},
         "Action": ["sts:AssumeRole", "sts:AssumeRoleWithSAML"]},
        {"Effect": "Deny", "Principal": {"CanonicalUser": "x"}, "Action": "*"}]}"#;
    let trust = found(text).roles.remove(0).reading.trust.unwrap();
    assert!(trust.statements.is_empty());
    let others: Vec<&Principal> = trust
        .also_admits
        .iter()
        .map(|principal| &principal.node)
        .collect();
    let expected = [
        Principal::Service("ec2.amazonaws.com".to_owned()),
        Principal::Service("lambda.amazonaws.com".to_owned()),
        Principal::Aws("123456789012".to_owned()),
        Principal::Everyone,
        Principal::Saml("arn:aws:iam::1:saml-provider/x".to_owned()),
    ];
    assert_eq!(others, expected.iter().collect::<Vec<_>>());
}

/// A dump of an account with permission policies, which are most of its bytes.
#[test]
fn large_accounts() {
    const NUMBER: usize = 5_000;
    let policy = r#"{"PolicyName": "p", "PolicyDocument": {"Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Action": ["s3:*"], "Resource": "*"}]}}"#;
    let policies = [policy; 20].join(", ");
    let role = |number| {
        let role = role(&format!("r{number}"));
        role.replacen('{', &format!(r#"{{"RolePolicyList": [{policies}], "#), 1)
    };
    let roles: Vec<String> = (0..NUMBER).map(role).collect();
    let text = format!(r#"{{"RoleDetailList": [{}]}}"#, roles.join(",\n"));
    let start = Instant::now();
    assert_eq!(found(&text).roles.len(), NUMBER);
    let time = start.elapsed();
    println!("{NUMBER} roles, {} bytes: {time:?}", text.len());
    assert!(time < Duration::from_secs(20), "{time:?}");
}
