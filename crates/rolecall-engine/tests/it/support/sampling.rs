//! How many random cases a property is tried with.

use proptest::test_runner::Config;

/// Returns the configuration of a property. A case that fails is kept in `tests/proptest-regressions` and tried first from
/// then on.
pub fn config(cases: u32) -> Config {
    Config::with_cases(cases)
}

/// Returns a tenth of a large number of cases, or all of them with `ROLECALL_FULL=1`.
pub fn sampled(cases: u32) -> u32 {
    if std::env::var_os("ROLECALL_FULL").is_some_and(|value| value == "1") {
        cases
    } else {
        cases / 10
    }
}
