-- Starts the server from Neovim on a careless policy, and waits for its finding, a definition, a rename and the formatting.
-- Run by ../check: nvim --headless --clean -l is newer than some packages, so that this is sourced with -S.

local function fail(message)
  io.stderr:write(message .. "\n")
  vim.cmd("cquit 1")
end

local function check(condition, message)
  if not condition then fail(message) end
end

vim.opt.hidden = true
vim.cmd("edit roles.policy")
local buffer = vim.api.nvim_get_current_buf()
local client = vim.lsp.start_client({ name = "policy-check", cmd = { vim.env.POLICY_CHECK, "lsp" }, root_dir = vim.fn.getcwd() })
check(client, "the server does not start")
vim.lsp.buf_attach_client(buffer, client)

local function wait(what, condition)
  check(vim.wait(20000, condition, 20), "no " .. what)
end

local function problems()
  local found = {}
  for _, problem in ipairs(vim.diagnostic.get(buffer)) do found[problem.code] = problem end
  return found
end

local function ask(method, line, character, more)
  local parameters = { textDocument = { uri = vim.uri_from_bufnr(buffer) }, position = { line = line, character = character } }
  local answers = vim.lsp.buf_request_sync(buffer, method, vim.tbl_extend("error", parameters, more or {}), 20000)
  check(answers and answers[client] and not answers[client].error, method .. ": " .. vim.inspect(answers))
  return answers[client].result
end

local function place(word)
  for number, line in ipairs(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) do
    local at = line:find(word, 1, true)
    if at then return number - 1, at - 1 end
  end
  fail("no " .. word)
end

wait("finding", function() return problems()["wildcard-owner"] ~= nil end)
print("finding: " .. problems()["wildcard-owner"].message:gsub("\n.*", ""))

-- A person mends it.
local line, character = place('"acme*"')
vim.api.nvim_buf_set_text(buffer, line, character, line, character + 7, { '"acme/*"' })
wait("end of the finding", function() return problems()["wildcard-owner"] == nil end)

line, character = place("is_acme &&")
check(#ask("textDocument/definition", line, character) == 1, "no definition")
check(ask("textDocument/hover", line, character).contents.value:find("condition is_acme", 1, true), "no hover")
local edit = ask("textDocument/rename", line, character, { newName = "of_acme" })
vim.lsp.util.apply_workspace_edit(edit, "utf-16")
check(not table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false)):find("is_acme"), "not renamed")
local edits = ask("textDocument/formatting", 0, 0, { options = { tabSize = 2, insertSpaces = true } })
vim.lsp.util.apply_text_edits(edits, buffer, "utf-16")
check(table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), "\n"):find("\n  allow from gitlab when", 1, true), "not formatted")
print("definition, hover, rename and formatting: ok")
vim.lsp.stop_client(client)
wait("end of the server", function() return vim.lsp.client_is_stopped(client) end)
vim.cmd("qall!")
