//! Projects and their owners, as the APIs of GitLab and GitHub print them.
//!
//! Facts are from "Projects API", "Groups API" and "Namespaces API" of GitLab, and "REST API endpoints for repositories",
//! "… for organizations" and "… for GitHub Actions OIDC" of GitHub, version 2026-03-10. For a repository whose subjects
//! change, GitHub prints `use_immutable_subject: false` beside a prefix with ids: the prefix is what its tokens have.

mod read;

use std::collections::BTreeMap;

/// The servers of a dump's projects, as tokens call them.
pub(crate) const GITHUB: &str = "https://token.actions.githubusercontent.com";
pub(crate) const GITLAB: &str = "https://gitlab.com";

/// The projects and owners of some dumps.
#[derive(Clone, Debug, Default)]
pub struct Projects {
    /// The projects, by the URL of their issuer and their path in lower case: servers compare paths without case.
    projects: BTreeMap<(String, String), Project>,
    /// The owners, by the same.
    owners: BTreeMap<(String, String), Owner>,
    /// True if a list can be one page of several.
    is_cut: bool,
}

/// A project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Project {
    pub(crate) path: String,
    pub(crate) id: String,
    pub(crate) owner_id: Option<String>,
}

/// An owner: a group, an organization or a user.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Owner {
    pub(crate) id: Option<String>,
    /// True if a dump is about the owner itself, and not only about a project of it.
    pub(crate) is_ours: bool,
    /// The number of its projects, if the dump says it.
    pub(crate) count: Option<u64>,
}

impl Projects {
    /// Counts an owner as ours, although no dump is about it.
    pub fn add_owner(&mut self, path: &str) {
        for server in [GITHUB, GITLAB] {
            self.owner(server, path).is_ours = true;
        }
    }

    fn owner(&mut self, server: &str, path: &str) -> &mut Owner {
        self.owners.entry(key(server, path)).or_default()
    }

    /// Returns a project.
    pub(crate) fn project(&self, issuer: &str, path: &str) -> Option<&Project> {
        self.projects.get(&key(server(issuer), path))
    }

    /// Returns the ids of a repository of GitHub, on any server, and of its owner.
    pub(crate) fn github_repository(&self, path: &str) -> Option<(&str, &str)> {
        let path = path.to_ascii_lowercase();
        let mut same = self
            .projects
            .iter()
            .filter(|((server, found), _)| *found == path && is_github(server));
        let (_, project) = same.next()?;
        let ids = (project.id.as_str(), project.owner_id.as_deref()?);
        Some(ids).filter(|_| same.next().is_none())
    }

    /// Returns the id of an owner on GitHub, on any server.
    pub(crate) fn github_owner(&self, path: &str) -> Option<&str> {
        let path = path.to_ascii_lowercase();
        let mut same = self
            .owners
            .iter()
            .filter(|((server, found), _)| *found == path && is_github(server));
        let (_, owner) = same.next()?;
        owner.id.as_deref().filter(|_| same.next().is_none())
    }

    /// Returns the project that has an id now.
    pub(crate) fn with_id(&self, issuer: &str, id: &str) -> Option<&Project> {
        let server = server(issuer);
        let mut projects = self.projects.iter();
        let found = projects.find(|((of, _), project)| of == server && project.id == id);
        found.map(|(_, project)| project)
    }

    /// Returns the id of an owner.
    pub(crate) fn owner_id(&self, issuer: &str, path: &str) -> Option<&str> {
        self.owners.get(&key(server(issuer), path))?.id.as_deref()
    }

    /// Returns whether a path is that of an owner of ours, or below one.
    pub(crate) fn is_ours(&self, issuer: &str, path: &str) -> bool {
        let path = path.to_ascii_lowercase();
        let is_below = |owner: &str| {
            let rest = path.strip_prefix(owner);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let mut owners = self.owners.iter();
        owners.any(|((of, path), owner)| of == server(issuer) && owner.is_ours && is_below(path))
    }

    /// Returns whether any owner of a server is known to be ours.
    pub(crate) fn has_owners(&self, issuer: &str) -> bool {
        let mut owners = self.owners.iter();
        owners.any(|((of, _), owner)| of == server(issuer) && owner.is_ours)
    }

    /// Returns whether the dumps have all projects of an owner: as many as it says to have, or lists that end. A list that has
    /// none of a group may be one without the groups in a group.
    pub(crate) fn is_complete(&self, issuer: &str, owner: &str) -> bool {
        let server = server(issuer);
        let start = format!("{}/", owner.to_ascii_lowercase());
        let of_owner = self
            .projects
            .keys()
            .filter(|(of, path)| of == server && path.starts_with(&start));
        let number = u64::try_from(of_owner.count()).unwrap_or(u64::MAX);
        match self.owners.get(&key(server, owner)).and_then(|owner| owner.count) {
            Some(count) => number >= count,
            // A dump of the owner alone has no projects.
            None => number > 0 && !self.is_cut,
        }
    }
}

/// Returns whether a server is one of GitHub, from the URL of its issuer.
fn is_github(issuer: &str) -> bool {
    issuer.starts_with("https://token.actions.") || issuer.ends_with("/_services/token")
}

fn key(server: &str, path: &str) -> (String, String) {
    (server.to_owned(), path.to_ascii_lowercase())
}

/// Returns the issuer of a server's tokens. An enterprise can have its own issuer on the server of GitHub.
fn server(issuer: &str) -> &str {
    let after = issuer.strip_prefix(GITHUB);
    match after.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')) {
        true => GITHUB,
        false => issuer,
    }
}
