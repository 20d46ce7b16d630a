//! How many random cases a property is tried with.

use proptest::test_runner::Config;

/// Returns the configuration of a property. A case that fails is kept in `tests/proptest-regressions` and tried first from
/// then on.
pub fn config(cases: u32) -> Config {
    Config::with_cases(cases)
}
