//! Which files were laid out, or would be.

use similar::{ChangeTag, TextDiff};

use super::location::count;
use crate::printable::printable;
use crate::style::{BAD, FAINT, GOOD, STRONG, paint};

/// What became of a file.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It has another layout now, or would have; with the difference, if that was asked for.
    Changed(String),
    /// It had its layout already.
    Same,
    /// It cannot be read; with the errors.
    Wrong(String),
}

/// The report of `fmt`.
#[derive(Debug, Default)]
pub(crate) struct FormatReport {
    files: Vec<(String, Outcome)>,
}

impl FormatReport {
    pub(crate) fn add(&mut self, name: String, outcome: Outcome) {
        self.files.push((name, outcome));
    }

    /// Whether nothing is wrong, and, where nothing may change, nothing would.
    pub(crate) fn is_fine(&self, dry: bool) -> bool {
        self.files.iter().all(|(_, outcome)| match outcome {
            Outcome::Changed(_) => !dry,
            Outcome::Same => true,
            Outcome::Wrong(_) => false,
        })
    }

    /// The files that are not as they were or should be, and a summary, but for a difference that a program may read.
    pub(crate) fn text(&self, dry: bool, diff: bool) -> String {
        let mut text = String::new();
        let (mut changed, mut same, mut wrong) = (0_usize, 0_usize, 0_usize);
        let verb = if dry { "would format" } else { "formatted" };
        for (name, outcome) in &self.files {
            match outcome {
                Outcome::Changed(lines) => {
                    changed = changed.saturating_add(1);
                    if !diff {
                        text.push_str(&format!("{verb} {}\n", paint(STRONG, name)));
                    }
                    text.push_str(lines);
                }
                Outcome::Same => same = same.saturating_add(1),
                Outcome::Wrong(errors) => {
                    wrong = wrong.saturating_add(1);
                    text.push_str(errors);
                }
            }
        }
        if self.files.is_empty() || diff {
            return text;
        }
        let mut parts = Vec::new();
        for (number, what) in [
            (changed, if dry { "to format" } else { "formatted" }),
            (same, "already formatted"),
            (wrong, "with errors, unchanged"),
        ] {
            if number > 0 {
                parts.push(format!("{} {what}", count(number, "file")));
            }
        }
        text.push_str(&parts.join(", "));
        text.push('\n');
        text
    }
}

/// The difference between two texts, as `diff -u` prints it.
pub(crate) fn diff(name: &str, old: &str, new: &str) -> String {
    let diff = TextDiff::from_lines(old, new);
    let mut text = paint(BAD, format!("--- {name}")) + "\n";
    text += &(paint(GOOD, format!("+++ {name}")) + "\n");
    for hunk in diff.unified_diff().iter_hunks() {
        text += &(paint(FAINT, hunk.header()) + "\n");
        for change in hunk.iter_changes() {
            let (sign, style) = match change.tag() {
                ChangeTag::Delete => ("-", BAD),
                ChangeTag::Insert => ("+", GOOD),
                ChangeTag::Equal => (" ", anstyle::Style::new()),
            };
            let line = change.value().strip_suffix('\n').unwrap_or(change.value());
            let (line, end) = match line.strip_suffix('\r') {
                Some(line) => (line, "\r"),
                None => (line, ""),
            };
            text += &paint(style, format!("{sign}{}", shown(line)));
            text += end;
            text.push('\n');
            if change.missing_newline() {
                text += "\\ No newline at end of file\n";
            }
        }
    }
    text
}

/// Tabs stay; what a terminal would obey does not.
fn shown(line: &str) -> String {
    let parts: Vec<_> = line.split('\t').map(printable).collect();
    parts.join("\t")
}
