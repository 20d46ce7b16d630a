//! What `--help` says of each verb below its options: with `-h` the examples, with `--help` everything.

/// Paragraphs with an empty line between.
pub(crate) fn paragraphs(parts: &[&str]) -> String {
    parts.join("\n\n")
}

/// Which files form one policy set.
pub(crate) const WHICH_FILES: &str = "\
Which files form one policy set:
  - several files that are named form one set together
  - a folder with `.policy` files right in it is one set, with all that is below it
  - a folder with none right in it: the same rule for each folder in it, so that a folder
    of policy sets is looked at set by set
Every `*.policy` file below a folder counts, hidden and ignored ones too (rule unseen-policy-file),
but nothing below `.git`. A file counts once, however many links lead to it; a link that leads out
of the set's folder is an error, and so is a pipe. `-` is standard input.";

pub(crate) const CHECK_EXAMPLES: &str = "\
Examples:
  policy-check check
  policy-check check --tests policies/shop
  policy-check check --fix policies
  policy-check check --unsafe-fixes --diff policies
  policy-check check --select identity --persona auditor policies
  policy-check check --format human --format sarif=report.sarif policies
  policy-check check --tests --format junit=junit.xml --format gitlab=code-quality.json policies
  policy-check check --base origin/main policies
  policy-check check --format github policies
  policy-check check --write-baseline policies
  policy-check check --stdin-filename new.policy -";

pub(crate) const LINTING: &str = "\
What it looks for: errors of syntax, names and types, and then what is dangerous, dead or untidy.
`policy-check rules` lists the rules; most of them are about all tokens, and show one that gets in.
The exit code is 1 if there is an error, or a finding from `--fail-level` on, whatever the format.

A finding that is right as it is gets a comment, at the end of its line or before it:
  // policy-check: allow(RULE) REASON
  // policy-check: allow(RULE) REASON, until 2027-06-30
A reason is required; what is not needed any more, or has expired, is found.

`policy-check.toml` is for what is set once. The nearest one counts, from the folder of the policies
up to the root of the repository (or the working folder) and no further:
  persona = \"regular\"                # pedantic, auditor
  fail-level = \"medium\"              # info, low, high
  privileged-tags = [\"prod\"]         # roles that must not fall into wrong hands
  known-audiences = [\"https://sts.acme.example\"]
  baseline = \"baseline.json\"         # findings that are known: --write-baseline
  pages = \"https://…\"                # the http or https URL of the published rule pages
  [rules]
  any-ref = \"high\"                   # off, on, info, low, medium, high
  [[overrides]]
  files = [\"legacy/**\"]
  rules = { any-ref = \"off\" }

In CI a change must not weaken what judges it: with --base REVISION the configuration, the baseline
and the suppressions of that revision count, for the text that they were given for. By what less is
reported or proved than there is listed: rules that are off or lower, suppressions and baselines of
new or changed text, assertions that are gone, privileged tags that are lost. The exit code is 1
then, unless --accept-configuration is given.";

pub(crate) const CHECK_JSON: &str = r#"Formats; all of them tell the same, and none changes the exit code:
  human       text for people, with colours on a terminal
  compact     one line for each finding: file:line:column: severity: message [rule]
  json        one JSON object, see below
  sarif       SARIF 2.1.0, for code scanning: with rules, fixes, tokens and what is suppressed
  gitlab      Code Quality of GitLab
  github      annotations of GitHub Actions
  junit       JUnit XML: a suite for each file, a case for each finding, test and assertion
  checkstyle  the XML of Checkstyle
  markdown    a comment for a merge request
Of the tests of `--tests` only human, json, junit, github and markdown tell; the exit code always
counts them. Services want paths from the root of the repository: run it there.

What policies, files and arguments say is inert in all of them: invisible characters are escaped,
a signed or encrypted token is shown as `<token>`, and of what the service that runs the job would
take for a command, such as `::error::` at the beginning of a line, the first character is escaped.

The JSON is one object:
  {"schema_version": 1, "base": REVISION,
   "sets": [{"name", "files": [NAME], "roles": COUNT or null, "known": COUNT,
             "configuration": FILE or null, "lowered_rules": COUNT, "baseline": FILE or null,
             "weakenings": [{"setting", "message", "file", "line"}],
             "findings": [FINDING],
             "suppressed": [{"finding": FINDING, "reason", "until", "comment": {… a place …}}],
             "stats": {"compile_microseconds", "index_bytes", "keys", "flags", "residuals",
                       "anchors": [{"claim", "part": "value" or "start" or "end", "roles": COUNT}],
                       "unanchored": {"groups", "roles": [NAME]}}}],
   "tests": {… as in `test`, with --tests …}}
where FINDING is
  {"rule", "severity": "info", "low", "medium", "high" or "error", "message", "label", "help",
   "file", "line", "column", "end_line", "end_column", "fingerprint",
   "notes": [{"message", "file", "line", "column", "end_line", "end_column"}],
   "token": {…},
   "fix": {"message", "safe": BOOL, "edits": [{"text", "file", "line", "column", …}]}}
What does not compile has the rule `invalid-policy`. Lines and columns count from 1, a column is a
character, and the end is the place after the last one. `label` and `help` are null where there is
nothing to say; `token` (one that shows the finding), `fix` and `stats` are there if there are any.
`known` counts what was in the baseline, `lowered_rules` the rules that the configuration turns off
or lowers; `base` and `weakenings` belong to --base. A fingerprint stays the same when lines move
or comments are added."#;

pub(crate) const RULES_EXAMPLES: &str = "\
Examples:
  policy-check rules
  policy-check rules wildcard-owner
  policy-check rules identity
  policy-check rules --format json
  policy-check rules --config-schema > policy-check.schema.json";

pub(crate) const RULES_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "rules": [{"name", "summary", "category", "severity", "confidence", "persona",
              "fix": "safe" or "unsafe" or null, "page": MARKDOWN}]}"#;

pub(crate) const FMT_EXAMPLES: &str = "\
Examples:
  policy-check fmt
  policy-check fmt --check policies
  policy-check fmt --diff policies/shop/shop.policy
  policy-check fmt -";

pub(crate) const FMT_DETAILS: &str = "\
There is one layout and no option for it. A file is replaced in one step, so nobody ever reads
half of it; it keeps its permissions, and a link stays a link. A file that is laid out already
is not touched, and neither is one with errors of syntax.
The output of `--diff` can be applied, unless something in it had to be escaped or hidden: control
characters, tokens, and commands to the service that runs the job, such as `::error::`. What `-`
writes is the policy as it is: in a job, send it to a file.";

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
                            "explanation": {… as in `explain` …}}]}],
   "assertions": [… as in `prove` …],
   "errors": [… as in `check`, of the sets that do not compile …]}
`token` and `failures` are there for failed tests."#;

pub(crate) const ASSERTIONS: &str = "\
A test is about one token, a statement about all of them. What is proved holds for every token that
verification lets through: each has `iss`, one `aud`, a `sub` that is not empty, `exp` and `iat`.
What is refuted comes with a token that shows it, confirmed by a decision on it, and with a test to
keep. Claims that do not matter are left out of the token. Nothing is guessed: where the work would exceed a fixed
number of states and bytes, the answer is that it is not decided, and why.";

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
                   "contradictions": [{"parts": [{"file", "line", "text"}]}]}],
   "errors": [… as in `check`, of the sets that do not compile …]}
`message` says why an assertion is not proved, and `role` of which role it does not hold. `token`
refutes it, and `test` is that token as a test of the language. If no token gets a role,
`contradictions` has, for each of its clauses, what contradicts what."#;

pub(crate) const WITNESS_EXAMPLES: &str = "\
Examples:
  policy-check witness deploy-prod
  policy-check witness deploy-prod policies/shop
  policy-check witness deploy-prod policies/shop --near-miss
  policy-check witness deploy-prod policies/shop --near-miss --format json";

pub(crate) const WITNESS_DETAILS: &str = "\
For each `allow` of the role there is one token that gets the role by it. With --near-miss there is,
for each condition that such a clause and its guards ask for, a token that fails there alone: it
fulfils all the others, and it does not get the role by another clause either. It says what the
token of the clause says wherever it can. Each token comes with a test to keep, and a decision on
it has confirmed what the test expects. Claims that do not matter are left out.

If there is no such token, that is proved: the condition is implied by the others, or whoever fails
there alone is granted the role by another clause. Either way it adds nothing.

The exit code is 0 if some token gets the role, 1 if none does, and 3 if that could not be decided
or, with --near-miss, if something about a condition could not. If several policy sets have the
role, each of them must say yes.";

pub(crate) const WITNESS_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "roles": [{"set", "role", "file", "line",
              "clauses": [{"index", "issuer", "file", "line",
                           "outcome": "granted", "nobody" or "not_decided",
                           "token": {…}, "test", "message", "parts": [{"file", "line", "text"}],
                           "near_misses": [{"file", "line", "column", "end_line", "end_column",
                                            "text", "guard", "outcome": MISS, "message",
                                            "token": {…}, "test"}]}]}],
   "errors": [… as in `check`, of the sets that do not compile …]}
where MISS is "token", "implied", "granted_otherwise" or "not_decided". `index` counts the `allow`
clauses of the role from 1, and `parts` are what contradicts what in a clause that nobody
fulfils. `near_misses` are there with --near-miss."#;

pub(crate) const DIFF_EXAMPLES: &str = "\
Examples:
  policy-check diff policies-before policies
  policy-check diff --base origin/main policies/shop
  policy-check diff --base refs/remotes/origin/main --no-new-access policies/shop
  policy-check diff --base origin/main --format markdown policies/shop > comment.md";

pub(crate) const DIFF_DETAILS: &str = "\
Roles are compared by what they are granted for, over all tokens, not by how they are written. What
is unchanged is proved to be; what is gained or lost comes with a token that shows it. A role that
is called otherwise now, and is granted to the same tokens, is renamed: the old name is lost and the
new one gained, since roles are asked for by name. Policy sets are compared folder by folder.

What a role gives is compared as it is written, whoever gets it: a longer `ttl` or one more grant is
gained, a shorter one or one less is lost, and a grant that says something else is both. So is one
with a claim that the profile declares otherwise, and a `ttl` that is new or gone.

Issuers are compared setting by setting. A new issuer, another audience, source of keys, profile or
algorithm, and a longer `max_age` or `leeway` are gained; less of it is lost. A `jwks` file beside
the policies is compared key by key, by thumbprints. By what `check` reports or proves less than before
(configuration, baseline, suppressions, assertions, privileged tags) is listed, too, and counts as
gained unless --accept-configuration is given.

With --base the version before is read from the repository without running git, its hooks or its
filters, and with nothing of its configuration. A folder that is new or gone is compared with no
policies. A name that is both a tag and a branch is refused: write it in full.

Where a condition asks for a claim that has another type than before, or is made of other claims,
nothing is proved and nothing refuted: it is not decided.

The exit code is 0 unless --fail-on or --no-new-access says which changes are a no. It is 3 if it
could not be decided whether there is such a change.";

pub(crate) const DIFF_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "unchanged": COUNT, "gained": COUNT, "lost": COUNT, "not_decided": COUNT,
   "issuers": [{"set", "issuer", "setting", "old", "new", "gained", "lost", "reason"}],
   "weakenings": [{"setting", "message", "file", "line"}],
   "roles": [{"set", "old": NAME or null, "new": NAME or null,
              "gained": {"outcome", "token", "reason"}, "lost": {"outcome", "token", "reason"},
              "given": [{"what": "ttl" or "grant NAME", "old", "new", "gained", "lost"}]}]}
with an outcome of "no", "yes" or "not_decided" to the question whether some token gets the role
only now, or got it only before; `token` is there for a yes, and `reason` for what is not decided.
`given` is what the role gives otherwise, seconds or a text or null; the counts count it, too.
`setting` of an issuer is `issuer` for all of it, `key` for one of its keys, or its name in the
policies. The counts are of roles."#;

pub(crate) const DECIDE_EXAMPLES: &str = "\
Examples:
  policy-check decide --policies policies/shop --jwks jwks.json --token token.jwt
  policy-check decide --policies policies/shop --jwks jwks.json --token - --role deploy-prod
  policy-check decide --policies policies/shop --fetch --token token.jwt
  policy-check decide --policies all.policy --jwks gitlab=gl.json --jwks github=gh.json --token -
  policy-check decide --policies policies/shop --jwks jwks.json --token - --format json";

pub(crate) const DECIDE_JSON: &str = r#"The JSON is one object, with the roles that the token may take, or that of `--role` alone:
  {"verified": true, "issuer", "subject",
   "roles": [{"role", "allowed": true, "clause": {"index", "file", "line"},
              "ttl_seconds": SECONDS or null, "grants": {NAME: VALUE}}]}
`index` counts the `allow` clauses of the role from 1. If a value of the token is not safe in
what a role grants, there is `grants_error` in the place of `grants`, and the role does not
count as allowed. A role that is denied has
  {"role", "allowed": false, "reason", "guard"}
with one of the reasons `unknown_role`, `issuer`, `audience`, `condition`, `guard`. For a token
that is refused the object is
  {"verified": false, "error": {"code", "message", "help"}}"#;

pub(crate) const KEYS: &str = "\
Keys: `--jwks FILE` is used for whichever issuer the token names. Where a policy set has several
issuers, say whose keys they are with `--jwks NAME=FILE`, or one issuer could sign for another.
`--fetch` reads them from where the policies say: the URL or the file of the issuer's `jwks`
(relative to the folder of the policy set), or else where its discovery document says. Only the
issuer that the token names is asked, and only if the policies have it.";

pub(crate) const EXPLAIN_USAGE: &str = "\
policy-check explain [OPTIONS] --policies <PATH> --token <FILE> --jwks <[NAME=]FILE>
       policy-check explain [OPTIONS] --policies <PATH> --token <FILE> --fetch
       policy-check explain [OPTIONS] --policies <PATH> --claims <FILE> --issuer <NAME>";

pub(crate) const EXPLAIN_EXAMPLES: &str = "\
Examples:
  policy-check explain --policies policies/shop --jwks jwks.json --token token.jwt
  policy-check explain --policies policies/shop --fetch --token token.jwt
  policy-check explain --policies policies/shop --claims claims.json --issuer gitlab
  policy-check explain --policies policies/shop --claims - --issuer gitlab --role deploy-prod";

pub(crate) const EXPLAIN_DETAILS: &str = r#"✓ is a comparison that holds, ✗ one that does not, ? one that is unknown, because the claim is
absent, null, not of its type, or not what it is made of. A role is allowed only if a clause and
its guards are true. With `--claims` nothing is verified, and nothing is decided.

The JSON is one object:
  {"schema_version": 1, "verified": BOOL, "issuer", "subject", "filled_in": [CLAIM],
   "roles": [{"role", "allowed", "clause": INDEX or null, "reason", "grants_error", "clauses": [
     {"index", "issuer", "file", "line", "holds",
      "iss": {"fits", "actual", "accepted"}, "aud": {"fits", "actual", "accepted"},
      "condition": TRUTH, "comparisons": [
        {"claim", "truth": TRUTH, "unknown", "actual", "accepted", "derived": [TEXT],
         "file", "line", "column", "end_line", "end_column", "text"}],
      "guards": [{"guard", "truth": TRUTH, "comparisons"}]}]}]}
where TRUTH is "true", "false" or "unknown", and `unknown` is `absent`, `null`, `not_of_type` or
`contradiction`. `reason` is there for a role that the policies do not have:
`unknown_role`. A token that is refused is reported as by `decide`."#;

pub(crate) const KEYS_EXAMPLES: &str = "\
Examples:
  policy-check keys --issuer https://gitlab.com
  policy-check keys --issuer https://gitlab.example --ca ca.pem --allow-private gitlab.example
  policy-check keys --jwks jwks.json
  policy-check keys --policies policies/shop --format json";

pub(crate) const VERDICTS: &str = "\
Each entry of a key set gets a verdict:
  usable   it verifies tokens, with its algorithms
  ignored  it is not meant for that, or of a kind that is not supported: nothing is wrong
  finding  it is ignored because something is wrong with it: it is weak, malformed or doubtful
  ALARM    it is ignored because it tells everybody what only its owner may know
The exit code is 0 if there are usable keys in every set and neither findings nor alarms. A file
that is named by `jwks` in policies is relative to the folder of the policy set.";

pub(crate) const KEYS_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "key_sets": [{"issuer", "jwks", "max_age_seconds": SECONDS or null,
                 "usable": COUNT, "ignored": COUNT, "findings": COUNT, "keys": [KEY]}]}
`issuer` is its name in the policies, or the URL of `--issuer`, or null. `jwks` is where the keys
were read, and `max_age_seconds` how long they may be used before they are read again, if that
is said there. A KEY is one of
  {"index", "kid", "verdict": "usable", "kind", "bits", "algorithms": [NAME], "thumbprint"}
  {"index", "kid", "verdict": "ignored", "finding" or "alarm", "reason": {"code", "message"}}
`index` counts the entries of the set from 1, `kid` is null if there is none that a token could
name, `kind` is `RSA` or the name of a curve, and `thumbprint` is that of RFC 7638. Alarms count
as findings, and findings as ignored."#;

pub(crate) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  policy-check completions bash > ~/.local/share/bash-completion/completions/policy-check
  policy-check completions zsh > ~/.zfunc/_policy-check
  policy-check completions fish > ~/.config/fish/completions/policy-check.fish";

pub(crate) const MAN_EXAMPLES: &str = "\
Examples:
  policy-check man | man -l -
  policy-check man --dir ~/.local/share/man/man1";
