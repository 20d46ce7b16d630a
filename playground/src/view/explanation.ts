// The explanation of one role.

import type { Claims, Clause, Explanation, Fit } from "../../../crates/rolecall-wasm/npm/index.js";
import { place, type Actions } from "../actions.js";
import { badge, h, words } from "../dom.js";
import { show } from "../values.js";
import { conditionView, truth } from "./condition.js";
import { repairSummary, repairView } from "./repair.js";

/** The roles whose explanations the user opened or closed. They stay so when the answer changes. */
const toggled = new Map<string, boolean>();

/** Creates the view of a role. */
export function roleView(actions: Actions, role: Explanation, claims: Claims | undefined, isOpen: boolean): HTMLElement {
  const details = h(
    "details",
    { class: "role", open: toggled.get(role.role) ?? isOpen },
    h(
      "summary",
      null,
      badge(role.allowed ? "yes" : "no", role.allowed ? "allowed" : "denied"),
      h("strong", null, role.role),
      role.repair && h("span", { class: "faint" }, words(repairSummary(role.repair))),
    ),
    ...explanationParts(actions, role, claims),
  );
  details.addEventListener("toggle", () => {
    if (details.open !== isOpen || toggled.has(role.role)) toggled.set(role.role, details.open);
  });
  return details;
}

/** Creates the parts of an explanation. */
export function explanationParts(actions: Actions, role: Explanation, claims: Claims | undefined): Node[] {
  const parts: Node[] = role.clauses.map((clause) => clauseView(actions, clause, role.clauses.length));
  if (role.reason === "unknown_role") parts.push(h("p", null, "The policies have no such role."));
  // First the way to the role: the reasons are long.
  if (role.repair) parts.unshift(repairView(actions, role.repair, claims));
  if (role.left_out) parts.push(h("p", { class: "faint" }, `${role.left_out} more comparisons are left out.`));
  return parts;
}

function clauseView(actions: Actions, clause: Clause, of: number): HTMLElement {
  const { iss, aud, unverified = [], grants_not_filled: unfilled = [], condition, guards } = clause;
  return h(
    "section",
    { class: "clause" },
    h(
      "h3",
      null,
      badge(clause.holds ? "yes" : "no", clause.holds ? "holds" : "does not hold"),
      of === 1 ? "clause " : `clause ${clause.index} `,
      h("span", { class: "faint" }, words(`for \`${clause.issuer}\` `)),
      place(actions, clause),
    ),
    !iss.fits && fit("iss", iss),
    !aud.fits && fit("aud", aud),
    ...unverified.map((claim) => failed(`\`${claim}\`: every verified token has one`)),
    ...unfilled.map(({ message }) => failed(message)),
    condition && conditionView(actions, condition),
    ...guards.flatMap(({ guard, condition }) => [
      h("h4", null, words(`guard \`${guard}\``)),
      conditionView(actions, condition),
    ]),
  );
}

function failed(message: string): HTMLElement {
  return h("p", { class: "row" }, truth("false"), h("span", null, words(message)));
}

function fit(claim: string, { actual, accepted }: Fit): HTMLElement {
  return h(
    "p",
    { class: "row comparison" },
    truth("false"),
    h("code", null, claim),
    h("code", null, show(actual, claim)),
    h("span", null, h("span", { class: "faint" }, "accepted: "), h("code", null, accepted.join(", "))),
  );
}
