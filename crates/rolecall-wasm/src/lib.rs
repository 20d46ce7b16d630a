//! Checks, explanations and proofs of policies as WebAssembly.
//!
//! There is one function, [`answer`]: a question and its answer are JSON. The npm package in `npm` has a function for each
//! question, with its types. The answers are the reports that `policy-check` prints with `--format json`.

mod check;
mod explain;
mod files;
mod format;
mod import;
mod prove;
mod question;
mod rules;
mod test;
mod witness;

use question::Question;
use rolecall_report::failure::Failure;
use rolecall_report::json::line;
use serde::Serialize;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers a question: a JSON object whose member `question` names it, such as `check`.
///
/// Returns the report as JSON, or an object with the member `failure` if there is none: its `message` is one line, and its
/// `help` the next step.
#[wasm_bindgen]
pub fn answer(question: &str) -> String {
    let answer = Question::read(question).and_then(Question::answer);
    answer.unwrap_or_else(|failure| failed(&failure))
}

/// The answer to a question that cannot be answered.
#[derive(Serialize)]
struct Failed<'f> {
    failure: Reason<'f>,
}

#[derive(Serialize)]
struct Reason<'f> {
    message: &'f str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'f str>,
}

fn failed(failure: &Failure) -> String {
    let failure = Reason {
        message: &failure.message,
        help: failure.help.as_deref(),
    };
    written(&Failed { failure }).unwrap_or_else(|_| "{\"failure\":{\"message\":\"no answer\"}}".to_owned())
}

/// Writes a report as JSON that is safe to show.
fn written(report: &impl Serialize) -> Result<String, Failure> {
    let line = line(report)?;
    String::from_utf8(line).map_err(|_| Failure::new("the report is not a text in UTF-8"))
}
