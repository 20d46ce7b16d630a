//! The header of a token (RFC 7515 section 4): its checks, and the members that are used.

use rolecall_engine::{Algorithm, Document, JsonLimits, Members, TokenKind};

use crate::accepted::Accepted;
use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::key::{KidFault, check_kid};
use crate::member::member;

/// The `alg` and `kid` of a header.
///
/// `jku`, `jwk`, `x5c`, `x5t` and `x5u` are ignored, because a token must not supply its own key (RFC 8725
/// section 3.10). Unknown members are ignored as well (RFC 7515 section 4).
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    document: Document,
}

/// Members that change the meaning of a token, whatever their value: an unencoded payload (RFC 7797),
/// extensions that must be understood (RFC 7515 section 4.1.11), a nested token (RFC 7519 section 5.2),
/// encryption and compression (RFC 7516 section 4.1). They count even if they are `null`.
const FORBIDDEN: [&str; 5] = ["b64", "crit", "cty", "enc", "zip"];

impl Header {
    /// Parses a header.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, VerifyError> {
        let document = Document::parse(bytes, &JsonLimits::CLAIMS).map_err(VerifyError::HeaderNotJson)?;
        let members = document.members();
        if let Some(member) = FORBIDDEN.into_iter().find(|member| members.get(member).is_some()) {
            return Err(VerifyError::ForbiddenHeader { member });
        }
        check_type(&members, None)?;
        let algorithm = algorithm(&members)?;
        if let Some(kid) = text(&members, "kid")? {
            check_kid(kid).map_err(|fault| match fault {
                KidFault::Malformed => VerifyError::MalformedHeader {
                    member: "kid",
                    expected: "a string that is not empty and has no control characters",
                },
                KidFault::TooLong { length, limit } => VerifyError::KidTooLong { length, limit },
            })?;
        }
        Ok(Self { algorithm, document })
    }

    /// Checks that the token's type is one of this kind of tokens.
    pub(crate) fn check_kind(&self, tokens: TokenKind) -> Result<(), VerifyError> {
        check_type(&self.document.members(), Some(tokens))
    }

    /// Returns the `kid` of the key that the token names.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.document.members().get("kid").and_then(|kid| kid.as_text())
    }
}

/// Returns the value of an optional string member.
fn text<'a>(header: &Members<'a>, name: &'static str) -> Result<Option<&'a str>, VerifyError> {
    let malformed = VerifyError::MalformedHeader {
        member: name,
        expected: "a string",
    };
    member(header, name)
        .map(|value| value.as_text().ok_or(malformed))
        .transpose()
}

/// Checks the member that names the type of the token (RFC 8725 section 3.11), if it is there. Neither ID
/// tokens nor JWT-SVIDs (JWT-SVID section 2.3) have a type of their own, so every other type is refused.
/// Without a kind, before the issuer is known, the types of all kinds are accepted.
fn check_type(header: &Members<'_>, tokens: Option<TokenKind>) -> Result<(), VerifyError> {
    // Capitals of media types do not matter (RFC 7515 section 4.1.9). The types of JWT-SVIDs are exact.
    let is_id_token = |typ: &str| {
        ["JWT", "application/jwt"]
            .iter()
            .any(|own| typ.eq_ignore_ascii_case(own))
    };
    let is_svid = |typ: &str| matches!(typ, "JWT" | "JOSE");
    let is_accepted = |typ: &str| match tokens {
        Some(TokenKind::IdToken) => is_id_token(typ),
        Some(TokenKind::JwtSvid) => is_svid(typ),
        Some(_) => false,
        None => is_id_token(typ) || is_svid(typ),
    };
    match text(header, "typ")? {
        Some(typ) if !is_accepted(typ) => Err(VerifyError::WrongType {
            typ: Excerpt::of(typ),
            accepted: match tokens {
                Some(TokenKind::JwtSvid) => Accepted::of(["JWT", "JOSE"].into_iter()),
                _ => Accepted::of(["JWT"].into_iter()),
            },
        }),
        _ => Ok(()),
    }
}

/// Returns the algorithm, whose name must match exactly. No symmetric algorithm and no `none` is supported
/// (RFC 8725 section 3.2).
fn algorithm(header: &Members<'_>) -> Result<Algorithm, VerifyError> {
    let alg = text(header, "alg")?.ok_or(VerifyError::MissingHeader { member: "alg" })?;
    Algorithm::from_name(alg).ok_or_else(|| VerifyError::UnsupportedAlgorithm {
        alg: Excerpt::of(alg),
    })
}
