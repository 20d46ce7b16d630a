//! The report of `fmt`.

use rolecall_report::location::count;
use rolecall_report::printable::printable;
use rolecall_report::style::{BAD, FAINT, GOOD, STRONG, paint};
use similar::{ChangeTag, TextDiff};

/// The result for one file.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// The file was or would be changed; with the difference, if it was requested.
    Changed(String),
    /// The file was already formatted.
    Same,
    /// The file has errors.
    Failed(String),
}

/// The results for all files.
#[derive(Debug, Default)]
pub(crate) struct FormatReport {
    files: Vec<(String, Outcome)>,
}

impl FormatReport {
    pub(crate) fn add(&mut self, name: String, outcome: Outcome) {
        self.files.push((name, outcome));
    }

    /// Returns whether no file has errors and, if `dry`, no file would change.
    pub(crate) fn is_fine(&self, dry: bool) -> bool {
        self.files.iter().all(|(_, outcome)| match outcome {
            Outcome::Changed(_) => !dry,
            Outcome::Same => true,
            Outcome::Failed(_) => false,
        })
    }

    /// Formats the changed files, the errors, and a summary. A difference has no summary, since programs may
    /// read it.
    pub(crate) fn text(&self, dry: bool, diff: bool) -> String {
        let mut text = String::new();
        let verb = if dry { "would format" } else { "formatted" };
        for (name, outcome) in &self.files {
            match outcome {
                Outcome::Changed(lines) => {
                    if !diff {
                        text.push_str(&format!("{verb} {}\n", paint(STRONG, name)));
                    }
                    text.push_str(lines);
                }
                Outcome::Same => {}
                Outcome::Failed(errors) => text.push_str(errors),
            }
        }
        if self.files.is_empty() || diff {
            return text;
        }
        let count_of =
            |is: fn(&Outcome) -> bool| self.files.iter().filter(|(_, outcome)| is(outcome)).count();
        let changed = count_of(|outcome| matches!(outcome, Outcome::Changed(_)));
        let same = count_of(|outcome| matches!(outcome, Outcome::Same));
        let failed = count_of(|outcome| matches!(outcome, Outcome::Failed(_)));
        let mut parts = Vec::new();
        for (number, what) in [
            (changed, if dry { "to format" } else { "formatted" }),
            (same, "already formatted"),
            (failed, "with errors, unchanged"),
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

/// Formats the difference between two texts like `diff -u`.
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

/// Makes a line safe to show, but keeps its tabs.
fn shown(line: &str) -> String {
    let parts: Vec<_> = line.split('\t').map(printable).collect();
    parts.join("\t")
}
