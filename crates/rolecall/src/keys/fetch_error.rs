//! Why keys could not be read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use rolecall_engine::JsonError;

use crate::key_set::KeySetError;
use crate::keys::http_fault::{HttpFault, IssuerDocument};

/// Why the keys of an issuer could not be read.
///
/// It never holds what a server answered: an answer can come from where nobody should read it (CWE-918).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FetchError {
    /// The document is no JWK set.
    KeySet(KeySetError),
    /// The set has no key that can be used, so no token could be verified with it. The keys in use are treated as
    /// [`EmptyKeySet`](crate::EmptyKeySet) says.
    NoUsableKey {
        /// How many entries there are, none of them usable.
        skipped: usize,
    },
    /// The discovery document is not JSON, or not an object.
    NotJson(JsonError),
    /// The discovery document is of another issuer (OpenID Connect Discovery 1.0 section 4.3).
    DiscoveryIssuer,
    /// The discovery document has no text `jwks_uri` (OpenID Connect Discovery 1.0 section 3).
    DiscoveryJwksUri,
    /// A document could not be fetched over the network.
    Http {
        /// The document.
        document: IssuerDocument,
        /// Why not.
        fault: HttpFault,
    },
    /// The file could not be read.
    FileNotRead {
        /// The file.
        path: PathBuf,
        /// Why not.
        kind: io::ErrorKind,
    },
    /// What is there is no regular file, but a folder or a pipe, for one.
    NotAFile {
        /// Where it is.
        path: PathBuf,
    },
    /// No thread could be started to read the keys with.
    NoThread,
    /// The source of the keys panicked: there is a fault in its code.
    SourcePanicked,
}

impl FetchError {
    /// A word for the error that stays the same from version to version.
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

    /// What to do about it, where there is something to say.
    pub fn help(&self) -> Option<&'static str> {
        match self {
            Self::KeySet(_) | Self::NoUsableKey { .. } => {
                Some("see whether the issuer's keys are there, or have it mend them")
            }
            Self::NotJson(_) => Some("see whether the issuer's URL is right"),
            Self::DiscoveryIssuer => {
                Some("write the issuer's URL byte for byte as `issuer` in its discovery document")
            }
            Self::DiscoveryJwksUri => Some("say with `jwks` where the issuer's keys are"),
            Self::Http { fault, .. } => fault.help(),
            Self::FileNotRead { .. } => Some("see whether the path is right and may be read"),
            Self::NotAFile { .. } => Some("say where a file with a JWK set is"),
            Self::NoThread => Some("let the program have more threads"),
            Self::SourcePanicked => None,
        }
    }
}

impl fmt::Display for FetchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::KeySet(error) => error.fmt(f),
            Self::NoUsableKey { skipped } => write!(f, "none of the {skipped} keys of the set can be used"),
            Self::NotJson(error) => write!(f, "the discovery document is refused: {error}"),
            Self::DiscoveryIssuer => f.write_str("the discovery document is of another issuer"),
            Self::DiscoveryJwksUri => f.write_str("the discovery document has no text `jwks_uri`"),
            Self::Http { document, fault } => write!(f, "the {document} could not be fetched: {fault}"),
            Self::FileNotRead { path, kind } => write!(f, "`{}` cannot be read: {kind}", escaped(path)),
            Self::NotAFile { path } => write!(f, "`{}` is no regular file", escaped(path)),
            Self::NoThread => f.write_str("no thread could be started to read the keys with"),
            Self::SourcePanicked => f.write_str("the source of the keys panicked"),
        }
    }
}

impl Error for FetchError {}

/// A path on one line, whatever is in it.
fn escaped(path: &Path) -> String {
    path.display().to_string().escape_debug().to_string()
}
