// Conditions as trees of comparisons.

import type { Comparison, Condition, Truth } from "../../../crates/rolecall-wasm/npm/index.js";
import { place, type Actions } from "../actions.js";
import { badge, h, words } from "../dom.js";
import { count, show, shortened } from "../values.js";

const KINDS = { true: "yes", false: "no", unknown: "doubt" } as const;

/** Shows a truth in a word and a colour. */
export function truth(value: Truth): HTMLElement {
  return badge(KINDS[value], value);
}

const UNKNOWN: Record<NonNullable<Comparison["unknown"]>, string> = {
  absent: "the token does not have the claim",
  null: "the claim is `null`",
  not_of_type: "the value has another type",
  contradiction: "the claims contradict each other",
  no_text: "the claims do not give a text",
};

const SLIGHT: Record<NonNullable<Comparison["slight"]>, string> = {
  case: "only upper and lower case differ",
  ids: "only the ids after `@` differ: accept both texts, or compare the claims that it is made of",
  ref_prefix: "only the prefix of the ref differs: write refs as the issuer does",
};

/** Creates the tree of a condition. */
export function conditionView(actions: Actions, condition: Condition): HTMLElement {
  return h("ul", { class: "tree" }, item(actions, condition));
}

function item(actions: Actions, condition: Condition): HTMLElement {
  switch (condition.kind) {
    case "all":
    case "any": {
      const label = condition.kind === "all" ? "all of" : "any of";
      const parts = condition.parts.map((part) => item(actions, part));
      return h("li", null, h("div", { class: "row" }, truth(condition.truth), h("span", null, label)), h("ul", null, ...parts));
    }
    case "comparison":
      return comparison(actions, condition);
    case "external":
      return h(
        "li",
        null,
        h("div", { class: "row" }, truth(condition.truth), place(actions, condition, shortened(condition.text))),
        h("p", { class: "faint" }, "no token decides this"),
      );
    case "left_out":
      return h("li", null, h("div", { class: "row" }, truth(condition.truth), h("span", null, "more comparisons, left out")));
    case "unknown":
      return h("li", null, h("div", { class: "row" }, truth(condition.truth)));
  }
}

function comparison(actions: Actions, compared: Comparison): HTMLElement {
  const { claim, actual, floor } = compared;
  const notes = [...notesOf(compared)].map((note) => h("p", { class: "note" }, words(note)));
  return h(
    "li",
    null,
    h(
      "div",
      { class: "row comparison" },
      truth(compared.truth),
      place(actions, compared, shortened(compared.text)),
      h("span", { class: "pair" }, h("span", { class: "faint" }, ...breakable(`${claim}: `)), h("code", null, show(floor ?? actual, claim))),
      h("span", { class: "pair" }, h("span", { class: "faint" }, "accepted: "), h("code", null, shortened(compared.accepted))),
    ),
    ...notes,
  );
}

/** Lets a long name break after `_`. */
function breakable(name: string): (Node | string)[] {
  return name.split(/(?<=_)/).flatMap((part, index) => (index === 0 ? [part] : [h("wbr", null), part]));
}

function* notesOf(compared: Comparison): Generator<string> {
  const { unknown, slight, derived, differences, derivation, layout } = compared;
  if (unknown) yield UNKNOWN[unknown];
  if (slight) yield SLIGHT[slight];
  if (derived?.length) yield `derived from ${derived.map((claim) => `\`${claim}\``).join(", ")}`;
  for (const { claim, said, actual } of differences ?? []) {
    yield `the text says ${said} for \`${claim}\`, and the claim is ${show(actual, claim)}`;
  }
  if (derivation) yield `${derivation.file}:${derivation.line}: \`${derivation.text}\` does not apply`;
  if (layout) yield `${layout.issuer}: ${layout.help} (${count(layout.derive.length, "line")} to declare)`;
}
