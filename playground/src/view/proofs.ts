// The results of assertions and statements.

import type { Assertion, Contradiction } from "../../../crates/rolecall-wasm/npm/index.js";
import { place, tokenView, type Actions } from "../actions.js";
import { badge, h, lines, words } from "../dom.js";

const OUTCOMES = {
  proved: ["yes", "proved"],
  refuted: ["no", "refuted"],
  not_decided: ["doubt", "not decided"],
} as const;

/** Creates the view of an assertion. A statement of the user has no place in the policies. */
export function assertionView(actions: Actions, assertion: Assertion, isStatement = false): HTMLElement {
  const { name, outcome, message, assumption, token, test, contradictions = [] } = assertion;
  const [kind, label] = OUTCOMES[outcome];
  return h(
    "li",
    { class: `result ${kind}` },
    h(
      "p",
      { class: "title" },
      badge(kind, label),
      h("strong", null, isStatement ? "for all tokens" : name),
      !isStatement && place(actions, assertion),
    ),
    message !== undefined && outcome !== "proved" && h("p", null, words(message)),
    assumption !== undefined && h("p", { class: "faint" }, words(assumption)),
    ...contradictions.map((contradiction) => contradictionView(actions, contradiction)),
    token && tokenView(actions, "Token that refutes it", token, test),
  );
}

/** Creates the view of parts that no token meets together. */
export function contradictionView(actions: Actions, { parts, layout }: Contradiction): HTMLElement {
  return h(
    "div",
    { class: "contradiction" },
    h("p", { class: "faint" }, "No token meets these together:"),
    h("ul", null, ...parts.map((part) => h("li", null, h("code", null, part.text), " ", place(actions, part)))),
    layout && h("p", { class: "faint" }, words(layout.help)),
    layout && layout.derive.length > 0 && lines(layout.derive.join("\n")),
  );
}
