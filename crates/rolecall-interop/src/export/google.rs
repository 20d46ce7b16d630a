//! Providers of Google Cloud with a binding for all tokens of their pool, which must have no other providers.

use super::alternatives::Alternative;
use super::part::{Document, Names, Part, audiences, by_issuer, json_of};
use super::target::System;
use super::{Refusal, cel, hcl};
use crate::translation::are_texts;
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
        let pool = format!(
            "projects/{}/locations/global/workloadIdentityPools/{}",
            names.project, names.pool
        );
        let mut documents = Vec::new();
        for parts in by_issuer(parts) {
            let Some(first) = parts.first() else { continue };
            let provider = json!({
                "name": format!("{pool}/providers/{}", first.issuer_name),
                "state": "ACTIVE",
                "oidc": {"issuerUri": first.issuer, "allowedAudiences": first.content.audiences},
                "attributeMapping": {"google.subject": format!("assertion.{}", subject(&parts))},
                "attributeCondition": condition(&parts)?,
            });
            documents.push(Document::new(
                &format!("provider-{}.json", first.issuer_name),
                json_of(&provider),
            ));
        }
        let member = format!("principalSet://iam.googleapis.com/{pool}/*");
        let policy = json!({"bindings": [{"role": "roles/iam.workloadIdentityUser", "members": [member]}]});
        documents.push(Document::new("iam-policy.json", json_of(&policy)));
        Ok(documents)
    }

    fn terraform(parts: &[&Part<Provider>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let pool = format!("google_iam_workload_identity_pool.{}", hcl::label(names.pool));
        let id = ("workload_identity_pool_id", hcl::text(names.pool));
        let mut resources = vec![hcl::resource(
            "google_iam_workload_identity_pool",
            names.pool,
            &[id],
        )];
        for parts in by_issuer(parts) {
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
                    hcl::text(&first.issuer_name),
                ),
                ("attribute_mapping", hcl::value(&mapping, 1)),
                ("attribute_condition", hcl::text(&condition(&parts)?)),
            ];
            let provider = hcl::resource(
                "google_iam_workload_identity_pool_provider",
                &first.issuer_name,
                &members,
            );
            let oidc = format!(
                "  oidc {{\n    issuer_uri        = {}\n    allowed_audiences = {audiences}\n  }}\n}}\n",
                hcl::text(&first.issuer)
            );
            resources.push(format!("{}{oidc}", provider.trim_end().trim_end_matches('}')));
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
