//! Help of `export` and `drift`.

pub(crate) const EXPORT_EXAMPLES: &str = "\
Examples:
  policy-check export policies/gitlab-to-cloud aws main-on-claims
  policy-check export policies/vault-secrets vault '#write' --out vault
  policy-check export policies/several-issuers kubernetes roll-out --format json
  policy-check export policies/exchange aws deploy-aws --via https://sts.acme.example --as cli";

/// The meaning of an export.
pub(crate) const EXPORT_DETAILS: &str = "\
The documents are read back like any others and compared with the role by proof, before anything is
printed. They never admit a token that does not get the role, if tokens are as the profiles of their
issuers say. Where the system cannot tell the tokens of the role, nothing is written, and the token that
would get in is shown; documents for those ways to get the role that it can tell are shown as the nearest
ones. The audiences are those of the issuers. Grants are not compared: no system has them. They say how the
role is called in the system, and where it is.

With `--via`, the documents trust the role tokens of an exchange: its issuer, the subject `role:NAME` and the
audience of the system, or of the grant `audience`. The exchange then decides who gets the role.

`trusted-publisher` shows what to type into the forms of crates.io, npm and PyPI. The rule by which each
registry compares tokens is compared with the role. The issuer of the role lists the audience of the
registry.

Exit codes: 0 if each role is exported, 1 if one is not, 3 if a proof did not end.";

pub(crate) const EXPORT_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1,
   "roles": [{"role": NAME, "target": TEXT, "outcome": "exact", "narrower", "wider", "refused" or "not_decided",
     "documents": [{"name", "text"}], "token": OBJECT or null, "unseen": [CLAIM],
     "message": TEXT or null, "help": TEXT or null}],
   "folder": PATH or null}
The token of a narrower role is not admitted. That of a wider one would be: its documents are the nearest
ones, and --out does not write them."#;

pub(crate) const DRIFT_EXAMPLES: &str = "\
Examples:
  policy-check drift policies account.json provider.json
  policy-check drift policies account.json provider.json --format markdown > drift.md
  policy-check drift policies terraform.tfstate.json --via https://sts.acme.example";

/// The meaning of drift.
pub(crate) const DRIFT_DETAILS: &str = "\
Each resource that policies grant is compared with the live role of that name, by proof: whether a token
gets in that gets no role with the grant, and the other way round. The grants are `aws_role`,
`azure_client`, `gcp_service_account`, `octo_sts` and `vault_role`. Those of a system of which no document
is given are not compared. A document that does not name its role is called by its file: the role of Vault,
the identity of octo-sts, the client id of Azure, the e-mail of the service account. A live role that no
policy grants is unknown, unless no token gets it.

The audiences of issuers are compared on their own, and the fit of grants is not compared. Tokens are as
the profiles of their issuers say. A grant with claims in it names no role that is known before, and is
left out.

Exit codes: 0 if each role is equal, 1 if one is not, 3 if one could not be compared or a document lacks
something.";

pub(crate) const DRIFT_JSON: &str = r#"The JSON is one object:
  {"schema_version": 1, "equal": INT,
   "roles": [{"grant": GRANT, "resource": TEXT, "roles": [NAME], "live": [NAME],
     "state": "equal", "drifted", "missing", "unknown" or "not_decided",
     "wider", "narrower": {"outcome": "no", "yes" or "not_decided", "token", "reason"} or null,
     "also_admits": [PRINCIPAL], "reason": TEXT or null}],
   "audiences": [{"issuer": URL, "policies": [TEXT], "live": [TEXT]}],
   "not_compared": {GRANT: INT},
   "coverage": {… as in `check` …}}"#;
