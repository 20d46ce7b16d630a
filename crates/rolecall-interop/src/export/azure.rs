//! Federated identity credentials of Azure, exact and flexible.

use super::alternatives::Alternative;
use super::names::{Form, Names, checked};
use super::part::{Document, Part, audiences, json_of};
use super::system::System;
use super::texts::Texts;
use super::{Refusal, hcl, shell};
use crate::azure::is_comparable;
use rolecall_engine::pattern::WildcardPiece;
use serde_json::{Value as Json, json};

/// The most credentials of an application or a managed identity. (Microsoft Entra, "Important considerations and restrictions
/// for federated identity credentials".)
const MAX_CREDENTIALS: usize = 20;

/// Azure.
pub(super) struct Azure;

/// A credential.
pub(super) struct Credential {
    /// The audiences, each of which needs a credential.
    audiences: Vec<String>,
    /// The member that says which subjects get in, and its value.
    member: &'static str,
    value: Json,
}

impl System for Azure {
    type Content = Credential;

    /// Returns a part for each subject.
    fn parts(alternative: &Alternative<'_>, _: &Names<'_>) -> Result<Vec<Part<Credential>>, Refusal> {
        let issuer = &alternative.issuer.issuer.url;
        let subject = alternative.subject();
        let mut left_out = Vec::new();
        let mut others: Vec<String> = Vec::new();
        for claim in alternative.claims() {
            let definition = &alternative.profile()[claim];
            let name = match definition.path.as_slice() {
                [name] if name == "aud" || name == "iss" => continue,
                [name] => name.as_str(),
                _ => "",
            };
            if Some(claim) == subject {
                continue;
            }
            match alternative.texts(claim).as_deref() {
                Some([texts]) if is_comparable(issuer, name, matches!(texts, Texts::Like { .. })) => {
                    others.extend(comparison(name, &texts.pieces()));
                }
                _ if alternative.is_in_subject(claim) => {}
                _ => left_out.push(claim),
            }
        }
        let mut parts = Vec::new();
        for pieces in alternative.subjects() {
            let (member, value) = match (pieces.as_slice(), others.is_empty()) {
                ([WildcardPiece::Text(text)], true) => ("subject", json!(text.to_string())),
                (pieces, _) => {
                    let Some(subject) = comparison("sub", pieces) else {
                        continue;
                    };
                    let all: Vec<&str> = std::iter::once(&subject)
                        .chain(&others)
                        .map(String::as_str)
                        .collect();
                    let expression = json!({"value": all.join(" and "), "languageVersion": 1});
                    ("claimsMatchingExpression", expression)
                }
            };
            let content = Credential {
                audiences: audiences(alternative),
                member,
                value,
            };
            parts.push(Part::new(alternative, content, &left_out));
        }
        Ok(parts)
    }

    /// Returns the credentials as a list, or each in a file for its command.
    fn documents(parts: &[&Part<Credential>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let credentials = credentials(parts)?.into_iter().enumerate();
        let credentials = credentials.map(|(number, (part, audience))| {
            let Credential { member, value, .. } = &part.content;
            Ok(json!({
                "name": credential_name(names, number)?,
                "issuer": part.issuer,
                "audiences": [audience],
                *member: value,
            }))
        });
        let credentials: Vec<Json> = credentials.collect::<Result<_, Refusal>>()?;
        if names.form != Form::Cli {
            return Ok(vec![Document::new(
                "credentials.json",
                json_of(&json!(credentials)),
            )]);
        }
        let documents = credentials.iter().enumerate();
        Ok(documents
            .map(|(number, credential)| Document::new(file(number), json_of(credential)))
            .collect())
    }

    /// Adds the credentials to the application. `az` knows the exact ones; flexible ones are in the beta of Graph alone.
    fn commands(parts: &[&Part<Credential>], names: &Names<'_>) -> Result<Document, Refusal> {
        // `TENANT/CLIENT`
        let granted = names.granted("azure_client");
        let client = granted.and_then(|name| name.rsplit('/').next());
        let client = client.ok_or_else(|| Refusal {
            message: "the application is not known".to_owned(),
            help: "add the grant `azure_client` with the ids of the tenant and the client".to_owned(),
        })?;
        let credentials = credentials(parts)?.into_iter().enumerate();
        let commands = credentials.map(|(number, (part, _))| {
            let file = file(number);
            match part.content.member {
                "subject" => shell::command(
                    "az ad app federated-credential create",
                    &["--id", client, "--parameters", &file],
                ),
                _ => shell::command(
                    "az rest --method post",
                    &[
                        "--url",
                        &format!(
                            "https://graph.microsoft.com/beta/applications(appId='{client}')/federatedIdentityCredentials"
                        ),
                        "--body",
                        &format!("@{file}"),
                    ],
                ),
            }
        });
        Ok(shell::script("commands.sh", &[], &commands.collect::<Vec<_>>()))
    }

    fn terraform(parts: &[&Part<Credential>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let credentials = credentials(parts)?.into_iter().enumerate();
        let resources = credentials.map(|(number, (part, audience))| {
            let Credential { member, value, .. } = &part.content;
            let name = credential_name(names, number)?;
            let (kind, audience, who) = match *member {
                "subject" => (
                    "azuread_application_federated_identity_credential",
                    ("audiences", format!("[{}]", hcl::text(audience))),
                    ("subject", hcl::value(value, 1)),
                ),
                _ => (
                    "azuread_application_flexible_federated_identity_credential",
                    ("audience", hcl::text(audience)),
                    (
                        "claims_matching_expression",
                        hcl::value(value.get("value").unwrap_or(&Json::Null), 1),
                    ),
                ),
            };
            let members = [
                (
                    "application_id",
                    format!("azuread_application.{}.id", hcl::label(names.role)),
                ),
                ("display_name", hcl::text(&name)),
                ("issuer", hcl::text(&part.issuer)),
                audience,
                who,
            ];
            Ok(hcl::resource(kind, &name, &members))
        });
        let resources: Vec<String> = resources.collect::<Result<_, Refusal>>()?;
        Ok(vec![Document::new("credentials.tf", hcl::file(&resources))])
    }
}

/// Returns the name of the file with a credential.
fn file(number: usize) -> String {
    format!("credential-{}.json", number.saturating_add(1))
}

/// Returns the name of a credential. (Microsoft Graph, `federatedIdentityCredential`, property `name`.)
fn credential_name(names: &Names<'_>, number: usize) -> Result<String, Refusal> {
    let name = format!("{}-{}", names.role, number.saturating_add(1));
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || "-_".contains(c);
    let help = "rename the role";
    checked("the name of a credential", &name, 3..=120, is_allowed, help)?;
    Ok(name)
}

/// Returns each credential with its audience, unless they are more than an identity may have.
fn credentials<'p>(parts: &[&'p Part<Credential>]) -> Result<Vec<(&'p Part<Credential>, &'p str)>, Refusal> {
    let with_audiences = parts.iter().flat_map(|part| {
        let audiences = part.content.audiences.iter();
        audiences.map(|audience| (*part, audience.as_str()))
    });
    let credentials: Vec<(&Part<Credential>, &str)> = with_audiences.collect();
    match credentials.len() {
        0..=MAX_CREDENTIALS => Ok(credentials),
        count => Err(Refusal {
            message: format!("the role needs {count} credentials, and Azure takes {MAX_CREDENTIALS}"),
            help: "split the role over several identities".to_owned(),
        }),
    }
}

/// Returns a comparison, unless a text has a character that an expression cannot have.
fn comparison(name: &str, pieces: &[WildcardPiece]) -> Option<String> {
    let is_pattern = !matches!(pieces, [WildcardPiece::Text(_)]);
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One => Some("?".to_owned()),
        WildcardPiece::Run => Some("*".to_owned()),
        WildcardPiece::Text(text) => {
            let is_special = text.contains('\'') || is_pattern && text.contains(['*', '?']);
            (!is_special).then(|| text.to_string())
        }
    };
    let text: String = pieces.iter().map(piece).collect::<Option<_>>()?;
    let operator = if is_pattern { "matches" } else { "eq" };
    Some(format!("claims['{name}'] {operator} '{text}'"))
}
