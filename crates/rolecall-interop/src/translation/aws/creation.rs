//! Statements that AWS refuses to save today, that were copied from an example, or that no token of the issuer fulfils.

use crate::aws::{Condition, Key, Provider, Statement, Test};
use crate::notice::{Notice, printable};
use crate::translation::profiles::of_host;
use rolecall_syntax::Spanned;

/// The claims of which AWS demands that a new statement compares one, by issuers that many share. Older statements stay.
/// (IAM User Guide, "Identity-provider controls for shared OIDC providers".)
const DEMANDED: &[(&str, &[&str])] = &[
    ("agent.buildkite.com", &["sub"]),
    ("app.terraform.io", &["sub"]),
    ("gitlab.com", &["sub"]),
    (
        "token.actions.githubusercontent.com",
        &["sub", "job_workflow_ref"],
    ),
];

/// The repository in the examples of terraform-aws-modules/iam, module `iam-role`, which is not one of the reader's.
const EXAMPLE: &str = "terraform-aws-modules/terraform-aws-iam";

/// The key that is true if a token names the role in its claim `https://aws.amazon.com/roles`. Tokens of CI systems have no
/// such claim.
const NAMED_BY_TOKEN: &str = "sts:RoleAuthorizedByIdp";

/// Reports a statement that admits tokens.
pub(super) fn report(statement: &Statement, provider: &Spanned<Provider>, notices: &mut Vec<Notice>) {
    let is_of_issuer = |(issuer, _): &&(&str, _)| {
        let rest = provider.issuer.strip_prefix(issuer);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    if let Some((_, demanded)) = DEMANDED.iter().find(is_of_issuer)
        && !statement
            .conditions
            .iter()
            .any(|condition| compares(condition, demanded))
    {
        let keys: Vec<String> = demanded
            .iter()
            .map(|claim| format!("`{}:{claim}`", provider.issuer))
            .collect();
        let message = format!(
            "AWS refuses to save a statement for this provider without a condition on {}",
            keys.join(" or ")
        );
        let help = "add one with `StringEquals` or `StringLike`";
        notices.push(Notice::odd("refused-by-source", message, help, provider.span));
    }
    let of_ci = of_host(&provider.issuer).is_some_and(|profile| profile != "kubernetes");
    for condition in statement
        .conditions
        .iter()
        .filter(|condition| of_ci && demands_name(condition))
    {
        let message = format!(
            "`{NAMED_BY_TOKEN}` holds if the token names the role, and those of `{}` never do",
            provider.issuer
        );
        let help = "remove the condition: this issuer does not say which roles a token is for";
        let span = condition.written_key.span;
        notices.push(Notice::odd("role-never-named", message, help, span));
    }
    let values = statement
        .conditions
        .iter()
        .flat_map(|condition| &condition.values);
    for value in values.filter(|value| value.written.contains(EXAMPLE)) {
        let message = format!(
            "`{}` is the example of a Terraform module",
            printable(&value.written)
        );
        let help = "write your own repository";
        notices.push(Notice::odd("example-left-in", message, help, value.span));
    }
}

/// Returns whether a condition holds only if the token names the role.
fn demands_name(condition: &Condition) -> bool {
    let operator = condition.operator.node;
    let is_key = condition.written_key.eq_ignore_ascii_case(NAMED_BY_TOKEN);
    let is_true = condition
        .values
        .iter()
        .all(|value| value.written.eq_ignore_ascii_case("true"));
    is_key && is_true && !operator.negated && !operator.if_exists && operator.set.is_none()
}

/// Returns whether a condition compares one of some claims in the way that AWS demands.
fn compares(condition: &Condition, demanded: &[&str]) -> bool {
    let operator = condition.operator.node;
    let is_positive = !operator.negated && !operator.if_exists;
    let is_text = matches!(
        operator.test,
        Test::StringEquals | Test::StringEqualsIgnoreCase | Test::StringLike
    );
    let is_star = condition.values.iter().any(|value| value.written == "*");
    let is_demanded =
        matches!(&condition.key, Key::Claim { claim, .. } if demanded.contains(&claim.as_str()));
    is_positive && is_text && is_demanded && !is_star
}
