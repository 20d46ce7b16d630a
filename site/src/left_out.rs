//! Markdown files that are neither in the summary nor left out on purpose.

use crate::repository::Repository;
use std::collections::BTreeSet;

/// Reports each Markdown file that is missing, and each line of the list that has no effect.
///
/// A line of the list is a file or, with `/` at its end, a folder. Lines with `#` are comments.
pub(crate) fn faults(
    repository: &Repository,
    summary: &str,
    name: &str,
    list: &str,
    pages: &BTreeSet<String>,
) -> Vec<String> {
    let lines = list.lines().map(str::trim);
    let lines: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let is_left_out = |line: &str, file: &str| match line.ends_with('/') {
        true => file.starts_with(line),
        false => file == line,
    };
    let files = repository.below("");
    let missing = files.filter(|file| file.ends_with(".md") && *file != summary && !pages.contains(*file));
    let missing: Vec<&str> = missing.collect();
    let forgotten = missing
        .iter()
        .filter(|file| !lines.iter().any(|line| is_left_out(line, file)));
    let forgotten = forgotten.map(|file| {
        format!("{file}: the page is not in the site: add it to `{summary}`, or to `{name}` with the reason")
    });
    let unused = lines
        .iter()
        .filter(|line| !missing.iter().any(|file| is_left_out(line, file)));
    let unused = unused.map(|line| format!("{name}: `{line}` leaves out no page: remove the line"));
    forgotten.chain(unused).collect()
}
