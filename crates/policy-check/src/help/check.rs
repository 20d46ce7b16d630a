//! Help of `check`, `rules`, `profiles` and `fmt`.

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

/// The findings of `check`, and its configuration.
pub(crate) const LINTING: &str = "\
First come errors of syntax, names and types, then dangerous, dead and untidy code. `policy-check
rules` lists the rules. Most of them reason about all tokens and show one that gets in. The exit
code is 1 if there is an error or a finding of at least `--fail-level`, in every format.

To accept a finding, put a comment at the end of its line or on the line before:
  // policy-check: allow(RULE) REASON
  // policy-check: allow(RULE) REASON, until 2027-06-30
A reason is required. Unused and expired suppressions are reported.

`policy-check.toml` holds the settings of a repository. The nearest one is used, from the folder of
the policies up to the root of the repository (or the working folder) and no further:
  persona = \"regular\"                # pedantic, auditor
  fail-level = \"medium\"              # info, low, high
  privileged-tags = [\"prod\"]         # tags of sensitive roles
  known-audiences = [\"https://sts.acme.example\"]
  baseline = \"baseline.json\"         # recorded findings: --write-baseline
  pages = \"https://…/{rule}.html\"   # the http or https URL of the published rule pages
  [boundaries]                       # the only grants of the roles below a folder
  \"team-a/\" = [\"secrets:apps/team-a/**\"]
  [rules]
  any-ref = \"high\"                   # off, on, info, low, medium, high
  [[overrides]]
  files = [\"legacy/**\"]
  rules = { any-ref = \"off\" }
  [[overrides]]
  roles = [\"aws:123456789012/deploy\"]
  rules = { any-ref = \"off\" }
  [profiles]                           # of servers that documents in other languages name
  \"https://gitlab.acme.example\" = \"gitlab-ci\"
  [foreign]                            # documents that are checked with this folder
  files = [\"account.json\"]

In CI a change must not weaken its own checks. With --base REVISION, the configuration, baseline and
suppressions of that revision apply, each only to the text it was written for. Every change by which
less is reported or proved is listed: rules turned off or lowered, suppressions and baselines for
new or changed text, removed assertions, lost privileged tags. The exit code is then 1, unless
--accept-configuration is given.";

/// The formats of `check`, and its JSON.
pub(crate) const CHECK_JSON: &str = r#"Formats; all of them report the same findings, and none changes the exit code:
  human       text for people, with colours on a terminal
  compact     one line per finding: file:line:column: severity: message [rule]
  json        one JSON object, see below
  sarif       SARIF 2.1.0 for code scanning, with rules, fixes, tokens and suppressed findings
  gitlab      GitLab Code Quality
  github      GitHub Actions annotations
  junit       JUnit XML: a suite per file, a case per finding, test and assertion
  checkstyle  Checkstyle XML
  markdown    a comment for a merge request
Test results appear only in human, json, junit, github and markdown; the exit code always counts
them. Services expect paths from the root of the repository: run the command there.

Text from policies, files and arguments is inert in all formats: invisible characters are escaped,
and a signed or encrypted token is shown as `<token>`. The first character of anything that a CI
service would run as a command, such as `::error::` at the start of a line, is escaped.

The JSON is one object:
  {"schema_version": 1, "base": REVISION,
   "sets": [{"name", "files": [NAME], "roles": COUNT or null, "known": COUNT,
             "configuration": FILE or null, "lowered_rules": COUNT, "baseline": FILE or null,
             "weakenings": [{"setting", "message", "file", "line"}],
             "findings": [FINDING],
             "suppressed": [{"finding": FINDING, "reason", "until", "comment": {… a location …}}],
             "stats": {"compile_microseconds", "index_bytes", "keys", "flags", "residuals",
                       "anchors": [{"claim", "part": "value" or "start" or "end", "roles": COUNT}],
                       "unanchored": {"groups", "roles": [NAME]}},
             "coverage": {"exact", "narrower", "wider", "refused": [{"role", "reason"}],
                          "not_for_tokens", "external", "assumed": [{"issuer", "layout"}],
                          "granted": [TEXT], "missing": [TEXT], "complete": BOOL}}],
   "tests": {… as in `test`, with --tests …}}
where FINDING is
  {"rule", "severity": "info", "low", "medium", "high" or "error", "message", "label", "help",
   "file", "line", "column", "end_line", "end_column", "fingerprint",
   "notes": [{"message", "file", "line", "column", "end_line", "end_column"}],
   "token": {…},
   "fix": {"message", "safe": BOOL, "edits": [{"text", "file", "line", "column", …}]},
   "proposal": {"text", "file", "line", "column", …}}
Compile errors have the rule `invalid-policy` and a stable `code`, such as `unknown-claim`. Lines
and columns count from 1, a column is one character, and the end is the position after the last
character. `label` and `help` can be null.
`token` (a token that shows the finding), `fix`, `proposal` (lines to add to the item at this place,
if they describe the tokens; no fix adds them), `stats`, and `coverage` (of documents in other
languages) are present only if they have a value.
`known` counts the findings that the baseline hides, `lowered_rules` the rules that the
configuration turns off or lowers. `base` and `weakenings` belong to --base. A fingerprint stays the
same when lines move or comments are added."#;

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

pub(crate) const PROFILES_EXAMPLES: &str = "\
Examples:
  policy-check profiles
  policy-check profiles gitlab-ci
  policy-check profiles forge --policies policies/shop
  policy-check profiles --format json";

pub(crate) const PROFILES_DETAILS: &str = "\
A profile declares the claims of an issuer's tokens: their types, their trust, and their composition.
The documentation of the built-in profiles names the source of each fact. Shared issuers are those
that also issue tokens to strangers. With --policies, the profiles of a policy set are listed, too.";

pub(crate) const PROFILES_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "profiles": [{"name", "built_in": BOOL, "file", "line", "summary", "documentation": [LINE],
                 "sources", "extends": [NAME], "shared": [URL], "text",
                 "claims": [{"claim", "type", "trust", "tenant": BOOL, "optional": BOOL,
                             "nullable": BOOL, "aliases": [NAME], "profile": NAME or null}],
                 "derivations": [{"claim", "profile", "text"}]}]}
`extends` lists the nearest profile first. The `profile` of a claim is the one that declares it. It is
null for a registered claim that none declares."#;

pub(crate) const FMT_EXAMPLES: &str = "\
Examples:
  policy-check fmt
  policy-check fmt --check policies
  policy-check fmt --diff policies/shop/shop.policy
  policy-check fmt -";

pub(crate) const FMT_DETAILS: &str = "\
There is one style, without options. A file is replaced atomically, so readers never see half of it.
It keeps its permissions, and a link stays a link. A file that is already formatted, or has syntax
errors, is not touched.
The output of `--diff` can be applied as a patch, unless something in it had to be escaped or
hidden: control characters, tokens, and CI service commands such as `::error::`. The output of `-`
is the policy itself, without such escapes: in a CI job, send it to a file.";
