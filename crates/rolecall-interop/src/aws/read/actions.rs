//! Actions: those by which a token becomes a session.

use super::elements;
use crate::document::Node;
use crate::notice::{Notice, printable};

/// The actions of AWS STS that a statement covers.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Covered {
    /// `sts:AssumeRoleWithWebIdentity`
    pub(super) web_identity: bool,
    /// `sts:TagSession` or `sts:SetSourceIdentity`, which a token with tags or a source identity needs in
    /// addition.
    pub(super) session: bool,
}

impl Covered {
    /// Returns whether the statement covers any of the actions.
    pub(super) fn any(self) -> bool {
        self.web_identity || self.session
    }
}

/// Reads the actions of a statement. Their names are compared without regard to case, and can have wildcards.
/// (IAM User Guide, "IAM JSON policy elements: Action".)
pub(super) fn read(node: &Node, notices: &mut Vec<Notice>) -> Covered {
    let mut covered = Covered::default();
    for action in elements::list(node) {
        let Some(action) = elements::text(action, notices) else {
            continue;
        };
        let is_web_identity = covers(&action, "sts:AssumeRoleWithWebIdentity");
        covered.web_identity |= is_web_identity;
        covered.session |= covers(&action, "sts:TagSession") || covers(&action, "sts:SetSourceIdentity");
        if is_web_identity && action.contains(['*', '?']) {
            let message = format!(
                "action `{}` also covers other ways to get the role",
                printable(&action)
            );
            let help = "write `sts:AssumeRoleWithWebIdentity`";
            notices.push(Notice::odd("action-with-wildcard", message, help, action.span));
        }
    }
    covered
}

/// Returns whether an action, in which `*` and `?` are wildcards, covers a name.
///
/// Libraries for globs have classes, paths and escapes in addition, which actions do not have.
fn covers(pattern: &str, name: &str) -> bool {
    let (start, rest) = pattern
        .split_once('*')
        .map_or((pattern, None), |(start, rest)| (start, Some(rest)));
    let Some((head, mut name)) = name.as_bytes().split_at_checked(start.len()) else {
        return false;
    };
    let Some(rest) = rest else {
        return name.is_empty() && fits(start, head);
    };
    let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
    for piece in middle.split('*').filter(|piece| !piece.is_empty()) {
        let at = name.windows(piece.len()).position(|part| fits(piece, part));
        let after = at.and_then(|at| name.get(at.saturating_add(piece.len())..));
        let Some(after) = after else { return false };
        name = after;
    }
    let tail = name.len().checked_sub(end.len()).and_then(|at| name.get(at..));
    fits(start, head) && tail.is_some_and(|tail| fits(end, tail))
}

/// Returns whether a text without `*` fits another one.
fn fits(pattern: &str, text: &[u8]) -> bool {
    let mut pairs = pattern.bytes().zip(text);
    pattern.len() == text.len()
        && pairs.all(|(wanted, byte)| wanted == b'?' || wanted.eq_ignore_ascii_case(byte))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn actions_cover_names_in_any_case() {
        let name = "sts:AssumeRoleWithWebIdentity";
        let patterns = [
            "STS:assumerolewithwebidentity",
            "*",
            "sts:*",
            "sts:AssumeRole*",
            "*:AssumeRoleWithWebIdentity",
            "sts:*Role*Identity",
            "sts:AssumeRole????WebIdentity",
            "sts:AssumeRoleWithWebIdentity*",
            "sts:**y",
        ];
        for pattern in patterns {
            assert!(covers(pattern, name), "{pattern}");
        }
        let patterns = [
            "",
            "sts:AssumeRole",
            "sts:AssumeRoleWithSAML",
            "sts:AssumeRole?WebIdentity",
            "iam:*",
            "sts:*Identity*Role*",
            "sts:*Identity?",
            "sts:AssumeRoleWithWebIdentity*y",
        ];
        for pattern in patterns {
            assert!(!covers(pattern, name), "{pattern}");
        }
    }
}
