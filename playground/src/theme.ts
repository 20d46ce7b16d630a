// Colours of the editor, from the variables of the style sheet.

import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const color = (name: string) => ({ color: `var(--${name})` });

const highlighting = HighlightStyle.define([
  { tag: [tags.keyword, tags.definitionKeyword, tags.operatorKeyword, tags.modifier], ...color("keyword") },
  { tag: [tags.typeName, tags.tagName], ...color("name") },
  { tag: [tags.string, tags.regexp], ...color("string") },
  { tag: tags.escape, ...color("number") },
  { tag: [tags.number, tags.bool, tags.atom], ...color("number") },
  { tag: [tags.comment, tags.docComment], ...color("comment") },
  { tag: tags.propertyName, ...color("name") },
  { tag: tags.special(tags.variableName), ...color("name") },
]);

const surface = { backgroundColor: "var(--raised)", color: "var(--text)", border: "1px solid var(--line)" };

const view = EditorView.theme({
  "&": { backgroundColor: "var(--editor)", color: "var(--text)", fontSize: "13px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--text)", paddingBlock: "8px" },
  ".cm-cursor": { borderLeftColor: "var(--text)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "var(--selection)",
  },
  ".cm-gutters": { backgroundColor: "var(--editor)", color: "var(--faint)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": { backgroundColor: "var(--active-line)" },
  ".cm-searchMatch": { backgroundColor: "var(--match)" },
  ".cm-searchMatch-selected": { outline: "1px solid var(--text)" },
  ".cm-matchingBracket, &.cm-focused .cm-matchingBracket": { backgroundColor: "var(--match)" },
  ".cm-tooltip": { ...surface, borderRadius: "4px", maxWidth: "min(34em, 90vw)" },
  ".cm-panels": { ...surface, borderWidth: "1px 0 0" },
  ".cm-textfield": { ...surface, backgroundColor: "var(--editor)", borderRadius: "4px", fontSize: "inherit" },
  ".cm-button": { ...surface, backgroundImage: "none", borderRadius: "4px", fontSize: "inherit" },
  ".cm-diagnostic": { padding: "4px 8px", whiteSpace: "pre-wrap", fontFamily: "var(--sans)" },
  ".cm-diagnosticAction": { backgroundColor: "var(--accent)", color: "var(--on-accent)", font: "inherit" },
  ".cm-diagnosticSource": { opacity: "1", color: "var(--faint)" },
  ".cm-lintRange-error, .cm-lintRange-warning, .cm-lintRange-info": {
    backgroundImage: "none",
    textDecoration: "underline wavy var(--bad)",
    textUnderlineOffset: "3px",
  },
  // In the place of images, which the content security policy does not let pass.
  ".cm-lint-marker": { width: "1em", height: "auto", textAlign: "center" },
  ".cm-lint-marker-error, .cm-lint-marker-warning, .cm-lint-marker-info": { content: '"●" / ""' },
  ".cm-lint-marker-error": { color: "var(--bad)" },
  ".cm-lint-marker-warning": { color: "var(--doubt)" },
  ".cm-lint-marker-info": { color: "var(--accent)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--doubt)" },
  ".cm-lintRange-info": { textDecorationColor: "var(--accent)" },
});

export const theme = [view, syntaxHighlighting(highlighting)];
