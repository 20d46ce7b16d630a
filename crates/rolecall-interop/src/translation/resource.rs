//! Resources: the names that clients have for roles, which the grants of policies have, too.

use crate::target::Target;

/// A resource that tokens get, such as a role of AWS.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Resource {
    /// The system that has it.
    pub target: Target,
    /// The value of a grant, see [`Target::grant`], or its end if the document does not say all of it.
    pub name: String,
    /// True if the name is all of the value.
    pub is_whole: bool,
}

/// The endings of documents.
const ENDINGS: &[&str] = &[".sts.yaml", ".sts.yml", ".json", ".yaml", ".yml"];

impl Resource {
    /// Returns a resource whose document names it.
    pub(crate) fn whole(target: Target, name: impl Into<String>) -> Self {
        Self {
            target,
            name: name.into(),
            is_whole: true,
        }
    }

    /// Returns a resource of which the document says the end of the name alone.
    pub(super) fn end(target: Target, name: impl Into<String>) -> Self {
        Self {
            is_whole: false,
            ..Self::whole(target, name)
        }
    }

    /// Returns a resource that no document names: the file has its name.
    pub(super) fn of_file(target: Target, path: &str) -> Self {
        let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
        let ending = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending));
        Self::end(target, ending.unwrap_or(name))
    }

    /// Returns the system and the end of the name, which resources that can be the same have in common.
    pub(crate) fn key(&self) -> (Target, String) {
        let end = self.name.rsplit(['/', ':', '#']).next().unwrap_or(&self.name);
        (self.target, end.to_ascii_lowercase())
    }

    /// Returns whether a value of a grant names the resource.
    pub fn is(&self, value: &str) -> bool {
        // The ids of Azure and the paths of Vault have no case.
        let has_case = !matches!(self.target, Target::Azure | Target::Vault);
        let is_equal = |value: &str| match has_case {
            true => value == self.name,
            false => value.eq_ignore_ascii_case(&self.name),
        };
        is_equal(value) || !self.is_whole && value.rsplit(['/', ':', '#']).next().is_some_and(is_equal)
    }
}
