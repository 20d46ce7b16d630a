//! Help of `lsp`.

pub(crate) const LSP_EXAMPLES: &str = "\
Examples:
  policy-check lsp
  policy-check lsp --stdio";

pub(crate) const LSP_DETAILS: &str = "\
An editor starts this command, and talks to it over standard input and output (Language Server
Protocol 3.17). It shows the findings of `check` with their fixes while you type, the meaning of names
and a token that gets a role, and it finds, renames, completes and formats. The policy sets are those of
`check` in the folders that are open, with the nearest `policy-check.toml`.

For Neovim:
  vim.lsp.config('policy-check', { cmd = { 'policy-check', 'lsp' }, filetypes = { 'policy' } })
  vim.lsp.enable('policy-check')";
