//! The first files from the roles of documents in other languages.

use super::{NewFile, configuration};
use crate::report::import::ImportReport;
use std::path::Path;

/// Returns the policies of documents, and the configuration.
pub(crate) fn files(report: &ImportReport, folder: &Path) -> Vec<NewFile> {
    let policies = report.files().map(|(name, text)| NewFile {
        path: folder.join(name),
        text: text.to_owned(),
        content: match name {
            "tests.policy" => "a test for each way to get a role, and for near misses",
            "issuers.policy" => "the issuers",
            _ => "the roles of a document",
        },
    });
    let mut files: Vec<NewFile> = policies.collect();
    files.push(configuration(None));
    files
}

/// Returns the commands to run next.
pub(crate) fn next(folder: &str) -> [String; 3] {
    [
        format!("policy-check check --tests {folder}"),
        format!("policy-check graph {folder}"),
        format!("policy-check gen-tests {folder}"),
    ]
}
