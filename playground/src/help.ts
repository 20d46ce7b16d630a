// The help.

import { openDialog } from "./dialog.js";
import { h, words } from "./dom.js";

const KEYS: [keys: string, action: string][] = [
  ["Tab", "indents in the editor"],
  ["Escape, then Tab", "leaves the editor"],
  ["Ctrl-S or Shift-Alt-F", "formats the policies"],
  ["Ctrl-F", "searches"],
  ["F8", "goes to the next finding"],
  ["Ctrl-Shift-M", "lists the findings in the editor"],
  ["Ctrl-Z", "undoes"],
  ["Arrow keys", "select a tab"],
];

const TEXTS = [
  "Write policies, or paste the trust policy of a cloud as a file: AWS, Google Cloud, Azure, Vault and others. Paste a token or its claims, and the page shows the roles, the reasons, and the fewest changes that would give others.",
  "Everything is computed in this page. It sends nothing: after it is loaded, it works without a network.",
  "The browser stores the files, so that they are here when you come back. It does not store the token or its claims. `Reset` deletes what is stored.",
  "No signature is verified, so an answer is not a decision. Services verify tokens with the Rust crate or the exchange.",
  "A question may take 10 s. `policy-check` has no such limit.",
];

export function showHelp(): void {
  const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
  const keys = KEYS.map(([keys, action]) =>
    h("tr", null, h("th", { scope: "row" }, h("kbd", null, isMac ? keys.replaceAll("Ctrl-", "⌘") : keys)), h("td", null, action)),
  );
  openDialog(
    "Help",
    ...TEXTS.map((text) => h("p", null, words(text))),
    h("h3", null, "Keyboard"),
    h("table", null, h("tbody", null, ...keys)),
  );
}
