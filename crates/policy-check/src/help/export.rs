//! Help of `export` and `drift`.

pub(crate) const EXPORT_EXAMPLES: &str = "\
Examples:
  policy-check export policies/gitlab-to-cloud aws main-on-claims
  policy-check export policies/vault-secrets vault '#write' --out vault
  policy-check export policies/several-issuers kubernetes roll-out --format json";

/// The meaning of an export.
pub(crate) const EXPORT_DETAILS: &str = "\
The documents are read back like any others and compared with the role by proof, before anything is
printed. They never admit a token that does not get the role, if tokens are as the profiles of their
issuers say. Where the system cannot tell the tokens of the role, nothing is written, and the token that
would get in is shown; documents for those ways to get the role that it can tell are shown as the nearest
ones. The audiences are those of the issuers. Grants are not compared: no system has them.

Exit codes: 0 if each role is exported, 1 if one is not, 3 if a proof did not end.";

pub(crate) const EXPORT_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "target": TEXT,
   "roles": [{"role": NAME, "outcome": "exact", "narrower", "wider", "refused" or "not_decided",
     "documents": [{"name", "text"}], "token": OBJECT or null, "unseen": [CLAIM],
     "message": TEXT or null, "help": TEXT or null}],
   "folder": PATH or null}
The token of a narrower role is not admitted. That of a wider one would be: its documents are the nearest
ones, and --out does not write them."#;

pub(crate) const DRIFT_EXAMPLES: &str = "\
Examples:
  policy-check drift policies account.json provider.json
  policy-check drift policies account.json provider.json --format markdown > drift.md";

/// The meaning of drift.
pub(crate) const DRIFT_DETAILS: &str = "\
Each role with a grant `aws_role` is compared with the live role of that ARN, by proof: whether a token
gets in that gets no role with the grant, and the other way round. A live role that no policy grants is
unknown, unless no token gets it. The audiences of issuers are compared on their own, and the fit of
grants is not compared. Tokens are as the profiles of their issuers say. A grant with claims in it names no
role that is known before, and is left out.

Exit codes: 0 if each role is equal, 1 if one is not, 3 if one could not be compared or a document lacks
something.";

pub(crate) const DRIFT_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "equal": INT,
   "roles": [{"resource": ARN, "roles": [NAME], "live": NAME or null,
     "state": "equal", "drifted", "missing", "unknown" or "not_decided",
     "wider", "narrower": {"outcome": "no", "yes" or "not_decided", "token", "reason"} or null,
     "also_admits": [PRINCIPAL], "reason": TEXT or null}],
   "audiences": [{"issuer": URL, "policies": [TEXT], "live": [TEXT]}],
   "coverage": {… as in `check` …}}"#;
