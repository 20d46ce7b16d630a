//! Help of `test`, `prove` and `witness`.

pub(crate) const TEST_EXAMPLES: &str = "\
Examples:
  policy-check test
  policy-check test --verbose policies/shop
  policy-check test --filter production policies
  policy-check test --coverage --min 90 policies
  policy-check test --coverage --format human --format html=coverage.html policies
  policy-check test --mutate --time-limit 30s policies
  policy-check test --format junit=tests.xml --format human policies";

pub(crate) const TEST_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "passed": COUNT, "failed": COUNT,
   "proved": COUNT, "refuted": COUNT, "not_decided": COUNT,
   "tests": [{"set", "name", "file", "line", "outcome": "passed" or "failed",
              "token": {…},
              "failures": [{"role", "expected": "allow" or "deny", "file", "line",
                            "ttl": {"expected_seconds", "actual_seconds": SECONDS or null},
                            "grant": {"name", "expected", "actual"},
                            "because": {"claim", "read": BOOL, "other_issuer": BOOL,
                                        "other_audience": BOOL, "unverified": [CLAIM],
                                        "unfilled": [TEXT], "more": COUNT,
                                        "also": [… comparisons as in `explain` …]},
                            "explanation": {… as in `explain` …}}]}],
   "assertions": [… as in `prove` …],
   "coverage": {"covered": COUNT, "uncovered": COUNT, "impossible": COUNT, "not_decided": COUNT,
                "percent": NUMBER,
                "roles": [{"set", "role", "file", "line",
                           "comparisons": [{"file", "line", "column", "end_line", "end_column", "text",
                                            "allowed": OBLIGATION, "denied": OBLIGATION}]}]},
   "mutation": {"killed_by_tests": COUNT, "killed_by_assertions": COUNT, "survived": COUNT,
                "equivalent": COUNT, "not_decided": COUNT, "not_tried": COUNT,
                "mutants": [{"set", "file", "line", "kind": "drop", "loosen", "negate" or "widen",
                             "outcome": "survived" or "not_decided", "message", "diff": [LINE],
                             "role", "test"}]},
   "errors": [… as in `check`, of the sets that do not compile …]}
where OBLIGATION is {"outcome": "covered", "uncovered", "impossible" or "not_decided", "message",
"test"}. `coverage` is present with --coverage, and `mutation` with --mutate. Only failed tests have `token` and `failures`. A failure has `ttl`, `grant` or `because` if the role
is allowed or denied as expected, but not with that ttl, grant or reason."#;

/// The meaning of tests and assertions.
pub(crate) const ASSERTIONS: &str = "\
A test is about one token, a statement is about all of them. A proved statement holds for every
token that passes verification: each has `iss`, one `aud`, a `sub` that is not empty, `exp` and
`iat`. A refuted statement comes with a token as a counterexample, confirmed by a decision on it.
Claims that do not matter are left out of the token. Nothing is guessed: if the work would exceed a
fixed number of states and bytes, the statement is not decided, and the reason is given.

The token is also shown as a test to keep. It denies the role that the token should not get, so it
fails until the policies are repaired. For `disjoint` it denies both roles: keep one of the lines.";

pub(crate) const PROVE_EXAMPLES: &str = "\
Examples:
  policy-check prove
  policy-check prove policies/shop
  policy-check prove policies/shop '#prod implies project under \"acme\"'
  policy-check prove policies/shop 'disjoint deploy-prod, deploy-staging'
  policy-check prove --format json policies";

pub(crate) const PROVE_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "proved": COUNT, "refuted": COUNT, "not_decided": COUNT,
   "assertions": [{"set", "name", "file", "line",
                   "outcome": "proved", "refuted" or "not_decided",
                   "message", "assumption", "role", "token": {…}, "test",
                   "contradictions": [{"parts": [{"file", "line", "text"}], "layout": LAYOUT}]}],
   "errors": [… as in `check`, of the sets that do not compile …]}
`message` is the reason why an assertion is not proved, and `role` the role for which it does not
hold. `assumption` is present if a proof about roles in other languages depends on it. `token` refutes
it, and `test` is that token as a test that passes once the policies are repaired. If no token gets a
role, `contradictions` lists, for each of its clauses, the parts that contradict each other. If none
of the issuer's layouts gives the `sub` that a part asks for, LAYOUT is present:
  {"issuer", "derive": [LINE], "help"}, with the lines that the issuer could declare."#;

pub(crate) const WITNESS_EXAMPLES: &str = "\
Examples:
  policy-check witness deploy-prod
  policy-check witness deploy-prod policies/shop
  policy-check witness '#prod' policies/shop --near-miss
  policy-check witness 'deploy-*, plan' policies/shop --near-miss --format json
  policy-check witness '*' policies/shop --near-miss --write policies/shop/tests.policy";

pub(crate) const WITNESS_DETAILS: &str = "\
Roles are selected as in policies: by name, `deploy-*`, `#tag` or `*`, with commas between several
selectors. They are shown in the order of the policies. At most 100 roles are searched at a time;
the number of those left out is shown, and the exit code is then not 0.

For each `allow` of a role there is one token that gets the role by it. With --near-miss, there is
also a token for each condition of such a clause and its guards that fails only there: it meets all
other conditions, and does not get the role by another clause either. It has the same claims as the
clause's token wherever possible. Each token comes with a test to keep, and a decision on the token
has confirmed what the test expects. Claims that do not matter are left out. The test of a near miss
is written as changes of the clause's test (`like`), where that is shorter.

If there is no near miss, that is proved: the other conditions imply this one, or another clause
grants the role to every token that fails only there. Either way the condition adds nothing.

With --write, the tests are added to a `.policy` file in the folder of the policy set, which must be
the only one. The file is formatted, and all else in it is kept. A test is left out if the set has one
with the same token that expects the same, so a second run changes nothing. Only results without a
test are then shown in full.

The exit code is 0 if some token gets each role, 1 if there is a role that none gets, and 3 if that
could not be decided or, with --near-miss, if a near miss could not be decided. If several policy
sets have a role, it must be granted in each of them.";

pub(crate) const WITNESS_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "roles": [{"set", "role", "file", "line",
              "clauses": [{"index", "issuer", "file", "line",
                           "outcome": "granted", "no_token" or "not_decided",
                           "token": {…}, "test", "message", "parts": [{"file", "line", "text"}],
                           "layout": {"issuer", "derive": [LINE], "help"},
                           "near_misses": [{"file", "line", "column", "end_line", "end_column",
                                            "text", "guard", "outcome": MISS, "message",
                                            "token": {…}, "test"}]}]}],
   "left_out": COUNT, "written": {"file", "tests": [NAME], "existing": COUNT},
   "errors": [… as in `check`, of the sets that do not compile …]}
where MISS is "token", "implied", "granted_otherwise" or "not_decided". `index` counts the `allow`
clauses of the role from 1. If no token can meet a clause, `parts` lists its parts that contradict
each other, and `layout`, as in `prove`, is present if none of the issuer's layouts gives the `sub`
that it asks for. `near_misses` is present with --near-miss. `left_out` is the number of further
selected roles. `written` is present with --write: `tests` are the names of the added tests, and
`existing` is the number of tests that the policy set had already."#;
