//! Help of coverage.

/// The meaning of coverage.
pub(crate) const COVERAGE: &str = "\
With --coverage, each comparison of each role, of its guards and of the named conditions that they
use should decide two tests: one in which the role is allowed, and one in which it is denied. It
decides a test if, with the opposite of it in its place, the decision would be the other one; what is
UNKNOWN counts as what does not hold. Only decisions that a test expects, and that are so, count. The
roles of a `for` are written once, and are covered together; a comparison in a shared condition or a
guard counts once for each role that has it.

If it is proved that no token is allowed or denied because of a comparison, that is not counted. If
it could not be decided, it is shown, and not counted either; if --min depends on it, the exit code
is 3. For each obligation that no test meets there is a test to add.

In Cobertura and LCOV, each obligation is a branch, and a line is covered if all of its obligations
are.";
