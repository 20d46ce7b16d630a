//! URIs of files, as editors name them (RFC 8089).

use lsp_types::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// All but the characters that paths have as they are (RFC 3986 section 3.3).
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Returns the path of a file; `None` for a text that is in no file.
pub(crate) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let path = uri.as_str().strip_prefix("file://")?;
    let path = percent_decode_str(path).decode_utf8().ok()?;
    // `/c:/policies` is a path of Windows.
    let drive = path
        .strip_prefix('/')
        .filter(|path| path.as_bytes().get(1) == Some(&b':'));
    Some(PathBuf::from(drive.unwrap_or(&path)))
}

/// Returns the URI of a file.
pub(crate) fn uri_of(path: &Path) -> Option<Uri> {
    let path = path.to_str()?.replace('\\', "/");
    let slash = if path.starts_with('/') { "" } else { "/" };
    Uri::from_str(&format!("file://{slash}{}", utf8_percent_encode(&path, ENCODED))).ok()
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may end early")]
mod tests {
    use super::*;

    #[test]
    fn paths_and_uris() {
        for path in ["/a/b.policy", "/a b/ü#1.policy", "/100%/x.policy"] {
            let uri = uri_of(Path::new(path)).unwrap();
            assert_eq!(path_of(&uri).unwrap(), Path::new(path));
        }
        let windows = Uri::from_str("file:///c%3A/a.policy").unwrap();
        assert_eq!(path_of(&windows).unwrap(), Path::new("c:/a.policy"));
        assert_eq!(path_of(&Uri::from_str("untitled:a").unwrap()), None);
    }
}
