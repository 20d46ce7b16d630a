//! Error of a fetch of keys.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rolecall_engine::JsonError;

use crate::key_set::KeySetError;
use crate::keys::http_fault::{HttpFault, IssuerDocument};

/// The reason why an issuer's keys cannot be fetched.
///
/// It never contains a server's response, which may come from an internal host that the caller must not see
/// (CWE-918).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// The document is not a JWK set.
    KeySet(KeySetError),
    /// The set has no usable key. [`EmptyKeySet`](crate::EmptyKeySet) decides about the keys in use.
    NoUsableKey {
        /// The number of entries, none of which is usable.
        skipped: usize,
    },
    /// The discovery document is not a valid JSON object within the limits.
    NotJson(JsonError),
    /// The discovery document belongs to another issuer (OpenID Connect Discovery 1.0 section 4.3).
    DiscoveryIssuer,
    /// The discovery document has no string `jwks_uri` (OpenID Connect Discovery 1.0 section 3).
    DiscoveryJwksUri,
    /// A document cannot be fetched over the network.
    Http {
        /// The kind of document.
        document: IssuerDocument,
        /// The reason.
        fault: HttpFault,
    },
    /// A file cannot be read.
    FileNotRead {
        /// The path of the file.
        path: PathBuf,
        /// The reason.
        kind: io::ErrorKind,
    },
    /// A path does not lead to a regular file, but to a folder or a pipe, for example.
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The operating system did not start a thread for the fetch.
    NoThread,
    /// The key source panicked, which is a fault in its code.
    SourcePanicked,
}

impl FetchError {
    /// Returns a stable identifier of the error, such as `no_usable_key`, for metrics and logs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::KeySet(_) => "key_set",
            Self::NoUsableKey { .. } => "no_usable_key",
            Self::NotJson(_) => "not_json",
            Self::DiscoveryIssuer => "discovery_issuer",
            Self::DiscoveryJwksUri => "discovery_jwks_uri",
            Self::Http { fault, .. } => fault.code(),
            Self::FileNotRead { .. } => "file_not_read",
            Self::NotAFile { .. } => "not_a_file",
            Self::NoThread => "no_thread",
            Self::SourcePanicked => "source_panicked",
        }
    }

    /// Returns what to do about the error, if there is a general answer.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::KeySet(_) | Self::NoUsableKey { .. } => {
                Some("check that the issuer publishes its keys, or have it fix them")
            }
            Self::NotJson(_) => Some("check the issuer's URL"),
            Self::DiscoveryIssuer => {
                Some("write the issuer's URL exactly as `issuer` in its discovery document, byte for byte")
            }
            Self::DiscoveryJwksUri => Some("set the issuer's `jwks` to the URL of its keys"),
            Self::Http { fault, .. } => fault.help(),
            Self::FileNotRead { .. } => Some("check the path and its permissions"),
            Self::NotAFile { .. } => Some("set the path to a file with a JWK set"),
            Self::NoThread => Some("allow the program more threads"),
            Self::SourcePanicked => None,
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeySet(error) => error.fmt(f),
            Self::NoUsableKey { skipped } => write!(f, "none of the {skipped} keys of the key set is usable"),
            Self::NotJson(error) => write!(f, "the discovery document is not valid: {error}"),
            Self::DiscoveryIssuer => f.write_str("the discovery document belongs to another issuer"),
            Self::DiscoveryJwksUri => f.write_str("the discovery document has no string `jwks_uri`"),
            Self::Http { document, fault } => write!(f, "cannot fetch the {document}: {fault}"),
            Self::FileNotRead { path, kind } => write!(f, "cannot read `{}`: {kind}", escaped(path)),
            Self::NotAFile { path } => write!(f, "`{}` is not a regular file", escaped(path)),
            Self::NoThread => f.write_str("cannot start a thread to fetch the keys"),
            Self::SourcePanicked => f.write_str("the key source panicked"),
        }
    }
}

impl Error for FetchError {}

/// Returns a path on one line, with control characters escaped.
fn escaped(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}
