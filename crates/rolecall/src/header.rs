//! The header of a token (RFC 7515 section 4): its checks, and the members that are used.

use rolecall_engine::{Algorithm, Document, Json, JsonLimits, Members};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::key::is_kid;

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
/// encryption and compression (RFC 7516 section 4.1).
const FORBIDDEN: [&str; 5] = ["b64", "crit", "cty", "enc", "zip"];

impl Header {
    /// Parses a header.
    pub(crate) fn parse(bytes: Vec<u8>) -> Result<Self, VerifyError> {
        let document = Document::parse(bytes, &JsonLimits::CLAIMS).map_err(VerifyError::HeaderNotJson)?;
        let members = document.members();
        if let Some(member) = FORBIDDEN.into_iter().find(|member| members.get(member).is_some()) {
            return Err(VerifyError::ForbiddenHeader { member });
        }
        check_type(&members)?;
        let algorithm = algorithm(&members)?;
        if text(&members, "kid")?.is_some_and(|kid| !is_kid(kid)) {
            return Err(VerifyError::MalformedHeader { member: "kid" });
        }
        Ok(Self { algorithm, document })
    }

    /// Returns the `kid` of the key that the token names.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.document.members().get("kid").and_then(|kid| kid.as_text())
    }
}

/// Returns the value of an optional string member.
fn text<'a>(header: &Members<'a>, member: &'static str) -> Result<Option<&'a str>, VerifyError> {
    match header.get(member) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(VerifyError::MalformedHeader { member }),
    }
}

/// Checks the member that names the kind of token (RFC 8725 section 3.11). ID tokens have no type of their
/// own, so every other type is refused.
fn check_type(header: &Members<'_>) -> Result<(), VerifyError> {
    let is_own = |typ: &str| {
        ["JWT", "application/jwt"]
            .iter()
            .any(|own| typ.eq_ignore_ascii_case(own))
    };
    match text(header, "typ")? {
        Some(typ) if !is_own(typ) => Err(VerifyError::WrongType {
            typ: Excerpt::of(typ),
        }),
        _ => Ok(()),
    }
}

/// Returns the algorithm, whose name must match exactly. No symmetric algorithm and no `none` is supported
/// (RFC 8725 section 3.2).
fn algorithm(header: &Members<'_>) -> Result<Algorithm, VerifyError> {
    let alg = text(header, "alg")?.ok_or(VerifyError::MalformedHeader { member: "alg" })?;
    Algorithm::from_name(alg).ok_or_else(|| VerifyError::UnsupportedAlgorithm {
        alg: Excerpt::of(alg),
    })
}
