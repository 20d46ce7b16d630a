// The fewest changes that would give a role.

import type { Change, Claims, Repair } from "../../../crates/rolecall-wasm/npm/index.js";
import type { Actions } from "../actions.js";
import { button, h, words } from "../dom.js";
import { count, show } from "../values.js";

const BY: Record<Change["by"], string> = {
  administrator: "by an administrator of the project",
  author: "by the author of the job, or by what starts it",
  policy: "not by the job: it tells whose token this is",
  requester: "by the job that asks for the token",
};

/** Returns the repair in one line. */
export function repairSummary({ outcome, changes }: Repair): string {
  switch (outcome) {
    case "impossible":
      return "no token gets it";
    case "other_issuer":
      return "for tokens of another issuer";
    case "not_decided":
      return "";
    case "changes":
      return changes.length === 0 ? "derived claims must agree" : `change ${changes.map(({ claim }) => `\`${claim}\``).join(", ")}`;
  }
}

/** Creates the view of a repair of claims. */
export function repairView(actions: Actions, repair: Repair, claims: Claims | undefined): HTMLElement {
  const { outcome, reason, changes, follows = [], oddity } = repair;
  const all = [...changes, ...follows];
  return h(
    "section",
    { class: "repair" },
    h("h3", null, words(heading(outcome, reason, changes.length))),
    all.length > 0 &&
      h("ul", null, ...changes.map((change) => row(change, BY[change.by])), ...follows.map((change) => row(change, "follows"))),
    oddity && h("p", null, words(`${oddity.message}: ${oddity.help}`)),
    claims &&
      all.length > 0 &&
      h("div", { class: "buttons" }, button("Use the changed claims", () => actions.useClaims(changed(claims, all)))),
  );
}

function heading(outcome: Repair["outcome"], reason: string | undefined, changes: number): string {
  switch (outcome) {
    case "impossible":
      return "no token of this issuer gets the role";
    case "other_issuer":
      return "the role is for tokens of another issuer";
    case "not_decided":
      return `the fewest changes are not decided${reason === undefined ? "" : `: ${reason}`}`;
    case "changes":
      if (changes === 0) return "no claim must change, but derived ones must agree";
      return `would be allowed with ${count(changes, "other claim")}`;
  }
}

function row({ claim, from, to }: Change, by: string): HTMLElement {
  return h(
    "li",
    null,
    h("code", null, claim),
    ": ",
    h("code", { class: "old" }, show(from, claim)),
    " → ",
    h("code", { class: "new" }, show(to, claim)),
    h("span", { class: "faint" }, ` ${by}`),
  );
}

function changed(claims: Claims, changes: readonly Change[]): Claims {
  const result = new Map(Object.entries(claims));
  for (const { claim, to } of changes) {
    if (to === undefined) result.delete(claim);
    else result.set(claim, to);
  }
  return Object.fromEntries(result);
}
