//! Roles and providers, as `aws iam` prints them.

use super::{RegisteredProvider, Role};
use crate::aws::arn::IamArn;
use crate::aws::read::{Reading, trust};
use crate::document::{DocumentError, Json, Members, Node, json_inside};
use crate::notice::Notice;

/// Reads a role.
pub(super) fn read(text: &str, role: Json<'_>) -> Result<Role, DocumentError> {
    let members = Members::of(role)?;
    let [name, path, arn] = ["RoleName", "Path", "Arn"].map(|name| members.text(name));
    let arn = arn?.map(|arn| arn.node);
    let account = arn.as_deref().and_then(account_of);
    Ok(Role {
        owner: account,
        name: name?,
        path: path?.map(|path| path.node),
        arn,
        reading: reading(text, role, &members),
        span: role.span(),
    })
}

/// Reads the trust policy of a role: a value, a text with JSON, or one with percent-encoded JSON, as the API
/// returns it.
fn reading(text: &str, role: Json<'_>, members: &Members<'_>) -> Reading {
    const NAME: &str = "AssumeRolePolicyDocument";
    let Some(document) = members.get(NAME) else {
        let message = "the role has no trust policy here".to_owned();
        let help = "ask with `aws iam get-role`";
        return Reading::refused(Notice::refused("no-trust-policy", message, help, role.span()));
    };
    if let Some(second) = members.second(NAME) {
        let message = "the trust policy is given twice".to_owned();
        let notice = Notice::refused("element-given-twice", message, "remove one of them", second);
        return Reading::refused(notice);
    }
    policy(text, document.node())
}

/// Returns the account of an ARN of IAM.
pub(crate) fn account_of(arn: &str) -> Option<String> {
    Some(IamArn::parse(arn)?.account.to_owned())
}

/// Reads a trust policy: a value, a text with JSON, or one with percent-encoded JSON.
pub(crate) fn policy(text: &str, document: Result<Node, DocumentError>) -> Reading {
    match document.and_then(|document| json_inside(text, document)) {
        Ok(document) => trust(&document),
        Err(DocumentError { message, span }) => {
            let help = "ask with `aws iam get-role`";
            Reading::refused(Notice::refused("not-a-document", message, help, span))
        }
    }
}

/// Reads a provider of a list, which has only ARNs. The ARN contains the issuer.
pub(super) fn provider(provider: Json<'_>) -> Result<Option<RegisteredProvider>, DocumentError> {
    let Some(arn) = Members::of(provider)?.text("Arn")? else {
        return Ok(None);
    };
    let parts = IamArn::parse(&arn).filter(|arn| arn.kind == "oidc-provider");
    let parts = parts.map(|arn| (arn.account.to_owned(), arn.name.to_owned()));
    Ok(parts.map(|(owner, issuer)| RegisteredProvider {
        owner: Some(owner),
        arn: Some(arn.node),
        issuer,
        audiences: None,
        span: provider.span(),
    }))
}

/// Returns whether a document with these members is a trust policy: a policy with principals, about AWS STS
/// or a federation.
///
/// Policies of resources have principals, too, and some of them, as those of Amazon ECR, have no `Resource`.
pub(super) fn is_trust_policy(members: &Members<'_>) -> Result<bool, DocumentError> {
    let Some(statements) = members.get("Statement") else {
        return Ok(false);
    };
    let list = if statements.is_list() {
        statements.elements()?
    } else {
        vec![statements]
    };
    for statement in list {
        let statement = Members::of(statement)?;
        let [principal, other] = ["Principal", "NotPrincipal"].map(|name| statement.get(name));
        let Some(principal) = principal.or(other) else {
            continue;
        };
        if Members::of(principal)?.get("Federated").is_some() {
            return Ok(true);
        }
        let actions = ["Action", "NotAction"].map(|name| statement.get(name));
        for actions in actions.into_iter().flatten() {
            let is_of_sts = |action: &str| action.to_ascii_lowercase().starts_with("sts:");
            if actions.texts()?.iter().any(|action| is_of_sts(action)) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}
