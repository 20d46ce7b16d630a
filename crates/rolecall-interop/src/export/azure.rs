//! Federated identity credentials of Azure, exact and flexible.

use super::alternatives::Alternative;
use super::part::{Document, Names, Part, audiences, json_of};
use super::target::System;
use super::texts::Texts;
use super::{Refusal, hcl};
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
    audience: String,
    /// The member that says which subjects get in, and its value.
    member: &'static str,
    value: Json,
}

impl System for Azure {
    type Content = Credential;

    /// Returns a credential for each subject and audience.
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
            for audience in audiences(alternative) {
                let content = Credential {
                    audience,
                    member,
                    value: value.clone(),
                };
                parts.push(Part::new(alternative, content, &left_out));
            }
        }
        Ok(parts)
    }

    /// Returns the credentials as a list.
    fn documents(parts: &[&Part<Credential>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        bounded(parts.len())?;
        let credentials = parts.iter().enumerate().map(|(number, part)| {
            let Credential {
                audience,
                member,
                value,
            } = &part.content;
            json!({
                "name": format!("{}-{}", names.role, number.saturating_add(1)),
                "issuer": part.issuer,
                "audiences": [audience],
                *member: value,
            })
        });
        let credentials: Vec<Json> = credentials.collect();
        Ok(vec![Document::new(
            "credentials.json",
            json_of(&json!(credentials)),
        )])
    }

    fn terraform(parts: &[&Part<Credential>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        bounded(parts.len())?;
        let resources = parts.iter().enumerate().map(|(number, part)| {
            let Credential {
                audience,
                member,
                value,
            } = &part.content;
            let name = format!("{}-{}", names.role, number.saturating_add(1));
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
            hcl::resource(kind, &name, &members)
        });
        let resources: Vec<String> = resources.collect();
        Ok(vec![Document::new("credentials.tf", hcl::file(&resources))])
    }
}

/// Refuses more credentials than an identity may have.
fn bounded(count: usize) -> Result<(), Refusal> {
    match count {
        0..=MAX_CREDENTIALS => Ok(()),
        _ => Err(Refusal {
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
