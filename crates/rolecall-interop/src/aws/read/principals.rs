//! Principals.

use super::elements::{self, Elements};
use crate::aws::arn::IamArn;
use crate::aws::trust::{Principal, Provider};
use crate::document::Node;
use crate::notice::{Notice, printable};
use rolecall_syntax::Spanned;

/// The providers that AWS has built in, without an ARN. (IAM User Guide, "AWS JSON policy elements:
/// Principal", section "OIDC federated principals".)
const BUILT_IN: &[&str] = &[
    "accounts.google.com",
    "cognito-identity.amazonaws.com",
    "graph.facebook.com",
    "www.amazon.com",
];

/// The principals of a statement.
#[derive(Debug, Default)]
pub(super) struct Principals {
    pub(super) providers: Vec<Spanned<Provider>>,
    pub(super) others: Vec<Spanned<Principal>>,
}

/// Reads the element `Principal`.
pub(super) fn read(node: &Node, notices: &mut Vec<Notice>) -> Principals {
    let mut principals = Principals::default();
    if node.as_text() == Some("*") {
        principals
            .others
            .push(Spanned::new(Principal::Everyone, node.span));
        return principals;
    }
    let kinds = Elements::of(node, notices).map(|kinds| kinds.members());
    for kind in kinds.unwrap_or_default() {
        let values = elements::list(&kind.value).iter();
        let values: Vec<_> = values
            .filter_map(|value| elements::text(value, notices))
            .collect();
        for Spanned { node: value, span } in values {
            let other = match kind.name.as_str() {
                "AWS" if value == "*" => Principal::Everyone,
                "AWS" => Principal::Aws(value),
                "Service" => Principal::Service(value),
                "CanonicalUser" => Principal::CanonicalUser(value),
                "Federated" => match federated(&value) {
                    Some(Federated::Provider(provider)) => {
                        principals.providers.push(Spanned::new(provider, span));
                        continue;
                    }
                    Some(Federated::Saml) => Principal::Saml(value),
                    None => {
                        let message = format!("`{}` is not an identity provider", printable(&value));
                        let help = "write the ARN of the provider";
                        notices.push(Notice::refused("provider-not-understood", message, help, span));
                        continue;
                    }
                },
                name => {
                    let message = format!("`{}` is not a kind of principals", printable(name));
                    let help = "write `Federated`, `AWS` or `Service`";
                    let notice = Notice::refused("principal-not-understood", message, help, kind.name.span);
                    notices.push(notice);
                    continue;
                }
            };
            principals.others.push(Spanned::new(other, span));
        }
    }
    principals
}

enum Federated {
    Provider(Provider),
    Saml,
}

/// Reads a value of `Federated`. "You cannot use a wildcard to match part of a principal name or ARN."
fn federated(value: &str) -> Option<Federated> {
    if BUILT_IN.contains(&value) {
        let (account, issuer) = (None, value.to_owned());
        return Some(Federated::Provider(Provider { account, issuer }));
    }
    if value.contains(['*', '?', '$']) {
        return None;
    }
    let IamArn {
        account, kind, name, ..
    } = IamArn::parse(value)?;
    match kind {
        "oidc-provider" => Some(Federated::Provider(Provider {
            account: Some(account.to_owned()),
            issuer: name.to_owned(),
        })),
        "saml-provider" => Some(Federated::Saml),
        _ => None,
    }
}
