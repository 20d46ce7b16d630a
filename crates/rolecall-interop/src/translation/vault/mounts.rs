//! Mounts, whose configuration has the issuer of the tokens.

use crate::notice::{Notice, NoticeKind};
use crate::vault::{Documents, FoundMount, Keys};
use rolecall_syntax::Span;

/// The mounts of all documents.
#[derive(Debug)]
pub(in crate::translation) struct Mounts {
    mounts: Vec<(Option<String>, Result<MountIssuer, Notice>)>,
}

/// The issuer whose tokens a mount takes.
#[derive(Clone, Debug)]
pub(super) struct MountIssuer {
    pub(super) url: String,
    /// False if the tokens that the keys sign do not name the issuer that the mount demands.
    pub(super) is_possible: bool,
}

impl Mounts {
    /// Collects the mounts of documents.
    pub(in crate::translation) fn of<'a>(documents: impl IntoIterator<Item = &'a Documents>) -> Self {
        let all = documents.into_iter().flat_map(|documents| &documents.mounts);
        let mounts = all.map(|mount| (mount.path.clone(), issuer_of(mount)));
        Self {
            mounts: mounts.collect(),
        }
    }

    /// Returns the issuer of a role's mount. A role that does not say its mount belongs to the only one.
    pub(super) fn issuer(&self, path: Option<&str>, role: Span) -> Result<MountIssuer, Notice> {
        let fits = |known: &Option<String>| path.is_none() || known.is_none() || known.as_deref() == path;
        let mut found = self.mounts.iter().filter(|(known, _)| fits(known));
        match (found.next(), found.next()) {
            (Some((_, issuer)), None) => issuer.clone().map_err(|notice| Notice { span: role, ..notice }),
            (None, _) => {
                let message = "the configuration of the role's mount is not in the files";
                let help = "add the output of `vault read -format=json auth/MOUNT/config`";
                Err(Notice::refused("mount-not-known", message, help, role))
            }
            (Some(_), Some(_)) => {
                let message =
                    "several mounts are in the files, and the role does not say to which it belongs";
                let help = "check the roles of each mount with its configuration alone";
                Err(Notice::refused("mount-not-known", message, help, role))
            }
        }
    }
}

fn issuer_of(found: &FoundMount) -> Result<MountIssuer, Notice> {
    // A notice about a mount is shown at each of its roles.
    let nowhere = Span::default();
    let Some(mount) = &found.reading.tree else {
        let mut notices = found.reading.notices.iter();
        let reason = notices.find(|notice| notice.kind == NoticeKind::Refused);
        let reason = reason.map_or("it is not understood", |notice| &notice.message);
        let message = format!("the configuration of the mount is not translated: {reason}");
        let help = "read it with `vault read -format=json auth/MOUNT/config`";
        return Err(Notice::refused("mount-not-translated", message, help, nowhere));
    };
    match (&mount.issuer, &mount.keys) {
        (Some(issuer), Keys::Discovery(url)) => Ok(MountIssuer {
            url: issuer.node.clone(),
            is_possible: issuer.node == url.node,
        }),
        (Some(issuer), _) => Ok(MountIssuer {
            url: issuer.node.clone(),
            is_possible: true,
        }),
        (None, Keys::Discovery(url)) => Ok(MountIssuer {
            url: url.node.clone(),
            is_possible: true,
        }),
        (None, _) => {
            let message = "the mount takes each token that its keys sign, of whatever issuer";
            Err(Notice::refused(
                "issuer-not-checked",
                message,
                "add `bound_issuer`",
                nowhere,
            ))
        }
    }
}
