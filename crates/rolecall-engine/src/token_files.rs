//! Files with the claims of tests' tokens, which a test names with `from`. The engine reads no file: the caller gives their
//! contents with the [`Source`](crate::Source) of the policies.

use std::collections::BTreeMap;
use std::sync::Arc;

/// The files that the tests of a policy file name, by their paths as they are written there.
pub type TokenFiles = Arc<BTreeMap<String, TokenFile>>;

/// The claims of a token as a JSON object, or the reason why there are none.
pub type TokenFile = Result<Arc<str>, TokenFileFault>;

/// The reason why a file has no claims.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_structs, reason = "callers that read files construct it")]
pub struct TokenFileFault {
    /// The reason, such as `it does not exist`.
    pub reason: String,
    /// The next step for the author of the test.
    pub help: String,
}

/// The kind of a file with a token's claims, by the end of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(clippy::exhaustive_enums, reason = "callers must read each kind")]
pub enum TokenFileKind {
    /// `.json`: the claims.
    Claims,
    /// `.jwt`: a signed token.
    Signed,
}

impl TokenFileKind {
    /// Returns the kind of the file at a path; `None` if a test cannot name it. A path is relative to the policy file, with
    /// `/` between its parts, and does not lead out of its folder.
    pub fn of(path: &str) -> Option<Self> {
        let is_part = |part: &str| {
            let is_plain = |c: char| !c.is_control() && !matches!(c, '\\' | ':');
            !matches!(part, "" | "." | "..") && part.chars().all(is_plain)
        };
        let (stem, end) = path.rsplit_once('.')?;
        let kind = match end {
            "json" => Self::Claims,
            "jwt" => Self::Signed,
            _ => return None,
        };
        (!stem.is_empty() && !stem.ends_with('/') && path.split('/').all(is_part)).then_some(kind)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests may end early")]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_folder() {
        let kinds = ["a.json", "claims/main.json", "a b/c.d.jwt", "über.json"];
        assert!(kinds.iter().all(|path| TokenFileKind::of(path).is_some()));
        for path in [
            "",
            ".json",
            "a/.jwt",
            "a",
            "a.JSON",
            "a.policy",
            "/a.json",
            "../a.json",
            "a/../b.json",
            "./a.json",
            "a//b.json",
            "a\\b.json",
            "c:a.json",
            "a\n.json",
            "a.json/",
        ] {
            assert_eq!(TokenFileKind::of(path), None, "{path}");
        }
    }
}
