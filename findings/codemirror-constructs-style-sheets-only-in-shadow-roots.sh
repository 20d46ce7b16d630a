#!/usr/bin/env bash
# @codemirror/view 6.44.2 with style-mod 4.1.5: an editor in a document gets its styles from a `style` element, also in browsers
# that have constructed style sheets. Only an editor in a shadow root uses one.
#
# A content security policy with `style-src 'self'` blocks such an element, and not a constructed style sheet. So a strict policy
# leaves an ordinary editor without any layout: the text overflows its place, and the line numbers are a list above it. Only the
# browser's console says so. A nonce (`EditorView.cspNonce`) helps pages that a program writes anew
# for each request; a static page needs a shadow root, with `root` among the options of the view.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-audit --no-fund @codemirror/view@6.44.2 @codemirror/state@6.7.6 style-mod@4.1.5 happy-dom@21.0.4

cat >where.mjs <<'SCRIPT'
import { Window } from "happy-dom";

const window = new Window();
const { document } = window;
Object.assign(globalThis, { window, document, MutationObserver: window.MutationObserver });
const { StyleModule } = await import("style-mod");
const { EditorView } = await import("@codemirror/view");

const host = document.body.appendChild(document.createElement("div"));
const shadow = host.attachShadow({ mode: "open" });
for (const [name, root] of [
  ["document", document],
  ["shadow root", shadow],
]) {
  StyleModule.mount(root, new StyleModule({ ".line": { color: "red" } }));
  const elements = root.querySelectorAll("style").length;
  console.log(`${name}: ${elements} style element, ${root.adoptedStyleSheets.length} constructed style sheet`);
}
console.log(`a nonce can be given: ${typeof EditorView.cspNonce.of === "function"}`);
SCRIPT
found=$(node where.mjs)
echo "$found"
test "$found" = "document: 1 style element, 0 constructed style sheet
shadow root: 0 style element, 1 constructed style sheet
a nonce can be given: true"
