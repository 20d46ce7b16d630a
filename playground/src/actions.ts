// What the results can do with the page.

import type { Claims, Fix, Line, Range } from "../../crates/rolecall-wasm/npm/index.js";
import { button, h, lines } from "./dom.js";
import { claimsText } from "./values.js";

export interface Actions {
  /** Selects a range in the editor. */
  jump(range: Range): void;
  /** Shows the decisions for claims. */
  useClaims(claims: Claims): void;
  applyFix(fix: Fix): void;
  /** Adds a test to the policies. */
  addTest(text: string): void;
  /** Shows the page of a rule of the linter. */
  showRule(name: string): void;
  /** Shows the findings. */
  showFindings(): void;
}

/** Creates a button that shows a place in the editor. */
export function place(actions: Actions, at: Line | Range, label = `${at.file}:${at.line}`): HTMLElement {
  const end = "column" in at ? at : { ...at, column: 1, end_line: at.line, end_column: Number.MAX_SAFE_INTEGER };
  return button(label, () => actions.jump(end), { class: "place", title: `Show ${at.file}:${at.line} in the editor` });
}

/** Creates the view of a token, which can be used, and be kept as a test. */
export function tokenView(actions: Actions, title: string, claims: Claims, test?: string): HTMLElement {
  return h(
    "details",
    { class: "claims" },
    h("summary", null, title),
    lines(claimsText(claims).trimEnd()),
    h(
      "div",
      { class: "buttons" },
      button("Use this token", () => actions.useClaims(claims)),
      test !== undefined && button("Add as test", () => actions.addTest(test)),
    ),
  );
}
