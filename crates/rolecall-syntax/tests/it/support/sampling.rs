//! Configuration of properties: how many random cases are tried.

use proptest::test_runner::Config;

/// Returns the configuration of a property. A case that fails is stored in `tests/proptest-regressions`, and
/// tried first from then on.
pub(crate) fn config(cases: u32) -> Config {
    Config::with_cases(cases)
}
