//! The answers that are known before anyone is asked: from the claims of a job, and from the clone.

use super::Ci;
use super::origin::Origin;
use crate::git;
use rolecall_engine::{Document, Json, JsonLimits};
use rolecall_report::failure::Failure;
use std::path::Path;

/// The issuer of all jobs of github.com.
pub(super) const GITHUB: &str = "https://token.actions.githubusercontent.com";

/// The answers that are already there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(crate) ci: Option<Ci>,
    pub(crate) url: Option<String>,
    pub(crate) project: Option<String>,
    pub(crate) id: Option<String>,
    pub(crate) branch: Option<String>,
    pub(crate) audience: Option<String>,
    pub(crate) environment: Option<String>,
}

impl Known {
    /// Returns what the clone in the working folder tells.
    pub(crate) fn of_clone() -> Self {
        let origin = git::origin(Path::new(".")).and_then(|url| Origin::of(&url));
        let Some(Origin { host, project }) = origin else {
            return Self::default();
        };
        let (ci, url) = match host.as_str() {
            "github.com" | "ssh.github.com" | "www.github.com" => (Ci::Github, GITHUB.to_owned()),
            // Another CI system, or the alias of a host in the configuration of SSH.
            "bitbucket.org" | "ssh.dev.azure.com" | "dev.azure.com" => return Self::default(),
            host if !host.contains('.') => return Self::default(),
            host => (Ci::Gitlab, format!("https://{host}")),
        };
        Self {
            ci: Some(ci),
            url: Some(url),
            project: Some(project),
            ..Self::default()
        }
    }

    /// Returns what the claims of a job tell.
    pub(crate) fn of_claims(bytes: Vec<u8>) -> Result<Self, Failure> {
        let claims = Document::parse(bytes, &JsonLimits::CLAIMS).map_err(|error| {
            Failure::new(format!("the claims cannot be read: {error}"))
                .help("name a file with the payload of a job's token, as JSON")
        })?;
        let text = |name: &str| match claims.members().get(name) {
            Some(Json::Text(text)) => Some(text.to_owned()),
            Some(Json::Int(number)) => Some(number.to_string()),
            _ => None,
        };
        let ci = match (text("repository"), text("project_path")) {
            (Some(_), _) => Some(Ci::Github),
            (None, Some(_)) => Some(Ci::Gitlab),
            (None, None) => None,
        };
        let branch = text("ref").filter(|_| text("ref_type").as_deref() == Some("branch"));
        Ok(Self {
            ci,
            url: text("iss"),
            project: text("repository").or_else(|| text("project_path")),
            id: text("repository_id").or_else(|| text("project_id")),
            branch: branch.map(|branch| branch.trim_start_matches("refs/heads/").to_owned()),
            audience: text("aud"),
            environment: text("environment"),
        })
    }

    /// Returns these answers, and those of another one where there are none.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            ci: self.ci.or(other.ci),
            url: self.url.or(other.url),
            project: self.project.or(other.project),
            id: self.id.or(other.id),
            branch: self.branch.or(other.branch),
            audience: self.audience.or(other.audience),
            environment: self.environment.or(other.environment),
        }
    }
}
