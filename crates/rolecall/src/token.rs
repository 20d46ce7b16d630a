//! The compact form of a signed token (RFC 7515 section 7.1). No other form is accepted.

use rolecall_engine::TokenKind;

use crate::base64url;
use crate::error::{TokenFault, VerifyError};
use crate::header::Header;
use crate::key::Key;
use crate::key_set::KeySet;

/// The maximum length of a token in bytes, so that its payload has less than 12 KiB.
const MAX_TOKEN: usize = 16 * 1024;

/// The maximum length of the header segment in bytes.
const MAX_HEADER: usize = 4 * 1024;

/// A parsed token, which is not verified.
pub(crate) struct SignedToken<'t> {
    pub(crate) header: Header,
    /// The decoded payload. It may be empty, which the caller refuses.
    pub(crate) payload: Vec<u8>,
    signature: Vec<u8>,
    /// The signed bytes: the header and payload segments as received.
    signed: &'t str,
}

impl<'t> SignedToken<'t> {
    /// Parses a token. Each token has exactly one encoding.
    pub(crate) fn read(token: &'t str) -> Result<Self, VerifyError> {
        check_length("token", token, MAX_TOKEN)?;
        let (signed, [header, payload, signature]) = segments(token).ok_or_else(|| fault(token))?;
        check_length("header", header, MAX_HEADER)?;
        // An extra dot is not base64url either, so segments need not be counted first.
        let [header, payload, signature] = [header, payload, signature].map(base64url::decode);
        let (Some(header), Some(payload), Some(signature)) = (header, payload, signature) else {
            return Err(fault(token));
        };
        Ok(Self {
            header: Header::parse(header)?,
            payload,
            signature,
            signed,
        })
    }

    /// Finds the key for this kind of tokens that the header names, and verifies the signature with it (RFC
    /// 7515 section 5.2).
    pub(crate) fn verify<'k>(&self, keys: &'k KeySet, tokens: TokenKind) -> Result<&'k Key, VerifyError> {
        let algorithm = self.header.algorithm;
        let key = keys.choose(self.header.kid(), algorithm, tokens)?;
        if key.verifies(algorithm, self.signed.as_bytes(), &self.signature) {
            Ok(key)
        } else {
            Err(VerifyError::BadSignature)
        }
    }
}

fn check_length(part: &'static str, text: &str, limit: usize) -> Result<(), VerifyError> {
    let length = text.len();
    if length > limit {
        Err(VerifyError::TokenTooLarge { part, length, limit })
    } else {
        Ok(())
    }
}

/// Splits a token into its signed part and its segments: the part before the first dot, after the last one,
/// and between them. The header and the signature must not be empty.
fn segments(token: &str) -> Option<(&str, [&str; 3])> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    (!header.is_empty() && !signature.is_empty()).then_some((signed, [header, payload, signature]))
}

/// Returns the fault of a token that is not three segments of base64url. Only refused tokens pay for this.
fn fault(token: &str) -> VerifyError {
    let is_outside_alphabet =
        |byte: u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    VerifyError::MalformedToken(
        if let Some(offset) = token.bytes().position(is_outside_alphabet) {
            TokenFault::ForeignByte { offset }
        } else {
            match token.split('.').count() {
                5 => return VerifyError::EncryptedToken,
                3 if token.split('.').any(str::is_empty) => TokenFault::EmptySegment,
                3 => TokenFault::Encoding,
                segments => TokenFault::Segments { segments },
            }
        },
    )
}
