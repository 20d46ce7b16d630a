//! Documents of AWS, recognised by their content: trust policies, and what `aws iam` prints.

mod role;

pub(crate) use role::{account_of, policy};

use super::read::{Reading, trust};
use crate::document::{DocumentError, Json, Members, Value};
use crate::notice::Notice;
use rolecall_syntax::{Span, Spanned};

/// The roles and providers of a document, which may be a part of an account or a dump of all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Account {
    /// The roles, in the order of the document.
    pub roles: Vec<Role>,
    /// The OIDC providers, in the order of the document.
    pub providers: Vec<RegisteredProvider>,
    /// The notices about the document itself. Those about a role are in its reading.
    pub notices: Vec<Notice>,
    /// True if the roles are those of stacks whose parameters have their defaults.
    pub(crate) has_defaults: bool,
}

/// A role. A document that is only a trust policy is a role without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Role {
    /// The number of the account that has the role.
    pub owner: Option<String>,
    /// The name.
    pub name: Option<Spanned<String>>,
    /// The path, such as `/ci/`.
    pub path: Option<String>,
    /// The ARN.
    pub arn: Option<String>,
    /// The trust policy.
    pub reading: Reading,
    /// The location of all that the document says of the role.
    pub span: Span,
}

/// An OIDC provider that an account has registered.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct RegisteredProvider {
    /// The number of the account that has the provider. `get-open-id-connect-provider` does not print it.
    pub owner: Option<String>,
    /// The ARN, which `get-open-id-connect-provider` does not print.
    pub arn: Option<String>,
    /// The issuer's URL without `https://`, as [`super::Provider::issuer`].
    pub issuer: String,
    /// The audiences that a token may have, if the document has them.
    pub audiences: Option<Vec<Spanned<String>>>,
    /// The location of all that the document says of the provider.
    pub span: Span,
}

/// Finds the roles and providers of a document, or returns nothing if it is not one of AWS.
///
/// It takes trust policies, the output of `aws iam get-role`, `list-roles`,
/// `get-account-authorization-details`, `list-open-id-connect-providers` and `get-open-id-connect-provider`,
/// and lists of these. Permission policies are never read: they stay raw text.
///
/// # Errors
///
/// The text is not JSON, see [`crate::document::json`].
pub fn account(text: &str) -> Result<Option<Account>, DocumentError> {
    let document = Json::parse(text)?;
    let mut account = Account::default();
    let mut is_found = account.read(text, document)?;
    for element in document.elements()? {
        is_found |= account.read(text, element)?;
    }
    Ok(is_found.then_some(account))
}

impl Account {
    /// Returns the locations of the trust policies, the names of roles and the audiences of providers.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Span> {
        let roles = self.roles.iter().flat_map(|role| {
            let name = role.name.as_ref().map(|name| name.span);
            name.into_iter().chain([role.reading.span])
        });
        let audiences = self.providers.iter().flat_map(|provider| &provider.audiences);
        roles.chain(audiences.flatten().map(|audience| audience.span))
    }

    /// Adds the content of a document. Returns whether it is one of AWS.
    pub(crate) fn read(&mut self, text: &str, document: Json<'_>) -> Result<bool, DocumentError> {
        let members = Members::of(document)?;
        if members.get("AssumeRolePolicyDocument").is_some() {
            self.roles.push(role::read(text, document)?);
        } else if let (Some(url), Some(audiences)) = (members.text("Url")?, members.get("ClientIDList")) {
            self.providers.push(RegisteredProvider {
                owner: None,
                arn: None,
                issuer: issuer_of(&url).to_owned(),
                audiences: Some(audiences.texts()?),
                span: document.span(),
            });
        } else if role::is_trust_policy(&members)? {
            self.roles.push(Role {
                owner: None,
                name: None,
                path: None,
                arn: None,
                reading: trust(&document.node()?),
                span: document.span(),
            });
        } else {
            return self.read_answer(text, &members);
        }
        Ok(true)
    }

    /// Adds the content of what `aws iam` prints.
    fn read_answer(&mut self, text: &str, members: &Members<'_>) -> Result<bool, DocumentError> {
        let (mut is_found, mut more) = (false, None);
        for (name, value) in members.all() {
            match name.as_str() {
                "Role" if value.is_map() => self.roles.push(role::read(text, *value)?),
                "Roles" | "RoleDetailList" if value.is_list() => {
                    for role in value.elements()? {
                        self.roles.push(role::read(text, role)?);
                    }
                }
                "OpenIDConnectProviderList" if value.is_list() => {
                    for provider in value.elements()? {
                        self.providers.extend(role::provider(provider)?);
                    }
                }
                "IsTruncated" | "NextToken" => {
                    let is_last = matches!(value.node()?.node, Value::Bool(false) | Value::Null);
                    more = more.or((!is_last).then_some(name.span));
                    continue;
                }
                _ => continue,
            }
            is_found = true;
        }
        if let Some(span) = more.filter(|_| is_found) {
            let message = "the answer is one page of several: other roles are missing".to_owned();
            let help = "ask again without `--no-paginate` and `--max-items`";
            self.notices
                .push(Notice::odd("one-page-of-several", message, help, span));
        }
        Ok(is_found)
    }
}

/// Returns the issuer of a provider's URL. AWS takes a URL with the port 443 and drops the port.
pub(crate) fn issuer_of(url: &str) -> &str {
    let issuer = url.strip_prefix("https://").unwrap_or(url);
    issuer.strip_suffix(":443").unwrap_or(issuer)
}
