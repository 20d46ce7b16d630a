//! The report of `prove`.

use crate::exit::Exit;
use crate::finding::FindingView;
use crate::foreign::Foreign;
use crate::json::SchemaVersion;
use crate::proof::Proofs;
use rolecall_engine::PolicySet;
use rolecall_engine::ir::Assertion;
use serde::Serialize;

/// The results of the assertions of policy sets.
#[derive(Debug, Default, Serialize)]
pub struct ProveReport {
    schema_version: SchemaVersion,
    #[serde(flatten)]
    proofs: Proofs,
    errors: Vec<FindingView>,
    /// True if there is a policy set that compiles.
    #[serde(skip)]
    has_sets: bool,
}

impl ProveReport {
    /// Proves or refutes the selected assertions of a policy set.
    pub fn run(
        &mut self,
        name: &str,
        set: &PolicySet,
        foreign: &Foreign,
        wanted: impl Fn(&Assertion) -> bool,
    ) {
        self.has_sets = true;
        self.proofs.run(name, set, foreign, wanted);
    }

    /// Adds the errors of policy sets that do not compile.
    pub fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    pub fn exit(&self) -> Exit {
        self.proofs.exit()
    }

    /// Formats each assertion, and a summary.
    pub fn text(&self) -> String {
        let mut text = String::new();
        self.proofs.write(true, &mut text);
        if self.has_sets {
            let nothing = || "there are no assertions to prove".to_owned();
            text.push_str(&self.proofs.summary().unwrap_or_else(nothing));
            text.push('\n');
        }
        text
    }
}
