//! The reader of trust policies: from the values of a document to the tree.

mod actions;
mod conditions;
mod elements;
mod principals;
mod statement;

use super::text::Version;
use super::trust::Trust;
use crate::document::{Node, Value};
use crate::notice::{Notice, NoticeKind, printable};
use elements::Elements;
use rolecall_syntax::Span;
use std::slice;

/// A trust policy as far as its meaning is known, and the notices about it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Reading {
    /// The policy. A policy with a notice that refuses it is absent, because its other parts alone would
    /// admit more or fewer tokens.
    pub trust: Option<Trust>,
    /// The notices, in the order of the reader.
    pub notices: Vec<Notice>,
    /// The location of the policy; of the role, if it has none here.
    pub span: Span,
}

impl Reading {
    /// Returns a reading that consists of one refusal.
    pub(crate) fn refused(notice: Notice) -> Self {
        Self {
            trust: None,
            span: notice.span,
            notices: vec![notice],
        }
    }
}

/// Reads a trust policy from its document.
pub fn trust(document: &Node) -> Reading {
    let mut notices = Vec::new();
    let trust = read(document, &mut notices);
    let is_refused = notices.iter().any(|notice| notice.kind == NoticeKind::Refused);
    let trust = trust.filter(|_| !is_refused);
    let span = document.span;
    Reading { trust, notices, span }
}

fn read(document: &Node, notices: &mut Vec<Notice>) -> Option<Trust> {
    let mut elements = Elements::of(document, notices)?;
    elements.allow_only(&["Version", "Id", "Statement"]);
    let version = elements.text("Version");
    let version = match version.as_ref().map(|version| version.node.as_str()) {
        // "If you do not include a Version element, the value defaults to 2008-10-17." (IAM User Guide, "IAM
        // JSON policy elements: Version".)
        None | Some("2008-10-17") => Version::V2008,
        Some("2012-10-17") => Version::V2012,
        Some(other) => {
            let message = format!("version `{}` does not exist", printable(other));
            elements.refuse("version-not-understood", message, "write `2012-10-17`");
            Version::V2012
        }
    };
    let written = elements.required("Statement")?;
    let statements = match &written.node {
        Value::List(statements) => statements.as_slice(),
        _ => slice::from_ref(written),
    };
    let mut trust = Trust {
        version,
        statements: Vec::new(),
        also_admits: Vec::new(),
    };
    for written in statements {
        statement::read(written, &mut trust, notices);
    }
    Some(trust)
}
