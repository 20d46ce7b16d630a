//! Roles of Vault's and OpenBao's JWT auth method, with the mount of their issuer. ("JWT/OIDC auth method (API)".)

use super::alternatives::Alternative;
use super::names::{Form, Names};
use super::part::{Document, Part, audiences, file_name, json_of, numbered};
use super::system::System;
use super::texts::Texts;
use super::{Refusal, hcl, shell};
use crate::translation::are_texts;
use rolecall_engine::pattern::WildcardPiece;
use rolecall_engine::{ClaimId, ClaimType, JsonForm, Scalar};
use serde_json::{Map, Value as Json, json};

/// Vault and OpenBao.
pub(super) struct Vault;

impl System for Vault {
    type Content = Json;

    // A role is for the tokens of its mount.
    const IS_BY_ISSUER: bool = true;

    /// Returns a role. It has one type for the values of all claims: texts, or globs.
    fn parts(alternative: &Alternative<'_>, _: &Names<'_>) -> Result<Vec<Part<Json>>, Refusal> {
        let mut left_out = Vec::new();
        let mut bound: Vec<(String, Vec<Value>)> = Vec::new();
        for claim in alternative.claims() {
            let definition = &alternative.profile()[claim];
            match definition.path.as_slice() {
                [name] if name == "aud" || name == "iss" => {}
                path => match values(alternative, claim) {
                    Some(values) => bound.push((pointer(path), values)),
                    None => left_out.push(claim),
                },
            }
        }
        let has_globs = bound
            .iter()
            .flat_map(|(_, values)| values)
            .any(|value| matches!(value, Value::Glob(_)));
        let mut claims = Map::new();
        for (name, values) in bound {
            let values: Vec<Json> = values
                .into_iter()
                .filter_map(|value| value.written(has_globs))
                .collect();
            claims.insert(name, json!(values));
        }
        let content = json!({
            "role_type": "jwt",
            "user_claim": "sub",
            "bound_audiences": audiences(alternative),
            "bound_claims_type": if has_globs { "glob" } else { "string" },
            "bound_claims": claims,
        });
        Ok(vec![Part::new(alternative, content, &left_out)])
    }

    /// Returns the mount of an issuer and its roles.
    fn documents(parts: &[&Part<Json>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let Some(first) = parts.first() else {
            return Ok(Vec::new());
        };
        let mount = json!({"oidc_discovery_url": first.issuer, "bound_issuer": first.issuer});
        let mut documents = vec![Document::new(config(first), json_of(&mount))];
        for (number, part) in parts.iter().enumerate() {
            documents.push(Document::new(file(first, names, number), json_of(&part.content)));
        }
        Ok(documents)
    }

    /// Refuses a mount for the tokens of several issuers.
    fn check(groups: usize, names: &Names<'_>) -> Result<(), Refusal> {
        match At::of(names)
            .mount
            .filter(|_| groups > 1 && names.form != Form::Json)
        {
            Some(mount) => Err(Refusal {
                message: format!(
                    "the role has {groups} issuers, and the mount `{mount}` is for the tokens of one"
                ),
                help: "split the role, or export it as `json`".to_owned(),
            }),
            None => Ok(()),
        }
    }

    /// Writes the mount and its roles.
    fn commands(parts: &[&Part<Json>], names: &Names<'_>) -> Result<Document, Refusal> {
        let name = |issuer: &str| format!("commands-{issuer}.sh");
        let Some(first) = parts.first() else {
            return Ok(shell::script(name("none"), &[], &[]));
        };
        let at = At::of(names);
        let path = at.mount.unwrap_or(&first.issuer_name);
        let write = |what: &str, file: String| {
            let mut words = shell::command("vault write", &[]);
            words.extend(at.namespace.map(|namespace| format!("-namespace={namespace}")));
            words.extend([format!("auth/{path}/{what}"), format!("@{file}")]);
            words
        };
        let mut commands = vec![write("config", config(first))];
        for number in 0..parts.len() {
            let role = numbered(at.role, number);
            commands.push(write(&format!("role/{role}"), file(first, names, number)));
        }
        let mut enable = shell::command("vault auth enable", &[]);
        enable.extend(at.namespace.map(|namespace| format!("-namespace={namespace}")));
        enable.extend([format!("-path={path}"), "jwt".to_owned()]);
        let others = [("a new mount", enable)];
        Ok(shell::script(name(&first.issuer_name), &others, &commands))
    }

    /// Returns the mount and its roles. The values of a bound claim are one text with commas there.
    fn terraform(parts: &[&Part<Json>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let Some(first) = parts.first() else {
            return Ok(Vec::new());
        };
        let url = hcl::text(&first.issuer);
        let at = At::of(names);
        let given = [("path", at.mount), ("namespace", at.namespace)];
        let given = given
            .into_iter()
            .filter_map(|(name, value)| Some((name, hcl::text(value?))));
        let mount: Vec<(&str, String)> = [("oidc_discovery_url", url.clone()), ("bound_issuer", url)]
            .into_iter()
            .chain(given)
            .collect();
        let mut resources = vec![hcl::resource(
            "vault_jwt_auth_backend",
            &first.issuer_name,
            &mount,
        )];
        for (number, part) in parts.iter().enumerate() {
            let name = numbered(at.role, number);
            let member = |name: &str| part.content.get(name).map_or(Json::Null, Json::clone);
            let mut claims = Map::new();
            for (claim, values) in member("bound_claims").as_object().into_iter().flatten() {
                let texts = values.as_array().into_iter().flatten().map(Json::as_str);
                let texts: Option<Vec<&str>> = texts.collect();
                let texts = texts.filter(|texts| texts.iter().all(|text| !text.contains(',')));
                let texts = texts.ok_or_else(|| Refusal {
                    message: format!(
                        "Terraform cannot write the values of `{claim}`: it splits a text at commas"
                    ),
                    help: "export it as `json`".to_owned(),
                })?;
                claims.insert(claim.clone(), json!(texts.join(",")));
            }
            let mut members = vec![
                (
                    "backend",
                    format!("vault_jwt_auth_backend.{}.path", hcl::label(&first.issuer_name)),
                ),
                ("role_name", hcl::text(&name)),
                ("role_type", hcl::text("jwt")),
                ("user_claim", hcl::text("sub")),
                ("bound_audiences", hcl::value(&member("bound_audiences"), 1)),
                ("bound_claims_type", hcl::value(&member("bound_claims_type"), 1)),
                ("bound_claims", hcl::value(&Json::Object(claims), 1)),
            ];
            members.extend(at.namespace.map(|namespace| ("namespace", hcl::text(namespace))));
            resources.push(hcl::resource("vault_jwt_auth_backend_role", &name, &members));
        }
        Ok(vec![Document::new(
            format!("vault-{}.tf", first.issuer_name),
            hcl::file(&resources),
        )])
    }
}

/// The place of a role in Vault: `[NAMESPACE/]auth/MOUNT:ROLE`.
struct At<'n> {
    namespace: Option<&'n str>,
    mount: Option<&'n str>,
    role: &'n str,
}

impl<'n> At<'n> {
    /// Returns the place that the role grants.
    fn of(names: &'n Names<'_>) -> Self {
        let granted = names.granted("vault_role").and_then(|path| path.rsplit_once(':'));
        let Some((path, role)) = granted else {
            return Self {
                namespace: None,
                mount: None,
                role: names.role,
            };
        };
        let (namespace, mount) = match path.split_once("/auth/") {
            Some((namespace, mount)) => (Some(namespace), Some(mount)),
            None => (None, path.strip_prefix("auth/")),
        };
        Self {
            namespace,
            mount,
            role,
        }
    }
}

/// Returns the name of the file with a mount.
fn config(part: &Part<Json>) -> String {
    format!("config-{}.json", part.issuer_name)
}

/// Returns the name of the file with a role.
fn file(part: &Part<Json>, names: &Names<'_>, number: usize) -> String {
    let role = numbered(At::of(names).role, number);
    file_name(&format!("{role}-{}.json", part.issuer_name))
}

/// A value of a bound claim.
enum Value {
    Text(String),
    Glob(String),
    Other(Json),
}

impl Value {
    /// Returns the value in a role, unless its type has no such value.
    fn written(self, is_glob: bool) -> Option<Json> {
        match self {
            // Vault's globs have no escape: a literal `*` needs a role of the type `string`.
            Self::Text(text) if is_glob && text.contains('*') => None,
            Self::Text(text) | Self::Glob(text) => Some(json!(text)),
            Self::Other(_) if is_glob => None,
            Self::Other(value) => Some(value),
        }
    }
}

/// Returns the values of a claim of which one must be there, if they say all that is demanded or more.
fn values(alternative: &Alternative<'_>, claim: ClaimId) -> Option<Vec<Value>> {
    let definition = &alternative.profile()[claim];
    let scalar = definition.claim_type.scalar();
    let texts = alternative.texts(claim)?;
    let is_list = matches!(definition.claim_type, ClaimType::List(_));
    if is_list && are_texts(scalar) != Some(true) {
        return None;
    }
    texts.iter().map(|texts| value(scalar, texts)).collect()
}

fn value(scalar: &Scalar, texts: &Texts) -> Option<Value> {
    match (scalar, texts) {
        (Scalar::Bool(JsonForm::Any) | Scalar::Id(JsonForm::Any) | Scalar::Time, _) => None,
        (Scalar::Bool(JsonForm::Json), Texts::Exactly(text)) => Some(Value::Other(json!(text == "true"))),
        (Scalar::Id(JsonForm::Json) | Scalar::Int, Texts::Exactly(text)) => {
            Some(Value::Other(json!(text.parse::<i64>().ok()?)))
        }
        (_, Texts::Exactly(text)) => Some(Value::Text(text.clone())),
        (_, Texts::Like { pieces, .. }) => Some(Value::Glob(glob(pieces)?)),
    }
}

/// Returns a wildcard as Vault has it, which has no `?` and no escape.
fn glob(pieces: &[WildcardPiece]) -> Option<String> {
    let piece = |piece: &WildcardPiece| match piece {
        WildcardPiece::One => None,
        WildcardPiece::Run => Some("*".to_owned()),
        WildcardPiece::Text(text) => (!text.contains('*')).then(|| text.to_string()),
    };
    pieces.iter().map(piece).collect()
}

/// Returns the name of a claim: a JSON pointer for one in an object.
fn pointer(path: &[String]) -> String {
    let step = |name: &String| format!("/{}", name.replace('~', "~0").replace('/', "~1"));
    match path {
        [name] if !name.starts_with('/') => name.clone(),
        path => path.iter().map(step).collect(),
    }
}
