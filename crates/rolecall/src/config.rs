//! Checks of an issuer's configuration: a permissive one is refused before any token is read.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use rolecall_engine::{Issuer, IssuerUrlFault, check_issuer_url};

/// Error of an issuer's configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// Two issuers have the same URL, so a token's issuer would be ambiguous.
    DuplicateUrl {
        /// The configured URL.
        url: String,
    },
    /// The leeway is longer than [`Issuer::LONGEST_LEEWAY`].
    LeewayTooLong {
        /// The issuer's name in the policies.
        issuer: String,
        /// The configured leeway.
        leeway: Duration,
    },
    /// The authorized party is an empty text.
    EmptyAuthorizedParty {
        /// The issuer's name in the policies.
        issuer: String,
    },
    /// The maximum lifetime of a token is less than a second, or more than [`Issuer::LONGEST_MAX_AGE`].
    MaxAgeOutOfRange {
        /// The issuer's name in the policies.
        issuer: String,
        /// The configured maximum lifetime.
        max_age: Duration,
    },
    /// The issuer has no signature algorithm, or none for its kind of tokens.
    NoAlgorithm {
        /// The issuer's name in the policies.
        issuer: String,
    },
    /// The issuer has no audience, or an empty one. Without it, tokens issued for other services would be
    /// accepted.
    NoAudience {
        /// The issuer's name in the policies.
        issuer: String,
    },
    /// The issuer has neither a key file nor a key source.
    NoKeySource {
        /// The issuer's name in the policies.
        issuer: String,
    },
    /// The limit of the subject's length is 0, or more than [`Issuer::LARGEST_SUBJECT_LIMIT`].
    SubjectLimitOutOfRange {
        /// The issuer's name in the policies.
        issuer: String,
        /// The configured limit in characters.
        subject_limit: usize,
    },
    /// The URL is not a valid issuer identifier (OpenID Connect Core section 2). It must be ASCII, with the
    /// scheme `https` (or `http` for a loopback host), a host, and optionally a port and a path; a user, a
    /// query or a fragment is refused.
    Url {
        /// The issuer's name in the policies.
        issuer: String,
        /// The configured URL.
        url: String,
        /// The rule that the URL breaks.
        fault: IssuerUrlFault,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateUrl { url } => write!(f, "two issuers have the URL `{}`", url.escape_debug()),
            Self::EmptyAuthorizedParty { issuer } => {
                write!(f, "issuer `{issuer}` has an empty authorized party")
            }
            Self::LeewayTooLong { issuer, leeway } => {
                let longest = Issuer::LONGEST_LEEWAY.as_secs();
                write!(
                    f,
                    "issuer `{issuer}` has a leeway of {} s; it must be at most {longest} s",
                    leeway.as_secs()
                )
            }
            Self::MaxAgeOutOfRange { issuer, max_age } => {
                let longest = Issuer::LONGEST_MAX_AGE.as_secs();
                write!(
                    f,
                    "issuer `{issuer}` has a max_age of {} s; it must be 1 to {longest} s",
                    max_age.as_secs()
                )
            }
            Self::NoAlgorithm { issuer } => write!(f, "issuer `{issuer}` has no algorithm"),
            Self::NoAudience { issuer } => write!(f, "issuer `{issuer}` has no audience, or an empty one"),
            Self::NoKeySource { issuer } => write!(f, "issuer `{issuer}` has no key source"),
            Self::SubjectLimitOutOfRange {
                issuer,
                subject_limit,
            } => {
                let largest = Issuer::LARGEST_SUBJECT_LIMIT;
                write!(
                    f,
                    "issuer `{issuer}` has a subject_limit of {subject_limit}; it must be 1 to {largest}"
                )
            }
            Self::Url { issuer, url, fault } => {
                let url = url.escape_debug();
                write!(
                    f,
                    "issuer `{issuer}` has the URL `{url}`, which is not valid: {fault}"
                )
            }
        }
    }
}

impl Error for ConfigError {}

/// Checks the configuration of one issuer.
pub(crate) fn check(issuer: &Issuer) -> Result<(), ConfigError> {
    let name = || issuer.name.clone();
    check_issuer_url(&issuer.url).map_err(|fault| ConfigError::Url {
        issuer: name(),
        url: issuer.url.clone(),
        fault,
    })?;
    if issuer.audiences.is_empty() || issuer.audiences.iter().any(String::is_empty) {
        return Err(ConfigError::NoAudience { issuer: name() });
    }
    if !issuer.algorithms.iter().any(|own| issuer.allows(*own)) {
        return Err(ConfigError::NoAlgorithm { issuer: name() });
    }
    if issuer.authorized_party.as_ref().is_some_and(String::is_empty) {
        return Err(ConfigError::EmptyAuthorizedParty { issuer: name() });
    }
    if !(1..=Issuer::LARGEST_SUBJECT_LIMIT).contains(&issuer.subject_limit) {
        return Err(ConfigError::SubjectLimitOutOfRange {
            issuer: name(),
            subject_limit: issuer.subject_limit,
        });
    }
    if issuer.leeway > Issuer::LONGEST_LEEWAY {
        return Err(ConfigError::LeewayTooLong {
            issuer: name(),
            leeway: issuer.leeway,
        });
    }
    if issuer.max_age.as_secs() == 0 || issuer.max_age > Issuer::LONGEST_MAX_AGE {
        return Err(ConfigError::MaxAgeOutOfRange {
            issuer: name(),
            max_age: issuer.max_age,
        });
    }
    Ok(())
}
