//! Providers of Google Cloud with a binding for all tokens of their pool, which must have no other providers.

mod at;

use super::alternatives::Alternative;
use super::names::Names;
use super::part::{Document, Part, audiences, by_issuer, json_of};
use super::system::System;
use super::{Refusal, cel, hcl, shell};
use crate::translation::are_texts;
use at::At;
use rolecall_engine::ClaimId;
use rolecall_engine::ir::Trust;
use serde_json::json;

/// The most characters of a condition. (Reference of `projects.locations.workloadIdentityPools.providers`, `attributeCondition`.)
const MAX_CONDITION: usize = 4_096;

/// Google Cloud.
pub(super) struct Google;

/// The part of a provider.
pub(super) struct Provider {
    condition: String,
    audiences: Vec<String>,
    /// The names of claims that may be `google.subject`.
    ids: Vec<String>,
}

impl System for Google {
    type Content = Provider;

    fn parts(alternative: &Alternative<'_>, _: &Names<'_>) -> Result<Vec<Part<Provider>>, Refusal> {
        let condition = cel::condition(alternative, "assertion");
        let content = Provider {
            condition: condition.text,
            audiences: audiences(alternative),
            ids: ids(alternative),
        };
        Ok(vec![Part::new(alternative, content, &condition.left_out)])
    }

    /// Returns the providers of a pool, one for each issuer, and the binding of its tokens.
    fn documents(parts: &[&Part<Provider>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let at = At::of(names)?;
        let pool = at.pool()?;
        let mut documents = Vec::new();
        let groups = by_issuer(parts);
        let issuers = groups.len();
        for parts in groups {
            let Some(first) = parts.first() else { continue };
            let provider = json!({
                "name": format!("{pool}/providers/{}", at.provider(&first.issuer_name, issuers)?),
                "state": "ACTIVE",
                "oidc": {"issuerUri": first.issuer, "allowedAudiences": first.content.audiences},
                "attributeMapping": {"google.subject": format!("assertion.{}", subject(&parts))},
                "attributeCondition": condition(&parts)?,
            });
            documents.push(Document::new(
                format!("provider-{}.json", first.issuer_name),
                json_of(&provider),
            ));
        }
        let member = format!("principalSet://iam.googleapis.com/{pool}/*");
        let policy = json!({"bindings": [{"role": "roles/iam.workloadIdentityUser", "members": [member]}]});
        documents.push(Document::new("iam-policy.json", json_of(&policy)));
        Ok(documents)
    }

    fn terraform(parts: &[&Part<Provider>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let at = At::of(names)?;
        let pool = format!("google_iam_workload_identity_pool.{}", hcl::label(&at.pool));
        let id = ("workload_identity_pool_id", hcl::text(&at.pool));
        let mut resources = vec![hcl::resource(
            "google_iam_workload_identity_pool",
            &at.pool,
            &[id],
        )];
        let groups = by_issuer(parts);
        let issuers = groups.len();
        for parts in groups {
            let Some(first) = parts.first() else { continue };
            let mapping = json!({"google.subject": format!("assertion.{}", subject(&parts))});
            let audiences = hcl::value(&json!(first.content.audiences), 2);
            let members = [
                (
                    "workload_identity_pool_id",
                    format!("{pool}.workload_identity_pool_id"),
                ),
                (
                    "workload_identity_pool_provider_id",
                    hcl::text(at.provider(&first.issuer_name, issuers)?),
                ),
                ("attribute_mapping", hcl::value(&mapping, 1)),
                ("attribute_condition", hcl::text(&condition(&parts)?)),
            ];
            let oidc = [
                ("issuer_uri", hcl::text(&first.issuer)),
                ("allowed_audiences", audiences),
            ];
            resources.push(hcl::resource_with_block(
                "google_iam_workload_identity_pool_provider",
                &first.issuer_name,
                &members,
                Some(("oidc", &oidc)),
            ));
        }
        let account = format!("google_service_account.{}.name", hcl::label(names.role));
        let members = [
            ("service_account_id", account),
            ("role", hcl::text("roles/iam.workloadIdentityUser")),
            (
                "member",
                format!("\"principalSet://iam.googleapis.com/${{{pool}.name}}/*\""),
            ),
        ];
        resources.push(hcl::resource(
            "google_service_account_iam_member",
            names.role,
            &members,
        ));
        Ok(vec![Document::new("provider.tf", hcl::file(&resources))])
    }

    /// Makes the pool and its providers, and binds its tokens to the service account.
    fn commands(parts: &[&Part<Provider>], names: &Names<'_>) -> Result<Document, Refusal> {
        let at = At::of(names)?;
        let project = at.project()?;
        let account = names.granted("gcp_service_account").ok_or_else(|| Refusal {
            message: "the service account is not known".to_owned(),
            help: "add the grant `gcp_service_account` with its e-mail".to_owned(),
        })?;
        let project = format!("--project={project}");
        let pools = "gcloud iam workload-identity-pools";
        let mut commands = vec![shell::command(
            &format!("{pools} create {} --location=global", at.pool),
            &[&project],
        )];
        let groups = by_issuer(parts);
        let issuers = groups.len();
        for parts in groups {
            let Some(first) = parts.first() else { continue };
            let content = &first.content;
            // A list has commas between its elements, and another delimiter if it begins with `^`. ("gcloud topic escaping".)
            let audiences = content.audiences.join(",");
            if content
                .audiences
                .iter()
                .any(|audience| audience.contains([',', '^']))
            {
                return Err(Refusal {
                    message: "`gcloud` takes no audience with `,` or `^`".to_owned(),
                    help: "export it as `json`".to_owned(),
                });
            }
            let id = at.provider(&first.issuer_name, issuers)?;
            let words = format!(
                "{pools} providers create-oidc {id} --location=global --workload-identity-pool={}",
                at.pool
            );
            commands.push(shell::command(
                &words,
                &[
                    &project,
                    &format!("--issuer-uri={}", first.issuer),
                    &format!("--allowed-audiences={audiences}"),
                    &format!("--attribute-mapping=google.subject=assertion.{}", subject(&parts)),
                    &format!("--attribute-condition={}", condition(&parts)?),
                ],
            ));
        }
        let member = format!("--member=principalSet://iam.googleapis.com/{}/*", at.pool()?);
        commands.push(shell::command(
            "gcloud iam service-accounts add-iam-policy-binding",
            &[account, "--role=roles/iam.workloadIdentityUser", &member],
        ));
        Ok(shell::script("commands.sh", &[], &commands))
    }
}

/// Returns the claim that is `google.subject` of a provider.
fn subject<'p>(parts: &[&'p Part<Provider>]) -> &'p str {
    let Some((first, rest)) = parts.split_first() else {
        return "sub";
    };
    let is_common = |id: &&String| rest.iter().all(|part| part.content.ids.contains(id));
    first
        .content
        .ids
        .iter()
        .rfind(is_common)
        .map_or("sub", String::as_str)
}

/// Returns the condition of a provider.
fn condition(parts: &[&Part<Provider>]) -> Result<String, Refusal> {
    let condition = cel::any(parts.iter().map(|part| part.content.condition.as_str()));
    let size = condition.chars().count();
    match size {
        0..=MAX_CONDITION => Ok(condition),
        _ => Err(Refusal {
            message: format!("the condition has {size} characters, and Google Cloud takes {MAX_CONDITION}"),
            help: "split the role".to_owned(),
        }),
    }
}

/// Returns the names of claims that may be `google.subject`, which has at most 127 bytes: ids that each token has.
fn ids(alternative: &Alternative<'_>) -> Vec<String> {
    let is_id = |claim: &ClaimId| {
        let definition = &alternative.profile()[*claim];
        definition.trust == Trust::Immutable
            && definition.path.len() == 1
            && alternative.has(*claim) == Some(true)
            && are_texts(definition.claim_type.scalar()) == Some(true)
    };
    let ids = alternative.claims().into_iter().filter(is_id);
    ids.map(|claim| alternative.profile()[claim].path.concat())
        .collect()
}
