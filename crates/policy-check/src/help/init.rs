//! Help of `init`.

pub(crate) const INIT_EXAMPLES: &str = "\
Examples:
  policy-check init
  policy-check init --claims claims.json --audience https://sts.acme.example
  policy-check init --ci gitlab --url https://gitlab.acme.example --project acme/shop
  policy-check init --ci github --project acme/shop --project-id 4242 --to aws
  policy-check init --import account.json";

pub(crate) const INIT_DETAILS: &str = "\
The command writes an issuer and roles for one project, tests that pass, `policy-check.toml`, and the
pipeline that checks, tests, proves and compares the policies in each merge request. The pipeline runs
in an image that is built from the Containerfile of policy-check: set the variable POLICY_CHECK_IMAGE.
At a terminal, it asks for what no option says, and suggests what the claims of a job and the remote
`origin` tell; elsewhere, or with --yes, it takes these, and names an option that is missing.

With --to, the role fits what the system compares: `export` writes its documents. AWS and Azure do not
compare all claims, and a comment in the policy says what that leaves open.

If the folder, or one of the next three levels below it, has documents that give roles to CI jobs, such
as trust policies of AWS or a configuration of Terraform, the policies are theirs, unless an option
names a project. Files that exist are never replaced.";
