//! How the assertions of some policy sets came out.

use rolecall_engine::PolicySet;
use rolecall_engine::ir::Assertion;
use serde::Serialize;

use super::finding::Finding;
use super::json::SCHEMA_VERSION;
use super::proof::Proofs;
use crate::exit::Exit;

/// The report of `prove`.
#[derive(Debug, Serialize)]
pub(crate) struct ProveReport {
    schema_version: u32,
    #[serde(flatten)]
    proofs: Proofs,
    errors: Vec<Finding>,
    /// How many policy sets were looked at.
    #[serde(skip)]
    sets: usize,
}

impl Default for ProveReport {
    fn default() -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            proofs: Proofs::default(),
            errors: Vec::new(),
            sets: 0,
        }
    }
}

impl ProveReport {
    /// Proves or refutes the assertions of a policy set that are wanted.
    pub(crate) fn run(&mut self, name: &str, set: &PolicySet, wanted: impl Fn(&Assertion) -> bool) {
        self.sets = self.sets.saturating_add(1);
        self.proofs.run(name, set, wanted);
    }

    /// Adds what is wrong with a policy set that does not compile.
    pub(crate) fn add_errors(&mut self, errors: impl IntoIterator<Item = Finding>) {
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
