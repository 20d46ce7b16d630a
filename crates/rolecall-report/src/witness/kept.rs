//! The tests of a report: their names and texts, and their tokens for a file.

use super::new_test::NewTest;
use crate::test_names::Names;
use crate::token_text::formatted;
use rolecall_analysis::Witness;

/// The tests of a policy set's report, in order.
#[derive(Debug)]
pub(super) struct Kept {
    names: Names,
    tests: Vec<NewTest>,
}

impl Kept {
    pub(super) fn new(names: Names) -> Self {
        let tests = Vec::new();
        Self { names, tests }
    }

    /// Returns the tests.
    pub(super) fn tests(self) -> Vec<NewTest> {
        self.tests
    }

    /// Returns the position and the text of a test for a token that gets a role, if a test can have the token.
    pub(super) fn example(&mut self, role: &str, witness: &Witness) -> Option<(usize, String)> {
        let name = self.names.granted(role);
        let text = witness.test(&name)?;
        Some((self.keep(name, witness, None), formatted(text)))
    }

    /// Returns the text of a test for a token that fails at a condition of a role. `example` is the position of the
    /// test of a similar token.
    pub(super) fn near_miss(
        &mut self,
        role: &str,
        condition: &str,
        witness: &Witness,
        example: Option<usize>,
    ) -> Option<String> {
        let name = self.names.needs(role, condition);
        let text = match example.and_then(|example| self.tests.get(example)) {
            Some(example) => witness.test_like(&name, &example.name, &example.witness),
            None => witness.test(&name),
        };
        let text = formatted(text?);
        self.keep(name, witness, example);
        Some(text)
    }

    fn keep(&mut self, name: String, witness: &Witness, example: Option<usize>) -> usize {
        let position = self.tests.len();
        let witness = Box::new(witness.clone());
        self.tests.push(NewTest {
            name,
            witness,
            example,
        });
        position
    }
}
