//! Variables, as other languages write them in a text: a policy has none.

/// The names that the variables of CI systems begin with.
const OF_CI: [&str; 7] = [
    "BITBUCKET_",
    "BUILDKITE_",
    "CIRCLE_",
    "CI_",
    "GITHUB_",
    "GITLAB_",
    "TFC_",
];

/// Returns true if a variable of a CI system may have this name.
pub(crate) fn is_of_ci(name: &str) -> bool {
    OF_CI.iter().any(|start| name.starts_with(start))
}

/// A variable in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Variable {
    /// The variable with its `$`; of `${` without a `}`, just this.
    pub(crate) written: String,
    /// The name; empty if there is none.
    pub(crate) name: String,
}

impl Variable {
    /// Returns the variable that surely begins at the `$` at a byte of a text as written.
    ///
    /// `a$b` may be a text like any other. `$NAME` is a variable if a CI system has variables that begin so,
    /// or if it is the whole text and in upper case, as variables are.
    pub(super) fn read(text: &str, dollar: usize) -> Option<Self> {
        let rest = text.get(dollar..)?;
        let after = rest.strip_prefix('$')?;
        if let Some(inside) = after.strip_prefix('{') {
            let doubled = inside
                .strip_prefix('{')
                .and_then(|inside| inside.split_once("}}"));
            let (written, name) = match (doubled, inside.split_once('}')) {
                (Some((name, _)), _) => (format!("${{{{{name}}}}}"), name),
                (None, Some((name, _))) => (format!("${{{name}}}"), name),
                (None, None) => ("${".to_owned(), ""),
            };
            let name = name.trim().to_owned();
            return Some(Self { written, name });
        }
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = after.split(|c| !is_name(c)).next()?;
        let is_upper = |name: &str| name.bytes().all(|byte| !byte.is_ascii_lowercase());
        let begins = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_whole = rest == text && after == name && name.len() > 1 && begins && is_upper(name);
        (is_whole || is_of_ci(name)).then(|| Self {
            written: format!("${name}"),
            name: name.to_owned(),
        })
    }
}
