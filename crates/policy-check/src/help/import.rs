//! Help of `import`.

pub(crate) const IMPORT_EXAMPLES: &str = "\
Examples:
  policy-check import account.json providers.json
  policy-check import account.json providers.json --out policies
  policy-check import .github/chainguard/release.sts.yaml --format json";

/// The meaning of an import.
pub(crate) const IMPORT_DETAILS: &str = "\
Documents in other languages become policy files: `issuers.policy`, one file for each document, and
`tests.policy` with a token for each way to get a role and one that just misses it. A role is written
only if no more tokens get it than in its document, and the description above it names its place there.
The folder is created if it does not exist. Files that exist are never replaced.

The exit code is 0 only if each role is written, exactly the same tokens get it, and no information is
missing.";

pub(crate) const IMPORT_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "roles": [{"source": NAME, "role": NAME or null, "exact": BOOL, "reason": TEXT or null}],
   "files": [{"name", "text"}], "folder": PATH or null,
   "coverage": {… as in `check` …} or null,
   "errors": [… as in `check`, of documents that cannot be read …]}"#;
