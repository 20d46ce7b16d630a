//! Policy files, as the caller read them.

use crate::token_files::{TokenFileKind, TokenFiles};
use rolecall_syntax::ast::{Item, TokenBase};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// A file of a policy set.
#[derive(Clone, PartialEq, Eq)]
pub struct Source {
    /// The file's name in messages: its path, as the user knows it.
    pub name: String,
    /// The file's text.
    pub text: Arc<str>,
    /// The files that its tests name with `from`. A test whose file is missing here is not run.
    pub token_files: TokenFiles,
}

impl Source {
    /// Creates a file from its name and its text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self {
            name: name.into(),
            text: text.into(),
            token_files: TokenFiles::default(),
        }
    }
}

/// Shows the length of the text, not the text.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .field("bytes", &self.text.len())
            .finish()
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
mod tests {
    use super::*;

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
