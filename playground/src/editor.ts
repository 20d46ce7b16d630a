// The state of the editor for one file.

import { defaultKeymap, history, historyKeymap, indentWithTab, toggleComment } from "@codemirror/commands";
import { bracketMatching, indentUnit } from "@codemirror/language";
import { lintGutter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { documentLanguage } from "./document.js";
import { policyLanguage } from "./grammar.js";
import { theme } from "./theme.js";

/** Returns whether a file has policies, by its name. Other files are documents in other languages. */
export function isPolicy(name: string): boolean {
  return name.endsWith(".policy");
}

/** Returns the language of a file. */
function language(name: string): Extension {
  return isPolicy(name) ? policyLanguage : documentLanguage;
}

/** The commands of the page in the editor. */
export interface Commands {
  format(): void;
  /** Called after each change of a text. */
  changed(): void;
  /** Called when another file is shown. */
  shown(): void;
}

/** Creates the state for a file. */
export function editorState(name: string, text: string, commands: Commands): EditorState {
  const format = () => {
    commands.format();
    return true;
  };
  return EditorState.create({
    doc: text,
    extensions: [
      lineNumbers(),
      lintGutter(),
      history(),
      drawSelection(),
      highlightActiveLine(),
      bracketMatching(),
      highlightSelectionMatches(),
      search({ top: false }),
      indentUnit.of("  "),
      EditorView.lineWrapping,
      EditorView.contentAttributes.of({
        "aria-label": `Text of ${name}`,
        "aria-describedby": "help",
        autocapitalize: "off",
        spellcheck: "false",
        tabindex: "0",
      }),
      keymap.of([
        { key: "Mod-s", run: format },
        { key: "Shift-Alt-f", run: format },
        { key: "Mod-/", run: toggleComment },
        ...searchKeymap,
        ...lintKeymap,
        ...historyKeymap,
        ...defaultKeymap,
        indentWithTab,
      ]),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) commands.changed();
      }),
      language(name),
      theme,
    ],
  });
}
