//! Condition keys: those that AWS publishes for the tokens of an issuer, and those that no token decides.

/// The meaning of a condition key. Keys are compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// `ISSUER:CLAIM`, with the issuer as a provider's ARN has it. It is absent from requests with tokens of
    /// other issuers, and if AWS does not publish it, see [`published`].
    Claim {
        /// The issuer's URL without `https://`, in lower case.
        issuer: String,
        /// The name of the key after the issuer, in lower case.
        claim: String,
    },
    /// A key of the request that no token decides.
    External(External),
}

impl Key {
    /// Reads a condition key. A key of another kind has no meaning for tokens.
    pub(crate) fn parse(written: &str) -> Option<Self> {
        let key = written.to_ascii_lowercase();
        // "The URL should not contain a port number." (IAM API Reference, `CreateOpenIDConnectProvider`.)
        let (prefix, name) = key.split_once(':')?;
        if name.is_empty() {
            return None;
        }
        match prefix {
            "aws" | "sts" => Some(Self::External(External::of(prefix, name))),
            _ if prefix.contains('.') => Some(Self::Claim {
                issuer: prefix.to_owned(),
                claim: name.to_owned(),
            }),
            _ => None,
        }
    }

    /// Returns whether the key can have several values in one request. (IAM User Guide, "Available keys for
    /// AWS OIDC federation": "The key is multivalued", of `amr`.)
    pub fn is_multivalued(&self) -> bool {
        matches!(self, Self::Claim { claim, .. } if claim == "amr")
    }
}

/// The kind of a key that no token decides. (IAM User Guide, "AWS global condition context keys" and
/// "Available keys for AWS STS".)
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum External {
    /// The network that the request comes from, such as `aws:SourceIp`.
    Network,
    /// The time of the request, such as `aws:CurrentTime`.
    Time,
    /// The session tags of the request, such as `aws:RequestTag/team`.
    Tags,
    /// The session that the caller asks for, such as `sts:RoleSessionName`.
    Session,
    /// The caller as AWS sees it, such as `aws:PrincipalOrgID`.
    Caller,
    /// Another property of the request or of the role, such as `aws:SecureTransport`.
    Request,
}

impl External {
    fn of(prefix: &str, name: &str) -> Self {
        let name = name.split_once('/').map_or(name, |(name, _)| name);
        match (prefix, name) {
            (
                _,
                "sourceip" | "sourcevpc" | "sourcevpcarn" | "sourcevpce" | "vpcsourceip" | "vpceaccount"
                | "vpceorgid" | "vpceorgpaths",
            ) => Self::Network,
            (_, "currenttime" | "epochtime" | "tokenissuetime" | "multifactorauthage") => Self::Time,
            (_, "requesttag" | "tagkeys" | "transitivetagkeys") => Self::Tags,
            (
                "sts",
                "rolesessionname"
                | "sourceidentity"
                | "durationseconds"
                | "externalid"
                | "roleauthorizedbyidp",
            ) => Self::Session,
            (_, "userid" | "username" | "federatedprovider" | "sourceidentity") => Self::Caller,
            (_, name) if name.starts_with("principal") => Self::Caller,
            _ => Self::Request,
        }
    }
}

/// The claim that a condition key has the value of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Published {
    /// The claim of this name. `null` is an absent key. A number is a text, which is known of `sub` only.
    Claim(&'static str),
    /// The claim `azp` of tokens that have it, otherwise `aud`. A token with several audiences needs `azp`.
    Audience,
    /// No claim: the key is absent from all requests.
    No,
    /// Public documentation does not say, or contradicts itself.
    Unsettled,
}

/// Returns the claim that AWS publishes as the condition key `ISSUER:NAME`, for tokens of the issuer. Case is
/// not regarded.
///
/// (IAM User Guide, "IAM and AWS STS condition context keys", section "Available keys for AWS OIDC
/// federation", whose tabs are rows of the table, with a default for other issuers; and Service Authorization
/// Reference, "Actions, resources, and condition keys for AWS Security Token Service", action
/// `AssumeRoleWithWebIdentity`.)
pub fn published(issuer: &str, name: &str) -> Published {
    let is_name = |key: &&&'static str| key.eq_ignore_ascii_case(name);
    let row = ISSUERS.iter().find(|row| is_issuer(row.issuer, issuer));
    let claims = row.map_or(DEFAULT, |row| row.claims);
    match claims.iter().find(is_name) {
        _ if name.eq_ignore_ascii_case("aud") => Published::Audience,
        _ if name.eq_ignore_ascii_case("sub") => Published::Claim("sub"),
        // "This key specifies the Google audience (`aud`) that this ID token is intended for."
        Some(&"oaud") => Published::Claim("aud"),
        Some(claim) => Published::Claim(claim),
        // The tabs of these issuers do not list them, and older pages say that all OIDC providers have some
        // of them.
        None if DEFAULT.iter().any(|key| is_name(&key)) => Published::Unsettled,
        None => Published::No,
    }
}

/// Returns whether an issuer is one of a row of the table, in which `*` is one or more characters.
fn is_issuer(row: &str, issuer: &str) -> bool {
    let issuer = issuer.to_ascii_lowercase();
    let Some((start, end)) = row.split_once('*') else {
        return row == issuer;
    };
    let middle = issuer.strip_prefix(start).and_then(|rest| rest.strip_suffix(end));
    middle.is_some_and(|middle| !middle.is_empty())
}

/// The claims of an issuer that AWS publishes, in addition to `sub` and `aud`.
struct Row {
    issuer: &'static str,
    claims: &'static [&'static str],
}

const DEFAULT: &[&str] = &["amr", "email", "oaud"];

const BUILDKITE: &[&str] = &[
    "build_branch",
    "cluster_id",
    "cluster_name",
    "organization_id",
    "organization_slug",
    "pipeline_id",
    "pipeline_slug",
];

const GITHUB: &[&str] = &[
    "actor",
    "actor_id",
    "enterprise_id",
    "environment",
    "job_workflow_ref",
    "ref",
    "repository",
    "repository_id",
    "repository_owner_id",
    "workflow",
];

const GITLAB: &[&str] = &[
    "namespace_id",
    "pipeline_source",
    "project_id",
    "ref_protected",
    "runner_environment",
    "user_access_level",
    "user_email",
    "user_id",
    "user_login",
];

const ISSUERS: &[Row] = &[
    row("accounts.google.com", &["google/organization_number", "oaud"]),
    row("agent.*.buildkite.dev", BUILDKITE),
    row("agent.*.buildkite.site", BUILDKITE),
    row("agent.buildkite.com", BUILDKITE),
    row("cognito-identity.amazonaws.com", &["amr"]),
    row("github.com/enterprises/*", GITHUB),
    row("gitlab.com", GITLAB),
    row("graph.facebook.com", &["app_id", "id"]),
    row("idcs-*.identity.oraclecloud.com", &["rpst_id"]),
    row("oidc.circleci.com/org/*", &["oidc.circleci.com/project-id"]),
    row("token.actions.*.ghe.com", GITHUB),
    row("token.actions.githubusercontent.com", GITHUB),
    row("token.actions.githubusercontent.com/*", GITHUB),
    row("www.amazon.com", &["app_id", "user_id"]),
];

const fn row(issuer: &'static str, claims: &'static [&'static str]) -> Row {
    Row { issuer, claims }
}
