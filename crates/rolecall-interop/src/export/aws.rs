//! Trust policies of AWS. (IAM User Guide, "IAM JSON policy elements"; `aws/keys.rs` has the keys.)

mod conditions;

use super::alternatives::Alternative;
use super::names::{Names, checked};
use super::part::{Document, Part, audiences, by_issuer, json_of};
use super::system::System;
use super::texts::Texts;
use super::{Refusal, hcl, shell};
use crate::aws::{IamArn, Published, published};
use crate::translation::are_texts;
use conditions::Conditions;
use serde_json::{Value as Json, json};

/// The most characters of a trust policy, without white space. (IAM User Guide, "IAM and AWS STS quotas".)
const MAX_CHARACTERS: usize = 2_048;

/// AWS.
pub(super) struct Aws;

/// A statement, whose subject is one of some.
#[derive(Clone)]
pub(super) struct Statement {
    /// The account and the provider.
    provider: String,
    audiences: Vec<String>,
    conditions: Conditions,
    /// The key of the subject.
    key: String,
    subject: Texts,
}

impl System for Aws {
    type Content = Statement;

    /// Returns a statement for each subject.
    fn parts(alternative: &Alternative<'_>, names: &Names<'_>) -> Result<Vec<Part<Statement>>, Refusal> {
        let url = &alternative.issuer.issuer.url;
        let host = url.strip_prefix("https://").unwrap_or(url).trim_end_matches('/');
        let (partition, account) = account(names)?;
        let mut conditions = Conditions::default();
        let audiences = audiences(alternative);
        let texts: Vec<Texts> = audiences.iter().cloned().map(Texts::Exactly).collect();
        conditions.put(&format!("{host}:aud"), &texts, "");
        let mut left_out = Vec::new();
        let subject = alternative.subject();
        for claim in alternative.claims() {
            let definition = &alternative.profile()[claim];
            let is_published = match definition.path.as_slice() {
                [name] if name == "aud" || name == "iss" => continue,
                [name] => matches!(published(host, name), Published::Claim(published) if published == name),
                _ => false,
            };
            if Some(claim) == subject {
                continue;
            }
            let is_text = are_texts(definition.claim_type.scalar()) == Some(true);
            match is_published && is_text {
                true => {
                    let key = format!("{host}:{}", definition.path.concat());
                    conditions.compare(&key, alternative, claim);
                }
                false if alternative.is_in_subject(claim) => {}
                false => left_out.push(claim),
            }
        }
        let parts = alternative.subjects().into_iter().map(|pieces| {
            let content = Statement {
                provider: format!("arn:{partition}:iam::{account}:oidc-provider/{host}"),
                audiences: audiences.clone(),
                conditions: conditions.clone(),
                key: format!("{host}:sub"),
                subject: Texts::of_pieces(pieces),
            };
            Part::new(alternative, content, &left_out)
        });
        Ok(parts.collect())
    }

    /// Returns the trust policy.
    fn documents(parts: &[&Part<Statement>], _: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        Ok(vec![Document::new("trust-policy.json", json_of(&policy(parts)?))])
    }

    fn terraform(parts: &[&Part<Statement>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let policy = format!("jsonencode({})", hcl::value(&policy(parts)?, 1));
        let members = [
            ("name", hcl::text(role_name(names)?)),
            ("assume_role_policy", policy),
        ];
        let role = hcl::resource("aws_iam_role", names.role, &members);
        Ok(vec![Document::new("role.tf", role)])
    }

    fn cloudformation(parts: &[&Part<Statement>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let properties = json!({"RoleName": role_name(names)?, "AssumeRolePolicyDocument": policy(parts)?});
        // A logical id has letters and digits alone.
        let id: String = names.role.chars().filter(char::is_ascii_alphanumeric).collect();
        let id = format!("Role{id}");
        let template = json!({
            "AWSTemplateFormatVersion": "2010-09-09",
            "Resources": {id: {"Type": "AWS::IAM::Role", "Properties": properties}},
        });
        Ok(vec![Document::new("template.json", json_of(&template))])
    }

    /// Returns the command for a role that exists, and those for what may not exist yet as comments.
    fn commands(parts: &[&Part<Statement>], names: &Names<'_>) -> Result<Document, Refusal> {
        let role = role_name(names)?;
        let document = "file://trust-policy.json";
        let command = shell::command(
            "aws iam update-assume-role-policy",
            &["--role-name", role, "--policy-document", document],
        );
        let create = ["--role-name", role, "--assume-role-policy-document", document];
        let mut others = vec![("a new role", shell::command("aws iam create-role", &create))];
        for part in by_issuer(parts).iter().filter_map(|parts| parts.first()) {
            let mut create = shell::command(
                "aws iam create-open-id-connect-provider",
                &["--url", &part.issuer, "--client-id-list"],
            );
            create.extend(part.content.audiences.iter().cloned());
            others.push(("a new provider", create));
        }
        Ok(shell::script("commands.sh", &others, &[command]))
    }
}

/// Returns the partition and the account: those of the ARN of the role, or of the account that is given.
fn account<'t>(names: &'t Names<'_>) -> Result<(&'t str, &'t str), Refusal> {
    let arn = names.granted("aws_role").and_then(IamArn::parse);
    match (&names.account, arn) {
        (Some(account), arn) => {
            let help = "write the 12 digits of the account";
            let account = checked(
                "the number of an AWS account",
                account,
                12..=12,
                |c| c.is_ascii_digit(),
                help,
            )?;
            Ok((arn.map_or("aws", |arn| arn.partition), account))
        }
        (None, Some(arn)) => Ok((arn.partition, arn.account)),
        (None, None) => Err(Refusal {
            message: "the account is not known".to_owned(),
            help: "add `--account NUMBER`, or the grant `aws_role` with the role's ARN".to_owned(),
        }),
    }
}

/// Returns the name of the role in AWS. (IAM API Reference, `CreateRole`, `RoleName`.)
fn role_name<'t>(names: &'t Names<'_>) -> Result<&'t str, Refusal> {
    let arn = names.granted("aws_role").and_then(IamArn::parse);
    let name = arn.and_then(|arn| arn.name.rsplit('/').next());
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let help = "add the grant `aws_role` with the ARN of the role";
    checked(
        "the name of a role of AWS",
        name.unwrap_or(names.role),
        1..=64,
        is_allowed,
        help,
    )
}

/// Returns a trust policy. Statements that differ in the subject alone become one.
fn policy(parts: &[&Part<Statement>]) -> Result<Json, Refusal> {
    let mut statements: Vec<(&Statement, Vec<Texts>)> = Vec::new();
    for part in parts {
        let statement = &part.content;
        let same = statements.iter_mut().find(|(other, _)| {
            other.provider == statement.provider && other.conditions == statement.conditions
        });
        match same {
            Some((_, subjects)) => subjects.push(statement.subject.clone()),
            None => statements.push((statement, vec![statement.subject.clone()])),
        }
    }
    let statements = statements.into_iter().map(|(statement, subjects)| {
        let mut conditions = statement.conditions.clone();
        conditions.put(&statement.key, &subjects, "");
        json!({
            "Effect": "Allow",
            "Principal": {"Federated": statement.provider},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": conditions.0,
        })
    });
    let policy = json!({"Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>()});
    let size = policy.to_string().chars().filter(|c| !c.is_whitespace()).count();
    if size > MAX_CHARACTERS {
        return Err(Refusal {
            message: format!("the trust policy has {size} characters, and AWS takes {MAX_CHARACTERS}"),
            help: "split the role, or ask for a higher quota".to_owned(),
        });
    }
    Ok(policy)
}
