//! Trusted issuers: the settings of `issuer` items for a verifier.

use crate::json::JsonLimits;
use std::fmt;
use std::time::Duration;

/// A trusted issuer of tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issuer {
    /// The issuer's name in the policies.
    pub name: String,
    /// The exact value of `iss`, compared byte by byte.
    pub url: String,
    /// The name of the issuer's profile.
    pub profile: String,
    /// The audiences that a token may be meant for; never empty.
    pub audiences: Vec<String>,
    /// The location of the issuer's keys, an `https` URL or a file; `None` if the discovery document names
    /// it.
    pub jwks: Option<String>,
    /// The algorithms that the issuer's tokens may be signed with; never empty.
    pub algorithms: Vec<Algorithm>,
    /// The longest lifetime of a token: `exp` less `iat`.
    pub max_age: Duration,
    /// The largest difference between the clocks of the issuer and the verifier.
    pub leeway: Duration,
    /// The largest number of characters of `sub`.
    pub subject_limit: usize,
    /// The `azp` that is accepted in addition to the token's audience.
    pub authorized_party: Option<String>,
    /// The kind of the issuer's tokens. It depends on the profile alone.
    pub tokens: TokenKind,
}

impl Issuer {
    /// The default of `max_age`: one day.
    pub const DEFAULT_MAX_AGE: Duration = Duration::from_secs(24 * 60 * 60);
    /// The largest `max_age`: 30 days.
    pub const LONGEST_MAX_AGE: Duration = Duration::from_secs(30 * 24 * 60 * 60);
    /// The default of `leeway`: 30 seconds.
    pub const DEFAULT_LEEWAY: Duration = Duration::from_secs(30);
    /// The largest `leeway`: five minutes, as on AWS. More would only keep expired tokens alive.
    pub const LONGEST_LEEWAY: Duration = Duration::from_secs(300);

    /// The default of `subject_limit`: the maximum length of a SPIFFE ID. OpenID Connect Core section 2 has 255,
    /// which subjects of deeply nested groups and long branches exceed.
    pub const DEFAULT_SUBJECT_LIMIT: usize = 2048;
    /// The largest `subject_limit`: no string in a token may have more bytes.
    pub const LARGEST_SUBJECT_LIMIT: usize = JsonLimits::CLAIMS.text;

    /// Creates an issuer of ID tokens with the default algorithms, `max_age`, `leeway` and `subject_limit`.
    pub fn new(name: &str, url: &str, profile: &str, audiences: Vec<String>) -> Self {
        Self {
            name: name.to_owned(),
            url: url.to_owned(),
            profile: profile.to_owned(),
            audiences,
            jwks: None,
            algorithms: Algorithm::ALL.to_vec(),
            max_age: Self::DEFAULT_MAX_AGE,
            leeway: Self::DEFAULT_LEEWAY,
            subject_limit: Self::DEFAULT_SUBJECT_LIMIT,
            authorized_party: None,
            tokens: TokenKind::IdToken,
        }
    }

    /// Returns whether the issuer's tokens may be signed with the algorithm.
    pub fn allows(&self, algorithm: Algorithm) -> bool {
        self.tokens.allows(algorithm) && self.algorithms.contains(&algorithm)
    }
}

/// A kind of tokens, and of the keys that verify them. It has no spelling in a policy: the profile determines
/// it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TokenKind {
    /// ID tokens (OpenID Connect Core section 2).
    #[default]
    IdToken,
    /// JWT-SVIDs of workloads, as the SPIFFE standard "JWT-SVID" describes them. Their keys have the `use`
    /// `jwt-svid`, and verify nothing else.
    JwtSvid,
}

impl TokenKind {
    /// Returns whether tokens of this kind may be signed with the algorithm.
    pub fn allows(self, algorithm: Algorithm) -> bool {
        match self {
            Self::IdToken => true,
            // JWT-SVID section 2.1 lists the algorithms of RFC 7518 only.
            Self::JwtSvid => algorithm != Algorithm::EdDSA,
        }
    }
}

/// Writes the plural of the kind, for messages.
impl fmt::Display for TokenKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::IdToken => "ID tokens",
            Self::JwtSvid => "JWT-SVIDs",
        })
    }
}

/// A signature algorithm of RFC 7518 section 3 or RFC 8037. There is no symmetric one and no `none`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are the registered ones")]
pub enum Algorithm {
    EdDSA,
    ES256,
    ES384,
    ES512,
    PS256,
    PS384,
    PS512,
    RS256,
    RS384,
    RS512,
}

impl Algorithm {
    /// Every algorithm, in alphabetical order.
    pub const ALL: [Self; 10] = [
        Self::EdDSA,
        Self::ES256,
        Self::ES384,
        Self::ES512,
        Self::PS256,
        Self::PS384,
        Self::PS512,
        Self::RS256,
        Self::RS384,
        Self::RS512,
    ];

    /// Returns the registered name, as in a header or a JWK.
    pub const fn name(self) -> &'static str {
        match self {
            Self::EdDSA => "EdDSA",
            Self::ES256 => "ES256",
            Self::ES384 => "ES384",
            Self::ES512 => "ES512",
            Self::PS256 => "PS256",
            Self::PS384 => "PS384",
            Self::PS512 => "PS512",
            Self::RS256 => "RS256",
            Self::RS384 => "RS384",
            Self::RS512 => "RS512",
        }
    }

    /// Returns the algorithm of exactly this name. `Ed25519` (RFC 9864) is the same as `EdDSA` here.
    pub fn from_name(name: &str) -> Option<Self> {
        if name == "Ed25519" {
            return Some(Self::EdDSA);
        }
        Self::ALL.into_iter().find(|algorithm| algorithm.name() == name)
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
