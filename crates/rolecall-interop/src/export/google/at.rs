//! Names of a pool and its providers.

use crate::export::Refusal;
use crate::export::names::{Names, checked};

/// The pool of the documents. By default it is called as the role, because it must have no other providers.
pub(super) struct At<'n> {
    project: Option<&'n str>,
    pub(super) pool: String,
    /// The id of the provider, if the role grants one.
    provider: Option<&'n str>,
}

impl<'n> At<'n> {
    /// Returns the names that are given, or else those of the provider that the role grants:
    /// `//iam.googleapis.com/projects/NUMBER/locations/global/workloadIdentityPools/POOL/providers/ID`.
    pub(super) fn of(names: &'n Names<'_>) -> Result<Self, Refusal> {
        let granted = names.granted("gcp_provider");
        let parts: Vec<&str> = granted.map_or_else(Vec::new, |name| {
            name.trim_start_matches("https:").split('/').collect()
        });
        let (mut project, mut pool, mut provider) = (None, None, None);
        if let [
            "",
            "",
            "iam.googleapis.com",
            "projects",
            number,
            "locations",
            "global",
            "workloadIdentityPools",
            id,
            "providers",
            of_pool,
        ] = parts.as_slice()
        {
            (project, pool, provider) = (Some(*number), Some(*id), Some(*of_pool));
        }
        let pool = names.pool.as_deref().or(pool).unwrap_or(names.role);
        let help = "add `--pool ID`: 4 to 32 lower-case letters, digits and `-`";
        id("the id of a pool", pool, help)?;
        Ok(Self {
            project: names.project.as_deref().or(project),
            pool: pool.to_owned(),
            provider,
        })
    }

    pub(super) fn project(&self) -> Result<&'n str, Refusal> {
        let help = "add `--project NUMBER`, or the grant `gcp_provider`";
        let project = self.project.ok_or_else(|| Refusal {
            message: "the project is not known".to_owned(),
            help: help.to_owned(),
        })?;
        checked(
            "the number of a project",
            project,
            1..=20,
            |c| c.is_ascii_digit(),
            help,
        )
    }

    /// Returns the name of the pool.
    pub(super) fn pool(&self) -> Result<String, Refusal> {
        let project = self.project()?;
        Ok(format!(
            "projects/{project}/locations/global/workloadIdentityPools/{}",
            self.pool
        ))
    }

    /// Returns the id of a provider: the one that the role grants, if its tokens have one issuer, or the name of the issuer.
    pub(super) fn provider<'p>(&self, issuer: &'p str, issuers: usize) -> Result<&'p str, Refusal>
    where
        'n: 'p,
    {
        let help = "rename the issuer in the policy: 4 to 32 lower-case letters, digits and `-`";
        match self.provider {
            Some(provider) if issuers == 1 => Ok(provider),
            _ => id("the id of a provider", issuer, help),
        }
    }
}

/// Refuses an id that Google Cloud does not take. (Reference of `projects.locations.workloadIdentityPools`, `create`.)
fn id<'t>(what: &str, name: &'t str, help: &str) -> Result<&'t str, Refusal> {
    let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    let name = checked(what, name, 4..=32, is_allowed, help)?;
    match name.starts_with("gcp-") {
        true => checked(what, name, 0..=0, is_allowed, help),
        false => Ok(name),
    }
}
