//! Which issuers a verifier takes on: a loose one is refused before any token is read.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use rolecall_engine::{Issuer, IssuerUrlFault, check_issuer_url};

/// Why an issuer cannot be trusted as it is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ConfigError {
    /// Two issuers have one URL, so that a token would be of both.
    DuplicateUrl {
        /// The URL.
        url: String,
    },
    /// The leeway is more than [`Issuer::LONGEST_LEEWAY`].
    LeewayTooLong {
        /// The name of the issuer.
        issuer: String,
        /// The leeway.
        leeway: Duration,
    },
    /// The longest life of a token is nothing, or more than [`Issuer::LONGEST_MAX_AGE`].
    MaxAgeOutOfRange {
        /// The name of the issuer.
        issuer: String,
        /// The longest life.
        max_age: Duration,
    },
    /// The issuer may sign with nothing.
    NoAlgorithm {
        /// The name of the issuer.
        issuer: String,
    },
    /// The issuer has no audience, or an empty one: its tokens for anybody would be accepted here.
    NoAudience {
        /// The name of the issuer.
        issuer: String,
    },
    /// Nobody said where the keys of the issuer come from.
    NoKeySource {
        /// The name of the issuer.
        issuer: String,
    },
    /// The URL is no issuer identifier (OpenID Connect Core section 2): `https`, or `http` on this machine; a host, perhaps
    /// a port and a path; no user, query or fragment; ASCII.
    Url {
        /// The name of the issuer.
        issuer: String,
        /// The URL.
        url: String,
        /// The rule that it breaks.
        fault: IssuerUrlFault,
    },
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::DuplicateUrl { url } => write!(f, "two issuers have the URL `{}`", url.escape_debug()),
            Self::LeewayTooLong { issuer, leeway } => {
                let longest = Issuer::LONGEST_LEEWAY.as_secs();
                write!(
                    f,
                    "issuer `{issuer}` has a leeway of {} s, more than {longest} s",
                    leeway.as_secs()
                )
            }
            Self::MaxAgeOutOfRange { issuer, max_age } => {
                let longest = Issuer::LONGEST_MAX_AGE.as_secs();
                write!(
                    f,
                    "issuer `{issuer}` has a max_age of {} s, and not 1 to {longest} s",
                    max_age.as_secs()
                )
            }
            Self::NoAlgorithm { issuer } => write!(f, "issuer `{issuer}` has no algorithm"),
            Self::NoAudience { issuer } => write!(f, "issuer `{issuer}` has no audience, or an empty one"),
            Self::NoKeySource { issuer } => write!(f, "issuer `{issuer}` has no source of keys"),
            Self::Url { issuer, url, fault } => {
                let url = url.escape_debug();
                write!(
                    f,
                    "issuer `{issuer}` has `{url}`, which is no URL of an issuer: {fault}"
                )
            }
        }
    }
}

impl Error for ConfigError {}

/// Checks what one issuer says of itself.
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
    if issuer.algorithms.is_empty() {
        return Err(ConfigError::NoAlgorithm { issuer: name() });
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
