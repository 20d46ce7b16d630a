//! Tokens to keep as tests.

use rolecall_analysis::Witness;

/// A token to keep as a test.
#[derive(Clone, Debug)]
pub struct NewTest {
    /// The name, which no test of the policy set has.
    pub name: String,
    pub witness: Box<Witness>,
    /// The position of the test with a similar token among the new ones; `None` without such a test.
    pub example: Option<usize>,
}
