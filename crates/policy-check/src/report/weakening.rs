//! Weakenings: changes by which less is reported than before.

use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, HELP, paint};
use serde::Serialize;

/// A change by which less is reported than before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Weakening {
    /// The setting of `policy-check.toml`, `rules.NAME`, `baseline` or `suppression`.
    pub(crate) setting: String,
    /// The change, on one line.
    pub(crate) message: String,
    /// The file with the change, if known.
    pub(crate) file: Option<String>,
    /// The line, if known.
    pub(crate) line: Option<usize>,
}

/// A section of a report with changes by which less is reported than before.
pub(crate) struct Weakenings<'w> {
    /// The revision to compare with; none for a folder.
    pub(crate) base: Option<&'w str>,
    /// The changes; never empty.
    pub(crate) changes: Vec<&'w Weakening>,
    /// True if the user accepts them.
    pub(crate) accepted: bool,
}

impl Weakenings<'_> {
    /// Returns the title of the section.
    pub(crate) fn title(&self) -> String {
        let accepted = if self.accepted { " (accepted)" } else { "" };
        let than = match self.base {
            Some(base) => format!("at `{base}`"),
            None => "before".to_owned(),
        };
        format!("less is reported than {than}{accepted}")
    }

    /// Formats the section as text.
    pub(crate) fn text(&self) -> String {
        let title = format!("{}:", printable(&self.title()));
        let mut text = match self.accepted {
            true => title + "\n",
            false => paint(BAD, title) + "\n",
        };
        for change in &self.changes {
            let location = location(change).map_or(String::new(), |location| format!("{location}: "));
            text.push_str(&format!(
                "  {}\n",
                printable(&format!("{location}{}", change.message))
            ));
        }
        if !self.accepted {
            let help = "if this is intended, add `--accept-configuration`";
            text.push_str(&format!("  {} {help}\n", paint(HELP, "help:")));
        }
        text
    }
}

/// Formats the location of a change, if known.
pub(crate) fn location(change: &Weakening) -> Option<String> {
    let file = change.file.as_deref()?;
    Some(match change.line {
        Some(line) => format!("{file}:{line}"),
        None => file.to_owned(),
    })
}
