//! Errors of JSON documents.

use std::error::Error;
use std::fmt;

/// A refused JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// The rule that was broken.
    pub fault: JsonFault,
    /// The byte offset at which this was noticed.
    pub offset: usize,
}

/// A rule of JSON that a document breaks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonFault {
    /// The document begins with a byte order mark (RFC 8259 section 8.1).
    ByteOrderMark,
    /// The document is too long.
    DocumentTooLong {
        /// The length in bytes.
        length: usize,
        /// The maximum, in bytes.
        limit: usize,
    },
    /// An object names a member twice (RFC 7519 section 4).
    DuplicateMember,
    /// An escape is a lone surrogate (RFC 8259 section 8.2).
    LoneSurrogate,
    /// The document is not an object (RFC 7519 section 7.2).
    NotAnObject,
    /// The bytes are not UTF-8 (RFC 8259 section 8.1).
    NotUtf8,
    /// A number is too large for a float of 64 bits (RFC 8259 section 6).
    NumberOutOfRange,
    /// The text is not JSON (RFC 8259 section 2).
    Syntax,
    /// A string or a name is too long.
    TextTooLong {
        /// The length in bytes, after unescaping.
        length: usize,
        /// The maximum, in bytes.
        limit: usize,
    },
    /// Objects and lists are nested too deep.
    TooDeep {
        /// The number of levels.
        levels: usize,
        /// The maximum number of levels.
        limit: usize,
    },
    /// A list is too long.
    TooManyItems {
        /// The number of items.
        items: usize,
        /// The maximum number of items.
        limit: usize,
    },
    /// An object has too many members.
    TooManyMembers {
        /// The number of members.
        members: usize,
        /// The maximum number of members.
        limit: usize,
    },
    /// All objects of the document together have too many members.
    TooManyMembersInAll {
        /// The number of members.
        members: usize,
        /// The maximum number of members.
        limit: usize,
    },
    /// Something follows the document.
    TrailingBytes,
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at byte {}", self.fault, self.offset)
    }
}

impl fmt::Display for JsonFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ByteOrderMark => f.write_str("byte order mark"),
            Self::DocumentTooLong { length, limit } => {
                write!(f, "document of {length} bytes, more than the limit of {limit},")
            }
            Self::DuplicateMember => f.write_str("duplicate member"),
            Self::LoneSurrogate => f.write_str("lone surrogate escape"),
            Self::NotAnObject => f.write_str("expected a JSON object"),
            Self::NotUtf8 => f.write_str("invalid UTF-8"),
            Self::NumberOutOfRange => f.write_str("number out of range"),
            Self::Syntax => f.write_str("invalid JSON"),
            Self::TextTooLong { length, limit } => {
                write!(f, "string of {length} bytes, more than the limit of {limit},")
            }
            Self::TooDeep { levels, limit } => {
                write!(f, "nesting of {levels} levels, more than the limit of {limit},")
            }
            Self::TooManyItems { items, limit } => {
                write!(f, "list of {items} items, more than the limit of {limit},")
            }
            Self::TooManyMembers { members, limit } => {
                write!(f, "object of {members} members, more than the limit of {limit},")
            }
            Self::TooManyMembersInAll { members, limit } => {
                write!(
                    f,
                    "{members} members in all objects, more than the limit of {limit},"
                )
            }
            Self::TrailingBytes => f.write_str("trailing data"),
        }
    }
}

impl Error for JsonError {}

impl Error for JsonFault {}
