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
    pub(crate) payload: Vec<u8>,
    signature: Vec<u8>,
    /// The bytes that were signed: header and payload as they came.
    signed: &'t str,
}

impl<'t> SignedToken<'t> {
    /// Takes a token apart. Each token has one spelling, and each spelling is one token.
    pub(crate) fn read(token: &'t str) -> Result<Self, VerifyError> {
        let [header, payload, signature] = split(token)?;
        let header = Header::parse(&decode(header)?)?;
        let (payload, signature) = (decode(payload)?, decode(signature)?);
        let signed = token.rsplit_once('.').map_or(token, |(signed, _)| signed);
        Ok(Self {
            header,
            payload,
            signature,
            signed,
        })
    }

    /// Finds the key that the header means, and verifies the signature with it (RFC 7515 section 5.2).
    pub(crate) fn verify<'k>(&self, keys: &'k KeySet) -> Result<&'k Key, VerifyError> {
        let Header { algorithm, kid } = &self.header;
        let key = keys.choose(kid.as_deref(), *algorithm)?;
        if key.verifies(*algorithm, self.signed.as_bytes(), &self.signature) {
            Ok(key)
        } else {
            Err(VerifyError::BadSignature)
        }
    }
}

/// The three segments of a token, none of them empty.
fn split(token: &str) -> Result<[&str; 3], VerifyError> {
    let limit = LONGEST_TOKEN;
    if token.len() > limit {
        return Err(VerifyError::TokenTooLarge {
            length: token.len(),
            limit,
        });
    }
    let is_foreign = |byte: u8| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if let Some(offset) = token.bytes().position(is_foreign) {
        return Err(VerifyError::MalformedToken(TokenFault::ForeignByte { offset }));
    }

    let mut segments = token.split('.');
    let three = [(); 3].map(|()| segments.next().unwrap_or_default());
    let found = token.split('.').count();
    if found == 5 {
        return Err(VerifyError::EncryptedToken);
    }
    if found != 3 {
        return Err(VerifyError::MalformedToken(TokenFault::Segments {
            segments: found,
        }));
    }
    if three.iter().any(|segment| segment.is_empty()) {
        return Err(VerifyError::MalformedToken(TokenFault::EmptySegment));
    }
    let [header, ..] = three;
    if header.len() > LONGEST_HEADER {
        return Err(VerifyError::TokenTooLarge {
            length: header.len(),
            limit: LONGEST_HEADER,
        });
    }
    Ok(three)
}

fn decode(segment: &str) -> Result<Vec<u8>, VerifyError> {
    base64url::decode(segment).ok_or(VerifyError::MalformedToken(TokenFault::Encoding))
}
