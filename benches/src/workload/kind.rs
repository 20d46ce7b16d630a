//! Kinds of roles.

/// The kind of a role: the claims and patterns that it compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole `sub`.
    Exact,
    /// Whatever a project does.
    AnyOfProject,
    /// A branch of all projects of a namespace.
    MainOfNamespace,
    /// Some branches of a project.
    ReleasesOfProject,
    /// Some branches of all projects of a group.
    BranchesOfGroup,
    /// Some tags of a project.
    TagsOfProject,
    /// A branch of all projects of a name: the star stands in front.
    MainOfName,
    /// Protected refs of a project.
    ProtectedRefs,
    /// An environment of a namespace.
    Production,
    /// Environments and a tier of a group.
    Deployments,
    /// Tags of two projects.
    TagsOfTwo,
    /// Some projects and refs, as a regex.
    ProjectsRegex,
    /// Names of projects and versions, as a regex.
    VersionsRegex,
    /// Refs of a project, as a regex.
    RefsRegex,
}
