//! The files of a question, compiled as one policy set.

use rolecall_engine::{CompileError, ParsedFile, PolicySet};
use rolecall_report::failure::Failure;
use rolecall_report::finding::FindingView;
use rolecall_report::foreign::Foreign;
use rolecall_report::policy_text::named_text;
use rolecall_report::statement::Statement;
use rolecall_report::texts::{Compiled, Texts};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The maximum size of all files: a browser keeps several copies of them.
const MAX_BYTES: usize = 16 * 1024 * 1024;

/// A policy file, or a document in another language, which is recognised by its text.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The name in messages.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// The files, compiled.
pub(crate) struct Policies {
    /// The policy set, or its errors.
    pub(crate) outcome: Result<PolicySet, CompileError>,
    /// The files with their syntax trees.
    pub(crate) files: Vec<ParsedFile>,
    /// The documents in other languages.
    pub(crate) foreign: Foreign,
}

/// Compiles the files, with a statement as the last one if there is one.
pub(crate) fn compile(files: Vec<File>, statement: Option<&Statement>) -> Result<Policies, Failure> {
    let lengths = files.iter().map(|file| file.text.len());
    if lengths.fold(0, usize::saturating_add) > MAX_BYTES {
        let message = format!("the files are larger than {MAX_BYTES} bytes together");
        return Err(Failure::new(message).help("use `policy-check` for large policy sets"));
    }
    let mut texts = Texts::default();
    for file in files {
        texts.add(&file.name, named_text(file.text.into_bytes()));
    }
    let profiles = texts.beside_policies(&BTreeMap::new());
    let [(foreign, errors)] = Foreign::translate([(&texts, &profiles)]);
    let Compiled { outcome, files } = texts.compile(errors, statement, |sources| foreign.files(sources));
    Ok(Policies {
        outcome,
        files,
        foreign,
    })
}

impl Policies {
    /// Returns the policy set, or its errors as findings.
    pub(crate) fn set_or_errors(&self) -> Result<&PolicySet, Vec<FindingView>> {
        self.outcome.as_ref().map_err(FindingView::of_errors)
    }

    /// Returns the policy set, for questions that need one without errors.
    pub(crate) fn set(&self) -> Result<&PolicySet, Failure> {
        self.outcome.as_ref().map_err(|_| {
            Failure::new("the policies do not compile").help("fix the errors that `check` reports")
        })
    }
}
