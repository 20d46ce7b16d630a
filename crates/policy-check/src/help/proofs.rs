//! Help of `test`, `prove` and `witness`.

pub(crate) const TEST_EXAMPLES: &str = "\
Examples:
  policy-check test
  policy-check test --verbose policies/shop
  policy-check test --filter production policies
  policy-check test --format json policies";

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
   "errors": [… as in `check`, of the sets that do not compile …]}
Only failed tests have `token` and `failures`. A failure has `ttl`, `grant` or `because` if the role
is allowed or denied as expected, but not with that ttl, grant or reason."#;

/// The meaning of tests and assertions.
pub(crate) const ASSERTIONS: &str = "\
A test is about one token, a statement is about all of them. A proved statement holds for every
token that passes verification: each has `iss`, one `aud`, a `sub` that is not empty, `exp` and
`iat`. A refuted statement comes with a token as a counterexample, confirmed by a decision on it,
and with a test to keep. Claims that do not matter are left out of the token. Nothing is guessed: if
the work would exceed a fixed number of states and bytes, the statement is not decided, and the
reason is given.";

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
                   "message", "role", "token": {…}, "test",
                   "contradictions": [{"parts": [{"file", "line", "text"}], "layout": LAYOUT}]}],
   "errors": [… as in `check`, of the sets that do not compile …]}
`message` is the reason why an assertion is not proved, and `role` the role for which it does not
hold. `token` refutes it, and `test` is that token as a test for the policies. If no token gets a
role, `contradictions` lists, for each of its clauses, the parts that contradict each other. If none
of the issuer's layouts gives the `sub` that a part asks for, LAYOUT is present:
  {"issuer", "derive": [LINE], "help"}, with the lines that the issuer could declare."#;

pub(crate) const WITNESS_EXAMPLES: &str = "\
Examples:
  policy-check witness deploy-prod
  policy-check witness deploy-prod policies/shop
  policy-check witness deploy-prod policies/shop --near-miss
  policy-check witness deploy-prod policies/shop --near-miss --format json";

pub(crate) const WITNESS_DETAILS: &str = "\
For each `allow` of the role there is one token that gets the role by it. With --near-miss, there is
also a token for each condition of such a clause and its guards that fails only there: it meets all
other conditions, and does not get the role by another clause either. It has the same claims as the
clause's token wherever possible. Each token comes with a test to keep, and a decision on the token
has confirmed what the test expects. Claims that do not matter are left out.

If there is no near miss, that is proved: the other conditions imply this one, or another clause
grants the role to every token that fails only there. Either way the condition adds nothing.

The exit code is 0 if some token gets the role, 1 if none does, and 3 if that could not be decided
or, with --near-miss, if a near miss could not be decided. If several policy sets have the role,
it must be granted in each of them.";

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
   "errors": [… as in `check`, of the sets that do not compile …]}
where MISS is "token", "implied", "granted_otherwise" or "not_decided". `index` counts the `allow`
clauses of the role from 1. If no token can meet a clause, `parts` lists its parts that contradict
each other, and `layout`, as in `prove`, is present if none of the issuer's layouts gives the `sub`
that it asks for. `near_misses` is present with --near-miss."#;
