//! The compact form of a signed token (RFC 7515 section 7.1), and no other.

use crate::base64url;
use crate::error::{TokenFault, VerifyError};
use crate::header::Header;
use crate::key::Key;
use crate::key_set::KeySet;

/// The longest token that is looked at. So its payload has less than 12 KiB.
const LONGEST_TOKEN: usize = 16 * 1024;

/// The longest first segment.
const LONGEST_HEADER: usize = 4 * 1024;

/// A token taken apart, of which nothing is known to be true.
pub(crate) struct SignedToken<'t> {
    pub(crate) header: Header,
    /// What was signed. It may be empty, and then it is no claims.
    pub(crate) payload: Vec<u8>,
    signature: Vec<u8>,
    /// The bytes that were signed: header and payload as they came.
    signed: &'t str,
}

impl<'t> SignedToken<'t> {
    /// Takes a token apart. Each token has one spelling, and each spelling is one token.
    pub(crate) fn read(token: &'t str) -> Result<Self, VerifyError> {
        within(token, LONGEST_TOKEN)?;
        let (signed, [header, payload, signature]) = segments(token).ok_or_else(|| fault(token))?;
        within(header, LONGEST_HEADER)?;
        // A dot too many is no base64url either, so nobody has to count them before.
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

    /// Finds the key that the header means, and verifies the signature with it (RFC 7515 section 5.2).
    pub(crate) fn verify<'k>(&self, keys: &'k KeySet) -> Result<&'k Key, VerifyError> {
        let algorithm = self.header.algorithm;
        let key = keys.choose(self.header.kid(), algorithm)?;
        if key.verifies(algorithm, self.signed.as_bytes(), &self.signature) {
            Ok(key)
        } else {
            Err(VerifyError::BadSignature)
        }
    }
}

fn within(text: &str, limit: usize) -> Result<(), VerifyError> {
    let length = text.len();
    if length > limit {
        Err(VerifyError::TokenTooLarge { length, limit })
    } else {
        Ok(())
    }
}

/// What is signed, and the segments: up to the first dot, from the last one, and what is between. A token without a
/// header or a signature is none.
fn segments(token: &str) -> Option<(&str, [&str; 3])> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, payload) = signed.split_once('.')?;
    (!header.is_empty() && !signature.is_empty()).then_some((signed, [header, payload, signature]))
}

/// What is wrong with a token that is not three segments of base64url. This takes its time: good tokens never get here.
fn fault(token: &str) -> VerifyError {
    let is_foreign = |byte: u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    VerifyError::MalformedToken(if let Some(offset) = token.bytes().position(is_foreign) {
        TokenFault::ForeignByte { offset }
    } else {
        match token.split('.').count() {
            5 => return VerifyError::EncryptedToken,
            3 if token.split('.').any(str::is_empty) => TokenFault::EmptySegment,
            3 => TokenFault::Encoding,
            segments => TokenFault::Segments { segments },
        }
    })
}
