//! Refused requests.

use std::fmt;

use rolecall::VerifyError;

/// The reason that nothing is issued.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The job's token is not accepted.
    Token(VerifyError),
    /// The token is one of this exchange, which never trusts itself.
    OwnToken,
    /// The audience of the job's token is not that of the door.
    OtherDoor,
    /// The token went through too many exchanges.
    LongChain,
    /// The token gets no role that fits. An unknown role and a forbidden one are the same.
    NoRole,
    /// The same, with the claims that failed, for the answer.
    FailedClaims(String),
    /// The token gets several roles that fit, and the client does not name one.
    SeveralRoles(Vec<String>),
    /// The role has no grant that says for which audience its tokens are.
    NoAudience,
    /// The role's lifetime is shorter than any that the upstream issues.
    ShortLife,
    /// The upstream issued something that lives longer than the role may.
    LongLife,
    /// The token was used for this role before.
    Replayed,
    /// The token has no `jti`, which the door wants because it takes each token once.
    NoTokenId,
    /// Something of the exchange is not available: the same request may succeed later.
    Unavailable(Unavailable),
}

/// A part of the exchange that is not available.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unavailable {
    Audit,
    Randomness,
    Replay,
    SessionKey,
    SigningKey,
}

/// A class of refusals, which each protocol has its own form for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    /// The token is not accepted, whatever is asked for.
    InvalidToken,
    /// The token has expired.
    Expired,
    /// The token does not get what is asked for.
    Denied,
    /// The same request may succeed later.
    Unavailable,
}

impl Refusal {
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Token(VerifyError::Expired { .. }) => Class::Expired,
            Self::Token(error) if error.is_temporary() => Class::Unavailable,
            Self::Token(_) | Self::OwnToken | Self::OtherDoor | Self::LongChain | Self::NoTokenId => {
                Class::InvalidToken
            }
            Self::NoRole
            | Self::FailedClaims(_)
            | Self::SeveralRoles(_)
            | Self::NoAudience
            | Self::ShortLife
            | Self::LongLife
            | Self::Replayed => Class::Denied,
            Self::Unavailable(_) => Class::Unavailable,
        }
    }

    /// Returns the message for the client, with the claims that failed if the configuration says so.
    pub(crate) fn description(&self) -> String {
        match self {
            Self::FailedClaims(failed) => format!("{self}: {failed}"),
            _ => self.to_string(),
        }
    }

    /// Returns a stable identifier, for the audit and for metrics.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Token(error) => error.code(),
            Self::OwnToken => "own_token",
            Self::OtherDoor => "other_door",
            Self::LongChain => "long_chain",
            Self::NoRole | Self::FailedClaims(_) => "no_role",
            Self::SeveralRoles(_) => "several_roles",
            Self::NoAudience => "no_audience",
            Self::ShortLife => "short_life",
            Self::LongLife => "long_life",
            Self::Replayed => "already_used",
            Self::NoTokenId => "no_token_id",
            Self::Unavailable(Unavailable::Audit) => "audit_unavailable",
            Self::Unavailable(Unavailable::Randomness) => "no_randomness",
            Self::Unavailable(Unavailable::Replay) => "replay_unavailable",
            Self::Unavailable(Unavailable::SessionKey) => "no_session_key",
            Self::Unavailable(Unavailable::SigningKey) => "no_signing_key",
        }
    }
}

/// Writes the message for the client. It has nothing of the policies: a role that does not exist, one of others and
/// one whose conditions fail give the same.
impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.class() {
            Class::InvalidToken => write!(f, "the token is not accepted: {}", self.code()),
            Class::Expired => f.write_str("the token has expired"),
            Class::Denied if *self == Self::LongLife => {
                f.write_str("what the upstream issued lives longer than the role may")
            }
            Class::Denied => f.write_str("the token does not get what is asked for"),
            Class::Unavailable => f.write_str("the exchange cannot answer now, try again"),
        }
    }
}
