//! Changes by which less is reported than before.

use serde::Serialize;

use crate::printable::printable;
use crate::style::{BAD, HELP, paint};

/// A change by which less is reported than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Weakening {
    /// The setting of `policy-check.toml`, `rules.NAME`, `baseline` or `suppression`.
    pub(crate) setting: String,
    /// The change, on one line.
    pub(crate) message: String,
    /// The file that the change is in, if it is known.
    pub(crate) file: Option<String>,
    /// The line, if it is known.
    pub(crate) line: Option<usize>,
}

/// The changes by which less is reported than before.
pub(crate) struct Weakenings<'w> {
    /// The revision to compare with; none for a folder.
    pub(crate) base: Option<&'w str>,
    /// The changes; never empty.
    pub(crate) changes: Vec<&'w Weakening>,
    /// Whether the user accepts them.
    pub(crate) accepted: bool,
}

impl Weakenings<'_> {
    /// The title of the section.
    pub(crate) fn title(&self) -> String {
        let accepted = if self.accepted { " (accepted)" } else { "" };
        let than = match self.base {
            Some(base) => format!("at `{base}`"),
            None => "before".to_owned(),
        };
        format!("less is reported than {than}{accepted}")
    }

    /// The section for people.
    pub(crate) fn text(&self) -> String {
        let title = format!("{}:", printable(&self.title()));
        let mut text = match self.accepted {
            true => title + "\n",
            false => paint(BAD, title) + "\n",
        };
        for change in &self.changes {
            let place = place(change).map_or(String::new(), |place| format!("{place}: "));
            text.push_str(&format!(
                "  {}\n",
                printable(&format!("{place}{}", change.message))
            ));
        }
        if !self.accepted {
            let help = "if this is intended, add `--accept-configuration`";
            text.push_str(&format!("  {} {help}\n", paint(HELP, "help:")));
        }
        text
    }
}

/// The place of a change, if it is known.
pub(crate) fn place(change: &Weakening) -> Option<String> {
    let file = change.file.as_deref()?;
    Some(match change.line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    })
}
