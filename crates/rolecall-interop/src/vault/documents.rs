//! Documents of Vault, recognised by their content.

use super::mount::{Keys, Mount};
use super::read::{data, is_mount, is_role, mount, role};
use super::role::Role;
use crate::document::Node;
use crate::notice::Reading;
use rolecall_syntax::{Span, Spanned};

/// The roles and mounts of a document.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Documents {
    /// The roles, in the order of the document.
    pub roles: Vec<FoundRole>,
    /// The configurations of mounts, in the order of the document.
    pub mounts: Vec<FoundMount>,
}

/// A role.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FoundRole {
    /// The namespace of its mount, if it has one and the document has it.
    pub namespace: Option<String>,
    /// The path of its mount with the namespace, such as `jwt`, if the document has it. `vault read` does not print it.
    pub mount: Option<String>,
    /// The name, if the document has it. `vault read` does not print it.
    pub name: Option<Spanned<String>>,
    /// The role.
    pub reading: Reading<Role>,
    /// The location of all that the document says of the role.
    pub span: Span,
}

/// A configuration of a mount.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FoundMount {
    /// The path of the mount, such as `jwt`, if the document has it. `vault read` does not print it.
    pub path: Option<String>,
    /// The configuration.
    pub reading: Reading<Mount>,
}

impl Documents {
    /// Adds the content of a document. Returns whether it is one of Vault.
    pub(crate) fn take(&mut self, document: &Node) -> bool {
        if is_role(document) {
            self.roles.push(FoundRole {
                namespace: None,
                mount: None,
                name: None,
                reading: role(document),
                span: data(document).span,
            });
            return true;
        }
        if is_mount(document) {
            self.mounts.push(FoundMount {
                path: None,
                reading: mount(document),
            });
            return true;
        }
        false
    }

    /// Returns the locations of the parts that say who gets a role.
    pub(crate) fn shown(&self) -> impl Iterator<Item = Span> {
        let mounts = self.mounts.iter().filter_map(|mount| mount.reading.tree.as_ref());
        let urls = mounts.flat_map(|mount| {
            let keys = match &mount.keys {
                Keys::Discovery(url) | Keys::Url(url) => std::slice::from_ref(url),
                Keys::Urls(urls) => urls,
                Keys::Inline(_) => &[],
            };
            keys.iter().chain(&mount.issuer).map(|url| url.span)
        });
        self.roles.iter().map(|role| role.span).chain(urls)
    }
}
