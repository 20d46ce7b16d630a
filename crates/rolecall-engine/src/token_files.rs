//! Files with the claims of tests' tokens, which a test names with `from`. The engine reads no file: the caller gives their
//! contents with the [`Source`] of the policies.

use crate::diagnostic::Source;
use rolecall_syntax::ast::{Item, TokenBase};
use std::collections::{BTreeMap, BTreeSet};
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

impl Source {
    /// Returns the paths of the token files that the tests of this policy file name, relative to it.
    pub fn token_paths(&self) -> BTreeSet<String> {
        if !self.may_name_files() {
            return BTreeSet::new();
        }
        let file = rolecall_syntax::parse(&self.text).file;
        let paths = file.items.iter().filter_map(|item| match &item.node {
            Item::Test(test) => match &test.token.base.as_ref()?.node {
                TokenBase::File(path) => path.text().ok(),
                TokenBase::Test(_) => None,
            },
            _ => None,
        });
        let paths = paths.filter(|path| TokenFileKind::of(path).is_some());
        paths.map(|path| path.to_string()).collect()
    }

    /// Returns the size of the text and the token files.
    pub(crate) fn bytes(&self) -> usize {
        let claims = self.token_files.values().flatten();
        let claims: usize = claims.map(|claims| claims.len()).sum();
        claims.saturating_add(self.text.len())
    }

    /// Returns false if no `from` stands before a string or a comment, so that a file without token files is not parsed
    /// for them.
    fn may_name_files(&self) -> bool {
        let mut after = self.text.split("from").skip(1);
        after.any(|rest| rest.trim_start().starts_with(['"', '/']))
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

    #[test]
    fn paths_are_those_of_tests() {
        let test = |from: &str| format!("test \"t\" {{ token ci {from} {{ }} expect allow r }}");
        let of = |text: String| Source::new("a.policy", text).token_paths();
        assert_eq!(of(test("from \"a.json\"")).len(), 1);
        assert_eq!(of(test("from // why\n \"a.jwt\"")).len(), 1);
        assert!(of(test("like \"from \\\"a.json\\\"\"")).is_empty());
        assert!(of(test("from \"../a.json\"")).is_empty());
        assert!(of("role r { allow from ci }".to_owned()).is_empty());
    }
}
