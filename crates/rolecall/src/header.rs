//! The header of a token (RFC 7515 section 4): what it may say, and the little that is taken from it.

use rolecall_engine::{Algorithm, Document, Json, JsonLimits, Members};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::key::is_kid;

/// What a header says of how to verify.
///
/// `jku`, `jwk`, `x5c`, `x5t` and `x5u` are ignored, for a token must not bring its own key (RFC 8725 section 3.10), and so
/// is every name that is not known (RFC 7515 section 4).
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    document: Document,
}

/// Members that make something else of a token, whatever their value: a payload that is no text of base64url (RFC 7797), an
/// extension that must be understood (RFC 7515 section 4.1.11), a token inside (RFC 7519 section 5.2), encryption and
/// compression (RFC 7516 section 4.1).
const FORBIDDEN: [&str; 5] = ["b64", "crit", "cty", "enc", "zip"];

impl Header {
    /// Reads a header.
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

    /// The `kid` of the key that the token names.
    pub(crate) fn kid(&self) -> Option<&str> {
        self.document.members().get("kid").and_then(|kid| kid.as_text())
    }
}

/// The value of a member that must be a string if it is there.
fn text<'a>(header: &Members<'a>, member: &'static str) -> Result<Option<&'a str>, VerifyError> {
    match header.get(member) {
        None => Ok(None),
        Some(Json::Text(text)) => Ok(Some(text)),
        Some(_) => Err(VerifyError::MalformedHeader { member }),
    }
}

/// The one member that says what kind of token it is (RFC 8725 section 3.11). An ID token has no type of its own, so
/// everything that has one is no ID token.
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

/// The algorithm, named exactly. There is nothing symmetric among them, and no `none` (RFC 8725 section 3.2).
fn algorithm(header: &Members<'_>) -> Result<Algorithm, VerifyError> {
    let alg = text(header, "alg")?.ok_or(VerifyError::MalformedHeader { member: "alg" })?;
    Algorithm::from_name(alg).ok_or_else(|| VerifyError::UnsupportedAlgorithm {
        alg: Excerpt::of(alg),
    })
}
