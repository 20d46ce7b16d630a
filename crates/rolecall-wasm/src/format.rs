//! The question `format`.

use crate::files::File;
use crate::written;
use rolecall_report::failure::Failure;
use serde::Serialize;

#[derive(Serialize)]
struct FormatAnswer {
    text: String,
}

pub(crate) fn answer(file: &File) -> Result<String, Failure> {
    let text = rolecall_syntax::format(&file.text).map_err(|_| {
        Failure::new("the policies have syntax errors").help("fix the errors that `check` reports")
    })?;
    written(&FormatAnswer { text })
}
