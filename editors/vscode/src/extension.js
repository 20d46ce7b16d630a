// Starts `policy-check lsp` for the policies of a workspace.

const { commands, window, workspace } = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

async function start() {
  const command = workspace.getConfiguration("policyCheck").get("path");
  const run = { command, args: ["lsp"] };
  client = new LanguageClient("policy-check", "policy-check", { run, debug: run }, {
    // Documents in other languages get findings if they say who gets roles.
    documentSelector: [
      { scheme: "file", language: "policy" },
      { scheme: "file", pattern: "**/*.{json,tf,yaml,yml}" },
    ],
    synchronize: {
      fileEvents: [
        workspace.createFileSystemWatcher("**/*.policy"),
        workspace.createFileSystemWatcher("**/policy-check.toml"),
        // The claims of tests.
        workspace.createFileSystemWatcher("**/*.{json,jwt}"),
      ],
    },
  });
  try {
    await client.start();
  } catch (error) {
    const choice = await window.showErrorMessage(
      `policy-check does not start: ${error.message}. Install it, or set policyCheck.path.`,
      "Open settings",
    );
    if (choice) {
      commands.executeCommand("workbench.action.openSettings", "policyCheck.path");
    }
  }
}

async function restart() {
  await client?.stop().catch(() => {});
  await start();
}

exports.activate = async (context) => {
  context.subscriptions.push(
    commands.registerCommand("policyCheck.restart", restart),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration("policyCheck")) {
        restart();
      }
    }),
  );
  await start();
};

exports.deactivate = () => client?.stop();
