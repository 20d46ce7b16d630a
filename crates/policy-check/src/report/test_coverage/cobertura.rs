//! Cobertura XML, as GitLab reads it to mark lines in merge requests (GitLab Docs, "Cobertura coverage report"), and in
//! the shape of its DTD `coverage-04`: a line counts as covered if all obligations on it are, and each obligation is a
//! branch.

use super::TestCoverage;
use super::lines::FileLines;
use crate::report::file_name::relative;
use crate::report::xml::{self, Writer, clean_line};
use rolecall::UnixTime;
use rolecall_report::failure::Failure;
use std::io;

/// Numbers of lines and branches, and of those that are covered.
#[derive(Clone, Copy, Default)]
struct Totals {
    lines: (usize, usize),
    branches: (usize, usize),
}

impl Totals {
    fn of(files: &[FileLines]) -> Self {
        let mut totals = Self::default();
        for obligations in files.iter().flat_map(|file| file.lines().into_values()) {
            add(&mut totals.lines, obligations.iter().all(|covered| *covered));
            obligations
                .iter()
                .for_each(|covered| add(&mut totals.branches, *covered));
        }
        totals
    }

    fn rates(self) -> [String; 2] {
        [self.lines, self.branches].map(|(all, covered)| rate(all, covered))
    }
}

fn add((all, covered): &mut (usize, usize), is_covered: bool) {
    *all = all.saturating_add(1);
    *covered = covered.saturating_add(usize::from(is_covered));
}

/// Formats a share from 0 to 1, rounded down.
fn rate(all: usize, covered: usize) -> String {
    let thousandths = covered.saturating_mul(1000).checked_div(all).unwrap_or(1000);
    let whole = thousandths.checked_div(1000).unwrap_or_default();
    let rest = thousandths.checked_rem(1000).unwrap_or_default();
    format!("{whole}.{rest:03}")
}

/// Formats the coverage at a time.
pub(crate) fn document(report: &TestCoverage, time: UnixTime) -> Result<Vec<u8>, Failure> {
    let totals = Totals::of(&report.files);
    let [line_rate, branch_rate] = totals.rates();
    let numbers = [
        totals.lines.1,
        totals.lines.0,
        totals.branches.1,
        totals.branches.0,
    ];
    let [lines_covered, lines_valid, branches_covered, branches_valid] = numbers.map(|one| one.to_string());
    // The DTD does not say the unit; readers take milliseconds.
    let timestamp = time.as_secs().saturating_mul(1000).to_string();
    xml::document(|writer| {
        let root = writer.create_element("coverage").with_attributes([
            ("line-rate", line_rate.as_str()),
            ("branch-rate", &branch_rate),
            ("lines-covered", &lines_covered),
            ("lines-valid", &lines_valid),
            ("branches-covered", &branches_covered),
            ("branches-valid", &branches_valid),
            ("complexity", "0"),
            ("version", concat!("policy-check ", env!("CARGO_PKG_VERSION"))),
            ("timestamp", &timestamp),
        ]);
        root.write_inner_content(|writer| {
            writer.create_element("sources").write_inner_content(|writer| {
                let source = writer.create_element("source");
                source.write_text_content(quick_xml::events::BytesText::new("."))?;
                Ok(())
            })?;
            writer.create_element("packages").write_inner_content(|writer| {
                let package = writer.create_element("package").with_attributes([
                    ("name", "policies"),
                    ("line-rate", line_rate.as_str()),
                    ("branch-rate", &branch_rate),
                    ("complexity", "0"),
                ]);
                package.write_inner_content(|writer| {
                    writer.create_element("classes").write_inner_content(|writer| {
                        report.files.iter().try_for_each(|file| class(file, writer))
                    })?;
                    Ok(())
                })?;
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(())
    })
}

/// Writes a file.
fn class(file: &FileLines, writer: &mut Writer) -> io::Result<()> {
    let lines = file.lines();
    if lines.is_empty() {
        return Ok(());
    }
    let [line_rate, branch_rate] = Totals::of(std::slice::from_ref(file)).rates();
    let name = clean_line(&relative(&file.name));
    let class = writer.create_element("class").with_attributes([
        ("name", name.as_str()),
        ("filename", &name),
        ("line-rate", &line_rate),
        ("branch-rate", &branch_rate),
        ("complexity", "0"),
    ]);
    class.write_inner_content(|writer| {
        writer.create_element("methods").write_empty()?;
        writer.create_element("lines").write_inner_content(|writer| {
            for (number, obligations) in &lines {
                let (all, covered) = (obligations.len(), obligations.iter().filter(|one| **one).count());
                let percent = covered.saturating_mul(100).checked_div(all).unwrap_or(100);
                let line = writer.create_element("line").with_attributes([
                    ("number", number.to_string().as_str()),
                    ("hits", if all == covered { "1" } else { "0" }),
                    ("branch", "true"),
                    ("condition-coverage", &format!("{percent}% ({covered}/{all})")),
                ]);
                line.write_empty()?;
            }
            Ok(())
        })?;
        Ok(())
    })?;
    Ok(())
}
