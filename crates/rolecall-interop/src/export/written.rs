//! Documents as they are read back.

use rolecall_engine::ParsedFile;

/// Policy files, and the names of their roles.
#[derive(Default)]
pub(super) struct Written {
    pub(super) files: Vec<ParsedFile>,
    pub(super) roles: Vec<String>,
}
