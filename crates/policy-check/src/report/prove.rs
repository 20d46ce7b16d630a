//! How the assertions of some policy sets came out.

use rolecall_engine::PolicySet;
use rolecall_engine::ir::Assertion;
use serde::Serialize;

use super::finding::FindingView;
use super::json::SchemaVersion;
use super::proof::Proofs;
use crate::exit::Exit;

/// The report of `prove`.
#[derive(Debug, Default, Serialize)]
pub(crate) struct ProveReport {
    schema_version: SchemaVersion,
    #[serde(flatten)]
    proofs: Proofs,
    errors: Vec<FindingView>,
    /// How many policy sets were looked at.
    #[serde(skip)]
    sets: usize,
}

impl ProveReport {
    /// Proves or refutes the assertions of a policy set that are wanted.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, wanted: impl Fn(&Assertion) -> bool) {
        self.sets = self.sets.saturating_add(1);
        self.proofs.run(name, set, wanted);
    }

    /// Adds what is wrong with the policy sets that do not compile.
    pub(crate) fn add_errors(&mut self, errors: Vec<FindingView>) {
        self.errors.extend(errors);
    }

    pub(crate) fn exit(&self) -> Exit {
        self.proofs.exit()
    }

    /// Each assertion, and a summary.
    pub(crate) fn text(&self) -> String {
        let mut text = String::new();
        self.proofs.write(true, &mut text);
        if self.sets > 0 {
            let nothing = || "there are no assertions to prove".to_owned();
            text.push_str(&self.proofs.summary().unwrap_or_else(nothing));
            text.push('\n');
        }
        text
    }
}
