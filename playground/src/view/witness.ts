// Tokens that get a role, and near misses.

import type { ClauseWitness, NearMiss, RoleWitness, WitnessReport } from "../../../crates/rolecall-wasm/npm/index.js";
import { place, tokenView, type Actions } from "../actions.js";
import { badge, h, words } from "../dom.js";
import { count } from "../values.js";
import { contradictionView } from "./proofs.js";

const CLAUSES = {
  granted: ["yes", "granted"],
  no_token: ["no", "no token"],
  not_decided: ["doubt", "not decided"],
} as const;

const MISSES = {
  token: ["no", "denied"],
  implied: ["doubt", "implied"],
  granted_otherwise: ["doubt", "granted otherwise"],
  not_decided: ["doubt", "not decided"],
} as const;

const MISS_HELP = {
  token: undefined,
  implied: "the rest of the condition implies it, so no token fails only here",
  granted_otherwise: "without it, another clause grants the role",
  not_decided: undefined,
};

/** Creates the view of the tokens. */
export function witnessView(actions: Actions, report: WitnessReport): Node[] {
  const { roles, missing = [], left_out: leftOut } = report;
  return [
    ...missing.map((information) => h("p", { class: "warning" }, words(`missing: ${information}`))),
    ...roles.map((role) => roleView(actions, role)),
    ...(leftOut > 0 ? [h("p", { class: "faint" }, `${count(leftOut, "more role")} left out: select fewer.`)] : []),
  ];
}

function roleView(actions: Actions, { role, clauses, ...at }: RoleWitness): HTMLElement {
  return h(
    "section",
    { class: "witness" },
    h("h3", null, role, " ", place(actions, at)),
    ...clauses.map((clause) => clauseView(actions, clause, clauses.length)),
  );
}

function clauseView(actions: Actions, clause: ClauseWitness, of: number): HTMLElement {
  const { outcome, index, issuer, token, test, message, parts, layout, near_misses: misses = [] } = clause;
  const [kind, label] = CLAUSES[outcome];
  return h(
    "section",
    { class: "clause" },
    h(
      "h4",
      null,
      badge(kind, label),
      of === 1 ? "clause " : `clause ${index} `,
      h("span", { class: "faint" }, words(`for \`${issuer}\` `)),
      place(actions, clause),
    ),
    message !== undefined && h("p", null, words(message)),
    parts && contradictionView(actions, layout ? { parts, layout } : { parts }),
    token && tokenView(actions, "Token that gets the role", token, test),
    misses.length > 0 && h("h5", null, "Near misses"),
    misses.length > 0 && h("ul", { class: "plain" }, ...misses.map((miss) => missView(actions, miss))),
  );
}

function missView(actions: Actions, miss: NearMiss): HTMLElement {
  const { text, guard, outcome, message, token, test } = miss;
  const [kind, label] = MISSES[outcome];
  const help = message ?? MISS_HELP[outcome];
  return h(
    "li",
    { class: `result ${kind}` },
    h(
      "p",
      { class: "title" },
      badge(kind, label),
      h("span", null, outcome === "token" ? "without " : ""),
      place(actions, miss, text),
      guard !== undefined && h("span", { class: "faint" }, words(`guard \`${guard}\``)),
    ),
    help !== undefined && h("p", { class: "faint" }, words(help)),
    token && tokenView(actions, "Token that lacks the role", token, test),
  );
}
