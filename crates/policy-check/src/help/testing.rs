//! Help of coverage, mutation and generated tests.

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

/// The meaning of mutation.
pub(crate) const MUTATION: &str = "\
With --mutate, the policies are changed in small ways, one at a time: a condition, a guard or one of
several `allow`s is dropped; a condition becomes its opposite; a comparison is loosened, so that the
claim may have any value; a list or a set lacks an element; a literal is widened, such as `acme/shop`
to all that begins with it, or `acme/*` to `acme*`. A test that fails then, or an assertion that no longer holds, kills the mutant.
If it is proved that the same tokens get the same roles, the mutant is not counted. Each mutant that
survives is shown with a test that kills it. Only tests that pass count.

The exit code is 1 if a mutant survives, and 3 if some were not decided, or not tried within
--time-limit.";

/// The contents of a generated file.
pub(crate) const GEN_TESTS_DETAILS: &str = "\
In the folder of each policy set, `generated-tests.policy` gets a table for each `allow`: a token that
gets the role, and for each condition a token like it that is denied because of this condition. Then
come tokens for comparisons that decide no test yet, and for mutants that no test notices, as `test`
finds them with --coverage and --mutate. The roles of a `for` are written once, and are tested once.

The tests expect what the policies do today. Read them: a case that surprises is a mistake in a
policy. Run the command again after a change, and the difference of the file shows which tokens get
another decision.

The same policies have the same tests: other tests do not count, and are left alone. Only a file that
the command wrote is replaced. The exit code is 3 if a budget ran out, so that something has no test.";

pub(crate) const GEN_TESTS_JSON: &str = r#"The JSON is one object, as in `schemas/gen-tests.schema.json`:
  {"schema_version": 1, "sets": [{"set", "file", "outcome", "tests", "cases", "not_decided"}],
   "errors": [FINDING]}
where `outcome` is `written`, `unchanged`, or with `--check` `outdated`."#;

pub(crate) const GEN_TESTS_EXAMPLES: &str = "\
Examples:
  policy-check gen-tests policies
  policy-check gen-tests policies --check
  policy-check gen-tests policies/shop --check --format json";
