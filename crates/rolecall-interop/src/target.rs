//! Targets: the systems that take tokens.

/// A system that takes tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Target {
    /// A trust policy of a role of AWS.
    Aws,
    /// Federated identity credentials of Azure.
    Azure,
    /// Providers of a pool of Google Cloud, with the binding of its tokens.
    Google,
    /// Structured authentication of Kubernetes.
    Kubernetes,
    /// Trust policies of octo-sts.
    OctoSts,
    /// The trusted publisher of a package registry.
    TrustedPublisher(Registry),
    /// Roles of Vault or OpenBao.
    Vault,
}

/// A package registry that takes tokens of GitHub and GitLab.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Registry {
    /// crates.io
    CratesIo,
    /// npm
    Npm,
    /// PyPI
    PyPi,
}

impl Registry {
    /// The registries, in alphabetical order.
    pub const ALL: [Self; 3] = [Self::CratesIo, Self::Npm, Self::PyPi];
}

impl Target {
    /// The systems with documents of their own, in alphabetical order.
    pub const ALL: [Self; 6] = [
        Self::Aws,
        Self::Azure,
        Self::Google,
        Self::Kubernetes,
        Self::OctoSts,
        Self::Vault,
    ];

    /// Returns the name of the grants whose values are resources of the system, if it has any.
    pub fn grant(self) -> Option<&'static str> {
        match self {
            Self::Aws => Some("aws_role"),
            Self::Azure => Some("azure_client"),
            Self::Google => Some("gcp_service_account"),
            Self::Kubernetes | Self::TrustedPublisher(_) => None,
            Self::OctoSts => Some("octo_sts"),
            Self::Vault => Some("vault_role"),
        }
    }
}
