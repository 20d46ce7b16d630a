//! Analysis of the texts of a set.

use rolecall_engine::{CompileError, ParsedFile, PolicySet};
use rolecall_lint::Finding;
use std::sync::Arc;

/// The analysis of a set's texts.
#[derive(Default)]
pub(crate) struct Analyzed {
    pub(crate) files: Vec<ParsedFile>,
    /// The set, or its errors.
    pub(crate) outcome: Option<Result<Arc<PolicySet>, CompileError>>,
    pub(crate) findings: Vec<Finding>,
    /// The set of the last texts that compiled, whose names can be offered while a text is being written.
    pub(crate) last: Option<Arc<PolicySet>>,
}
