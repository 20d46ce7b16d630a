//! Structured authentication of Kubernetes: an authenticator for each issuer.

use super::alternatives::Alternative;
use super::names::Names;
use super::part::{Document, Part, audiences, by_issuer};
use super::system::System;
use super::{Refusal, cel};
use serde_json::json;
use std::fmt::Write as _;

/// Kubernetes.
pub(super) struct Kubernetes;

/// The part of an authenticator.
pub(super) struct Authenticator {
    condition: String,
    audiences: Vec<String>,
}

impl System for Kubernetes {
    type Content = Authenticator;

    fn parts(alternative: &Alternative<'_>, _: &Names<'_>) -> Result<Vec<Part<Authenticator>>, Refusal> {
        let condition = cel::condition(alternative, "claims");
        let content = Authenticator {
            condition: condition.text,
            audiences: audiences(alternative),
        };
        Ok(vec![Part::new(alternative, content, &condition.left_out)])
    }

    /// Returns the configuration. Its users are named by the role and the subject, so that no other user has such a name.
    fn documents(parts: &[&Part<Authenticator>], names: &Names<'_>) -> Result<Vec<Document>, Refusal> {
        let mut text =
            "apiVersion: apiserver.config.k8s.io/v1\nkind: AuthenticationConfiguration\njwt:\n".to_owned();
        for parts in by_issuer(parts) {
            let Some(first) = parts.first() else { continue };
            let condition = cel::any(parts.iter().map(|part| part.content.condition.as_str()));
            let audiences = &first.content.audiences;
            let policy = match audiences.len() {
                0 | 1 => "",
                _ => "\n      audienceMatchPolicy: MatchAny",
            };
            // A text in JSON is one in YAML.
            let quoted = |text: &str| json!(text).to_string();
            let _ = write!(
                text,
                "  - issuer:\n      url: {}\n      audiences: {}{policy}\n    claimValidationRules:\n      - expression: {}\n        message: {}\n    claimMappings:\n      username:\n        claim: sub\n        prefix: {}\n",
                quoted(&first.issuer),
                json!(audiences),
                quoted(&condition),
                quoted(&format!("not a token for the role {}", names.role)),
                quoted(&format!("{}:", names.role)),
            );
        }
        Ok(vec![Document::new("authentication.yaml", text)])
    }
}
