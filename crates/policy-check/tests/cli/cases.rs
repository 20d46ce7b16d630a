//! The command pages in `tests/cases`: files, command lines and their output. The form is in the README there.
//!
//! `ROLECALL_BLESS=1` writes the current output.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use crate::blessed::blessing;
use crate::policies::{Folder, Run};

const FENCE: &str = "```";

/// A piece of a page.
enum Part<'p> {
    Line(&'p str),
    /// The words after the fence, and the text.
    Block(&'p str, String),
}

fn parts(page: &str) -> Vec<Part<'_>> {
    let (mut parts, mut lines) = (Vec::new(), page.lines());
    while let Some(line) = lines.next() {
        let Some(words) = line.strip_prefix(FENCE) else {
            parts.push(Part::Line(line));
            continue;
        };
        let inner = lines.by_ref().take_while(|line| *line != FENCE);
        parts.push(Part::Block(
            words,
            inner.map(|line| format!("{line}\n")).collect(),
        ));
    }
    parts
}

/// Runs a page, and returns it as it would be right.
fn run(page: &str, shared: &Path) -> String {
    let (folder, mut right) = (Folder::new(), String::new());
    let mut parts = parts(page).into_iter().peekable();
    while let Some(part) = parts.next() {
        match part {
            // What was printed is written anew, with an empty line before it.
            Part::Line("") if parts.peek().is_some_and(is_output) => {}
            output if is_output(&output) => {}
            Part::Line(line) => {
                if let Some((name, path)) = link(line) {
                    folder.write(name, std::fs::read(shared.join(path)).unwrap());
                }
                writeln!(right, "{line}").unwrap();
            }
            Part::Block("console", text) => {
                let command = text.lines().next().unwrap_or_default();
                write_run(&mut right, command, &command_line(&folder, command));
            }
            Part::Block(words, text) => {
                let (_, name) = words
                    .split_once(' ')
                    .unwrap_or_else(|| panic!("the block `{words}` names no file"));
                folder.write(name, &text);
                write!(right, "{FENCE}{words}\n{text}{FENCE}\n").unwrap();
            }
        }
    }
    right
}

fn is_output(part: &Part<'_>) -> bool {
    matches!(part, Part::Block("stdout" | "stderr", _))
}

/// The name and the path of `- NAME: [TEXT](PATH)`.
fn link(line: &str) -> Option<(&str, &str)> {
    let (name, link) = line.strip_prefix("- ")?.split_once(": [")?;
    let (_, path) = link.strip_suffix(')')?.split_once("](")?;
    Some((name, path))
}

/// Runs `$ policy-check ARGUMENTS`. What stands between single quotes is one argument.
fn command_line(folder: &Folder, command: &str) -> Run {
    let line = command
        .strip_prefix("$ policy-check")
        .unwrap_or_else(|| panic!("`{command}` does not begin with `$ policy-check`"));
    let (mut arguments, mut quoted) = (Vec::new(), false);
    for piece in line.split('\'') {
        if quoted {
            arguments.push(piece);
        } else {
            arguments.extend(piece.split_whitespace());
        }
        quoted = !quoted;
    }
    folder.run(&arguments)
}

fn write_run(page: &mut String, command: &str, run: &Run) {
    writeln!(page, "{FENCE}console\n{command}\n? {}\n{FENCE}", run.code).unwrap();
    for (name, text) in [("stdout", &run.out), ("stderr", &run.err)] {
        if !text.is_empty() {
            let end = if text.ends_with('\n') { "" } else { "\n" };
            write!(page, "\n{FENCE}{name}\n{text}{end}{FENCE}\n").unwrap();
        }
    }
}

/// Runs a page, and returns how it differs from what is right, if it does.
pub(crate) fn difference(file: &Path, shared: &Path) -> Option<String> {
    let page = std::fs::read_to_string(file).unwrap();
    let right = run(&page, shared);
    if blessing() {
        std::fs::write(file, &right).unwrap();
    } else if right != page {
        let diff = similar::TextDiff::from_lines(&page, &right);
        return Some(format!("{}\n{}", file.display(), diff.unified_diff()));
    }
    None
}

#[test]
fn each_page_shows_what_the_command_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let files = std::fs::read_dir(&folder).unwrap();
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|end| end == "md") && !file.ends_with("README.md"));
    files.sort();
    assert!(files.len() >= 10, "{} pages", files.len());
    let wrong: Vec<String> = files
        .iter()
        .filter_map(|file| difference(file, &folder))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
