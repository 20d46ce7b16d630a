//! Why a text is not the JSON that it should be.

use std::error::Error;
use std::fmt;

/// A refused JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// The rule that was broken.
    pub fault: JsonFault,
    /// The byte where it was noticed.
    pub offset: usize,
}

/// A rule of the JSON that is read here.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum JsonFault {
    /// A byte order mark in front (RFC 8259 section 8.1).
    ByteOrderMark,
    /// The document is longer than any that is read.
    DocumentTooLong {
        /// The most bytes that one may have.
        limit: usize,
    },
    /// An object names a member twice (RFC 7519 section 4).
    DuplicateMember,
    /// An escape is one half of a character (RFC 8259 section 8.2).
    LoneSurrogate,
    /// The document is no object (RFC 7519 section 7.2).
    NotAnObject,
    /// The bytes are not UTF-8 (RFC 8259 section 8.1).
    NotUtf8,
    /// A number is beyond a float of 64 bits (RFC 8259 section 6).
    NumberOutOfRange,
    /// The text is not JSON (RFC 8259 section 2).
    Syntax,
    /// A string or a name is too long.
    TextTooLong {
        /// The most bytes that one may have.
        limit: usize,
    },
    /// Too many objects and lists stand inside one another.
    TooDeep {
        /// The most levels that there may be.
        limit: usize,
    },
    /// A list is too long.
    TooManyItems {
        /// The most items that one may have.
        limit: usize,
    },
    /// There are too many members.
    TooManyMembers {
        /// The most members that there may be.
        limit: usize,
    },
    /// Something stands behind the document.
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
            Self::DocumentTooLong { limit } => write!(f, "document of more than {limit} bytes"),
            Self::DuplicateMember => f.write_str("member that the object has already"),
            Self::LoneSurrogate => f.write_str("escape of half a character"),
            Self::NotAnObject => f.write_str("value that is no JSON object"),
            Self::NotUtf8 => f.write_str("bytes that are not UTF-8"),
            Self::NumberOutOfRange => f.write_str("number out of range"),
            Self::Syntax => f.write_str("text that is not JSON"),
            Self::TextTooLong { limit } => write!(f, "string of more than {limit} bytes"),
            Self::TooDeep { limit } => write!(f, "more than {limit} levels of objects and lists"),
            Self::TooManyItems { limit } => write!(f, "list of more than {limit} items"),
            Self::TooManyMembers { limit } => write!(f, "more than {limit} members"),
            Self::TrailingBytes => f.write_str("text behind the end"),
        }
    }
}

impl Error for JsonError {}
