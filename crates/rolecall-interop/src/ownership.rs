//! Names of projects in roles, and their owners today: a name can be given up, and registered by another owner.

mod found;

use crate::projects::Projects;
use found::{Found, found};
use rolecall_engine::PolicySet;
use std::collections::{BTreeMap, BTreeSet};

/// A name that roles compare.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ComparedName {
    /// The URL of the issuer.
    pub issuer: String,
    /// The path of the project or the owner.
    pub path: String,
    /// True if any project of this owner gets the roles.
    pub is_owner: bool,
    /// The owner today.
    pub standing: Standing,
    /// The roles, each with whether it compares the id, too.
    pub roles: BTreeMap<String, bool>,
}

/// The owner of a name today.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// It is ours, and has this id.
    Ours {
        /// The id.
        id: String,
    },
    /// It is ours, but a role compares the id of another project.
    OtherId {
        /// The id of the name.
        id: String,
        /// The compared id.
        compared: String,
        /// The path of the project with that id today, if the dumps have it.
        renamed_to: Option<String>,
    },
    /// It is not ours.
    OtherOwner {
        /// The id.
        id: String,
    },
    /// Its owner is ours, and has no such project: a member of the owner can register it.
    Unregistered,
    /// The dumps do not say it, for this reason.
    Unknown(&'static str),
}

/// An issuer, a path, and whether it is that of an owner.
type Name = (String, String, bool);
/// The roles that compare a name, each with whether it compares an id, too, and the ids of each clause that does.
type Uses = (BTreeMap<String, bool>, BTreeSet<Vec<String>>);

/// Finds the names of projects and owners that roles compare, and says whose they are. `projects` has the dumps of the APIs
/// of the CI systems.
pub fn ownership(set: &PolicySet, projects: &Projects) -> Vec<ComparedName> {
    let mut names: BTreeMap<Name, Uses> = BTreeMap::new();
    for Found {
        issuer,
        path,
        is_owner,
        ids,
        role,
    } in found(set)
    {
        let (roles, compared) = names.entry((issuer, path, is_owner)).or_default();
        // A role is as weak as its weakest clause.
        let is_pinned = roles.entry(role).or_insert(true);
        *is_pinned &= !ids.is_empty();
        compared.extend((!ids.is_empty()).then_some(ids));
    }
    let name = |((issuer, path, is_owner), (roles, compared)): (Name, Uses)| {
        let standing = match is_owner {
            true => of_owner(projects, &issuer, &path),
            false => of_project(projects, &issuer, &path, &compared),
        };
        ComparedName {
            issuer,
            path,
            is_owner,
            standing,
            roles,
        }
    };
    names.into_iter().map(name).collect()
}

fn of_owner(projects: &Projects, issuer: &str, path: &str) -> Standing {
    let id = projects.owner_id(issuer, path).map(str::to_owned);
    match (projects.is_ours(issuer, path), id) {
        (true, Some(id)) => Standing::Ours { id },
        (true, None) => Standing::Unknown("no dump has its id"),
        (false, Some(id)) if projects.has_owners(issuer) => Standing::OtherOwner { id },
        (false, Some(_)) => Standing::Unknown("no dump says which owners are ours"),
        (false, None) => Standing::Unknown("no dump has it"),
    }
}

fn of_project(projects: &Projects, issuer: &str, path: &str, compared: &BTreeSet<Vec<String>>) -> Standing {
    let owner = path.rsplit_once('/').map_or("", |(owner, _)| owner);
    match (projects.project(issuer, path), projects.is_ours(issuer, path)) {
        // A clause can be about several projects, with the ids of all.
        (Some(project), true) => match compared
            .iter()
            .filter(|ids| !ids.contains(&project.id))
            .find_map(|ids| ids.first())
        {
            Some(other) => Standing::OtherId {
                id: project.id.clone(),
                compared: other.clone(),
                renamed_to: projects
                    .with_id(issuer, other)
                    .map(|project| project.path.clone()),
            },
            None => Standing::Ours {
                id: project.id.clone(),
            },
        },
        (Some(project), false) if projects.has_owners(issuer) => Standing::OtherOwner {
            id: project.id.clone(),
        },
        (Some(_), false) => Standing::Unknown("no dump says which owners are ours"),
        (None, true) if projects.is_complete(issuer, owner) => Standing::Unregistered,
        (None, true) => Standing::Unknown("the dumps do not have all projects of its owner"),
        (None, false) => Standing::Unknown("no dump has it"),
    }
}
