//! Members of bindings that are tokens of a pool (IAM documentation, "Principal identifiers").

use std::fmt;

/// A pool: its project and its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pool {
    /// The number of the project, or its name if the document has that.
    pub project: String,
    /// The name of the pool.
    pub id: String,
}

impl fmt::Display for Pool {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { project, id } = self;
        write!(
            formatter,
            "projects/{project}/locations/global/workloadIdentityPools/{id}"
        )
    }
}

/// A member of a binding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Member {
    /// Tokens that a pool takes.
    Tokens(Pool, Selection),
    /// `allUsers` or `allAuthenticatedUsers`
    AllUsers,
    /// A user, a group, a service account and the like, as written, which get no token of a provider.
    Other(String),
}

/// The kinds of members that are not tokens of a pool. (Google Cloud, "Principal identifiers".)
const OTHERS: &[&str] = &[
    "deleted:",
    "domain:",
    "group:",
    "projectEditor:",
    "projectOwner:",
    "projectViewer:",
    "serviceAccount:",
    "user:",
];

/// The tokens of a pool that a member is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All of them.
    All,
    /// Those whose attribute `attribute.NAME` has a value.
    Attribute(String, String),
    /// Those that have a group in `google.groups`.
    Group(String),
    /// Those whose `google.subject` has a value.
    Subject(String),
}

/// The reason why a member is not understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MemberFault {
    /// No form of a member is like this.
    Form,
    /// The documentation does not say whether `%` is a character or begins an escape.
    Percent,
}

impl Member {
    /// Reads a member.
    pub(super) fn parse(written: &str) -> Result<Self, MemberFault> {
        if matches!(written, "allUsers" | "allAuthenticatedUsers") {
            return Ok(Self::AllUsers);
        }
        let (is_set, rest) = match (
            written.strip_prefix("principal://"),
            written.strip_prefix("principalSet://"),
        ) {
            (Some(rest), _) => (false, rest),
            (_, Some(rest)) => (true, rest),
            // `deleted:principal://…` is a member that no token is.
            _ if OTHERS.iter().any(|kind| written.starts_with(kind)) => {
                return Ok(Self::Other(written.to_owned()));
            }
            _ => return Err(MemberFault::Form),
        };
        let path = rest
            .strip_prefix("iam.googleapis.com/")
            .ok_or(MemberFault::Form)?;
        if path.starts_with("locations/global/workforcePools/") {
            return Ok(Self::Other(written.to_owned()));
        }
        let (pool, selection) = Pool::split(path).ok_or(MemberFault::Form)?;
        if path.contains('%') {
            return Err(MemberFault::Percent);
        }
        let selection = match (is_set, selection.split_once('/')) {
            (true, None) if selection == "*" => Selection::All,
            (false, Some(("subject", value))) if !value.is_empty() => Selection::Subject(value.to_owned()),
            (true, Some(("group", value))) if !value.is_empty() => Selection::Group(value.to_owned()),
            (true, Some((key, value))) if !value.is_empty() => {
                let name = key.strip_prefix("attribute.").ok_or(MemberFault::Form)?;
                Selection::Attribute(name.to_owned(), value.to_owned())
            }
            _ => return Err(MemberFault::Form),
        };
        Ok(Self::Tokens(pool, selection))
    }
}

impl Pool {
    /// Splits `projects/NUMBER/locations/global/workloadIdentityPools/POOL/REST` into the pool and the rest.
    pub(super) fn split(path: &str) -> Option<(Self, &str)> {
        let (project, rest) = path.strip_prefix("projects/")?.split_once('/')?;
        let rest = rest.strip_prefix("locations/global/workloadIdentityPools/")?;
        let (id, rest) = rest.split_once('/')?;
        let pool = Self {
            project: project.to_owned(),
            id: id.to_owned(),
        };
        (!project.is_empty() && !id.is_empty()).then_some((pool, rest))
    }
}
