//! The question `prove`.

use crate::files::{File, compile};
use crate::written;
use rolecall_report::failure::Failure;
use rolecall_report::prove::ProveReport;
use rolecall_report::statement::Statement;

/// The name of the only policy set in reports.
pub(crate) const SET: &str = "policies";

pub(crate) fn answer(files: Vec<File>, statement: Option<&str>) -> Result<String, Failure> {
    let statement = statement.map(Statement::new);
    let policies = compile(files, statement.as_ref())?;
    let mut report = ProveReport::default();
    match policies.set_or_errors() {
        Ok(set) => {
            // The statement is the last file.
            let last = set.program().own_files().last().map(|(file, _)| file);
            report.run(SET, set, &policies.foreign, |assertion| {
                statement.is_none() || Some(assertion.location.file()) == last
            });
        }
        Err(errors) => report.add_errors(errors),
    }
    written(&report)
}
