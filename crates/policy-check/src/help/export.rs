//! Help of `export`.

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
