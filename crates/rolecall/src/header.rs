//! The header of a token (RFC 7515 section 4): what it may say, and the little that is taken from it.

use rolecall_engine::{Algorithm, Object, Value};

use crate::error::VerifyError;
use crate::excerpt::Excerpt;
use crate::json::{self, Limits};
use crate::key::is_kid;

/// What a header says of how to verify.
///
/// `jku`, `jwk`, `x5c`, `x5t` and `x5u` are ignored, for a token must not bring its own key (RFC 8725 section 3.10), and so
/// is every name that is not known (RFC 7515 section 4).
pub(crate) struct Header {
    pub(crate) algorithm: Algorithm,
    pub(crate) kid: Option<String>,
}

/// Members that make something else of a token, whatever their value: a payload that is no text of base64url (RFC 7797), an
/// extension that must be understood (RFC 7515 section 4.1.11), a token inside (RFC 7519 section 5.2), encryption and
/// compression (RFC 7516 section 4.1).
const FORBIDDEN: [&str; 5] = ["b64", "crit", "cty", "enc", "zip"];

impl Header {
    /// Reads a header.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, VerifyError> {
        let header = json::parse(bytes, Limits::CLAIMS).map_err(VerifyError::HeaderNotJson)?;
        if let Some(member) = FORBIDDEN.into_iter().find(|member| header.get(member).is_some()) {
            return Err(VerifyError::ForbiddenHeader { member });
        }
        check_type(&header)?;
        let algorithm = algorithm(&header)?;
        let kid = match text(&header, "kid")? {
            Some(kid) if !is_kid(kid) => return Err(VerifyError::MalformedHeader { member: "kid" }),
            kid => kid.map(str::to_owned),
        };
        Ok(Self { algorithm, kid })
    }
}

/// The value of a member that must be a string if it is there.
fn text<'a>(header: &'a Object, member: &'static str) -> Result<Option<&'a str>, VerifyError> {
    match header.get(member) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(_) => Err(VerifyError::MalformedHeader { member }),
    }
}

/// The one member that says what kind of token it is (RFC 8725 section 3.11). An ID token has no type of its own, so
/// everything that has one is no ID token.
fn check_type(header: &Object) -> Result<(), VerifyError> {
    match text(header, "typ")? {
        Some(typ)
            if !["JWT", "application/jwt"]
                .iter()
                .any(|own| typ.eq_ignore_ascii_case(own)) =>
        {
            Err(VerifyError::WrongType {
                typ: Excerpt::of(typ),
            })
        }
        _ => Ok(()),
    }
}

/// The algorithm, named exactly. There is nothing symmetric among them, and no `none` (RFC 8725 section 3.2).
fn algorithm(header: &Object) -> Result<Algorithm, VerifyError> {
    let alg = text(header, "alg")?.ok_or(VerifyError::MalformedHeader { member: "alg" })?;
    Algorithm::from_name(alg).ok_or_else(|| VerifyError::UnsupportedAlgorithm {
        alg: Excerpt::of(alg),
    })
}
