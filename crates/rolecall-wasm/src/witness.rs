//! The question `witness`.

use crate::files::{File, compile};
use crate::prove::SET;
use crate::written;
use rolecall_report::failure::Failure;
use rolecall_report::selectors::select;
use rolecall_report::witness::WitnessReport;

pub(crate) fn answer(files: Vec<File>, role: &str, near_miss: bool) -> Result<String, Failure> {
    let policies = compile(files, None)?;
    let mut report = WitnessReport::default();
    match policies.set_or_errors() {
        Ok(set) => {
            let roles = select(set, role)?;
            report.add_missing(&policies.foreign);
            report.run(SET, set, &roles, near_miss);
        }
        Err(errors) => report.add_errors(errors),
    }
    written(&report)
}
