//! Branches and tags, and the `sub` that they are part of.

use super::random::Random;

/// A branch or a tag.
#[derive(Clone, Debug)]
pub(super) struct Reference {
    pub(super) is_tag: bool,
    pub(super) name: String,
}

impl Reference {
    pub(super) fn branch(name: impl Into<String>) -> Self {
        let (is_tag, name) = (false, name.into());
        Self { is_tag, name }
    }

    pub(super) fn tag(name: impl Into<String>) -> Self {
        let (is_tag, name) = (true, name.into());
        Self { is_tag, name }
    }

    /// One that policies name.
    pub(super) fn usual(random: &mut Random) -> Self {
        let drawn = [
            ("main", 50),
            ("master", 12),
            ("develop", 10),
            ("production", 8),
            ("staging", 6),
            ("release", 8),
            ("tag", 6),
        ];
        match random.weighted(&drawn) {
            "release" => Self::branch(release(random)),
            "tag" => Self::tag(format!("v{}.{}.0", random.below(10), random.below(20))),
            name => Self::branch(name),
        }
    }
}

pub(super) fn release(random: &mut Random) -> String {
    format!("release/{}.{}", random.below(10), random.below(20))
}

/// Returns the `sub` that GitLab writes.
pub(super) fn sub(path: &str, reference: &Reference) -> String {
    let ref_type = if reference.is_tag { "tag" } else { "branch" };
    format!("project_path:{path}:ref_type:{ref_type}:ref:{}", reference.name)
}
