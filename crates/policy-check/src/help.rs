//! The text that `--help` shows below the options of each subcommand. `-h` shows only the examples.

pub(crate) mod access;
pub(crate) mod check;
pub(crate) mod export;
pub(crate) mod graph;
pub(crate) mod import;
pub(crate) mod init;
pub(crate) mod lsp;
pub(crate) mod names;
pub(crate) mod proofs;
pub(crate) mod testing;

/// Joins paragraphs with an empty line between them.
pub(crate) fn paragraphs(parts: &[&str]) -> String {
    parts.join("\n\n")
}

/// The rules by which files form policy sets.
pub(crate) const WHICH_FILES: &str = "\
Files that form one policy set:
  - files named on the command line form one set together
  - a folder that directly contains `.policy` files is one set, including all its subfolders
  - a folder that does not is searched: each of its subfolders follows the same rules, so a
    folder of policy sets is checked set by set
Every `*.policy` file below a folder counts, even a hidden or ignored one (rule unseen-policy-file),
except below `.git`. A file counts once, however many links lead to it. A link that leads out of the
set's folder is an error, and so is a pipe. `-` is standard input.
A named file may also be in another language, recognised by its content: trust policies of AWS and what
`aws iam` prints, templates of CloudFormation, providers and policies as `gcloud` prints them, federated
credentials of Azure, roles and mounts of Vault, policies of octo-sts, states and plans as
`terraform show -json` prints them, and configurations of Terraform. Only the parts that say who gets access are ever shown. A folder has
such files if the `policy-check.toml` in it lists them: `[foreign] files = [\"account.json\"]`. They are a set
of their own, but for questions: a statement, a token and claims are about the policies of a folder and the
documents with it.";

pub(crate) const COMPLETIONS_EXAMPLES: &str = "\
Examples:
  policy-check completions bash > ~/.local/share/bash-completion/completions/policy-check
  policy-check completions zsh > ~/.zfunc/_policy-check
  policy-check completions fish > ~/.config/fish/completions/policy-check.fish";

pub(crate) const MAN_EXAMPLES: &str = "\
Examples:
  policy-check man | man -l -
  policy-check man --dir ~/.local/share/man/man1";
