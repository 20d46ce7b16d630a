//! Texts of policies and of documents in other languages.

use crate::text::plus;
use rolecall_syntax::{MAX_FILE_BYTES, Span, SyntaxError, SyntaxErrorKind};

/// The maximum size of a file in another language, such as the dump of an account.
pub const MAX_FOREIGN_BYTES: usize = rolecall_interop::document::MAX_BYTES;

/// The content of a file that an argument names.
#[derive(Clone, Debug)]
pub enum PolicyText {
    /// Its text in our language.
    Text(String),
    /// Its text in another language. It is not known yet in which.
    Foreign(String),
    /// A file that cannot be parsed at all.
    Refused {
        /// The readable part of the text.
        shown: String,
        /// The error.
        error: SyntaxError,
    },
}

impl PolicyText {
    /// Returns the number of bytes.
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) | Self::Foreign(text) => text.len(),
            // Nothing of it is compiled.
            Self::Refused { .. } => 0,
        }
    }

    /// Returns whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// Returns whether a text is in another language: a JSON document, one of YAML that begins with a comment, a marker or a
/// member, or a configuration of Terraform that begins with a comment or a block. No policy begins like that.
pub fn is_foreign(text: &[u8]) -> bool {
    let text = text.trim_ascii_start();
    let line = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    match line.first() {
        Some(b'{' | b'[' | b'#' | b'%') => true,
        _ => {
            let is_block = || std::str::from_utf8(line).is_ok_and(rolecall_interop::is_header);
            line.trim_ascii_end() == b"---" || is_member(line) || is_block()
        }
    }
}

/// Returns whether a text begins with the mark of UTF-16.
fn is_utf_16(text: &[u8]) -> bool {
    text.starts_with(&[0xff, 0xfe]) || text.starts_with(&[0xfe, 0xff])
}

/// Returns whether a line is a member of a map in YAML, such as `issuer: https://…`.
fn is_member(line: &[u8]) -> bool {
    let is_of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.\"'".contains(byte);
    let name = line.iter().take_while(|byte| is_of_name(byte)).count();
    let rest = line.get(name..).unwrap_or_default();
    name > 0 && (rest == b":" || rest.starts_with(b": ") || rest.starts_with(b":\r"))
}

/// Returns the text of a file that an argument names. It may be in another language.
pub fn named_text(mut bytes: Vec<u8>) -> PolicyText {
    if let Some(rest) = bytes.strip_prefix("\u{feff}".as_bytes())
        && is_foreign(rest)
    {
        bytes = rest.to_vec();
    }
    match is_foreign(&bytes) {
        true => decoded(bytes, MAX_FOREIGN_BYTES, PolicyText::Foreign),
        false => policy_text(bytes),
    }
}

/// Returns the text of a file in a folder of policies.
pub fn policy_text(bytes: Vec<u8>) -> PolicyText {
    decoded(bytes, MAX_FILE_BYTES, PolicyText::Text)
}

fn decoded(bytes: Vec<u8>, limit: usize, of_text: fn(String) -> PolicyText) -> PolicyText {
    if bytes.len() > limit {
        return too_large(bytes.len());
    }
    match String::from_utf8(bytes) {
        Ok(text) => of_text(text),
        // A document may have secrets, and a text in UTF-16 is not a policy.
        Err(error) if is_foreign(error.as_bytes()) || is_utf_16(error.as_bytes()) => PolicyText::Refused {
            shown: String::new(),
            error: SyntaxError::new(SyntaxErrorKind::InvalidUtf8, Span::default()),
        },
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let end = plus(start, char::REPLACEMENT_CHARACTER.len_utf8());
            PolicyText::Refused {
                shown: String::from_utf8_lossy(error.as_bytes()).into_owned(),
                error: SyntaxError::new(SyntaxErrorKind::InvalidUtf8, Span::new(start, end)),
            }
        }
    }
}

pub fn too_large(bytes: usize) -> PolicyText {
    let kind = SyntaxErrorKind::FileTooLarge { bytes };
    PolicyText::Refused {
        shown: String::new(),
        error: SyntaxError::new(kind, Span::default()),
    }
}
