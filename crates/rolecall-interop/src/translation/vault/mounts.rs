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
    /// True if the keys are not those that the issuer publishes, as far as their URLs say it.
    pub(super) has_other_keys: bool,
    /// The source of the keys, as one line.
    pub(super) keys: String,
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

    /// Returns the source of the keys of a role's mount.
    pub(super) fn keys(&self, path: Option<&str>) -> Option<String> {
        Some(self.issuer(path, Span::default()).ok()?.keys)
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
    let keys = match &mount.keys {
        Keys::Discovery(url) | Keys::Url(url) => url.node.clone(),
        Keys::Urls(urls) => urls.iter().map(|url| url.as_str()).collect::<Vec<_>>().join(" "),
        Keys::Inline(_) => "keys in the configuration".to_owned(),
    };
    match (&mount.issuer, &mount.keys) {
        (Some(issuer), source) => Ok(MountIssuer {
            url: issuer.node.clone(),
            is_possible: match source {
                Keys::Discovery(url) => url.node == issuer.node,
                _ => true,
            },
            has_other_keys: match source {
                Keys::Discovery(_) => false,
                Keys::Url(url) => host(url) != host(issuer),
                Keys::Urls(urls) => urls.iter().any(|url| host(url) != host(issuer)),
                Keys::Inline(_) => true,
            },
            keys,
        }),
        (None, Keys::Discovery(url)) => Ok(MountIssuer {
            url: url.node.clone(),
            is_possible: true,
            has_other_keys: false,
            keys,
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

/// Returns the host of a URL, in lower case.
fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().to_ascii_lowercase()
}
