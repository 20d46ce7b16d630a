// The decisions for a token.

import type { Claims, ExplainReport } from "../../../crates/rolecall-wasm/npm/index.js";
import type { Actions } from "../actions.js";
import { badge, h, words } from "../dom.js";
import { empty } from "../panel.js";
import { count } from "../values.js";
import { coverageView } from "./coverage.js";
import { roleView } from "./explanation.js";

/** Creates the view of the decisions. */
export function decisionsView(actions: Actions, report: ExplainReport, claims: Claims | undefined): Node[] {
  const { issuer, subject, warning, filled_in: filled, roles, coverage } = report;
  const open = roles.find((role) => role.allowed) ?? roles[0];
  return [
    h(
      "p",
      { class: "about" },
      words(`Issuer \`${issuer}\``),
      subject !== null && words(`, subject \`${subject}\``),
      h("span", { class: "faint" }, ". Not verified, so this is not a decision."),
    ),
    ...(warning === undefined ? [] : [h("p", { class: "warning" }, words(warning))]),
    ...roles.map((role) => roleView(actions, role, claims, role === open)),
    ...(roles.length === 0 ? [empty(`No role has a clause for \`${issuer}\`.`)] : []),
    ...further(report),
    ...(filled.length === 0 ? [] : [h("p", { class: "faint" }, words(`Derived claims: ${filled.map((claim) => `\`${claim}\``).join(", ")}.`))]),
    ...(coverage ? coverageView(coverage) : []),
  ];
}

/** Shows the roles that are not explained. */
function further(report: ExplainReport): Node[] {
  const { further_allowed: allowed = [], further_denied: denied = [], other_projects: projects = [] } = report;
  const rows: [kind: "yes" | "no", label: string, names: string[]][] = [
    ["yes", "more allowed roles", allowed],
    ["no", "more denied roles", denied],
    ["no", "roles for other projects", projects],
  ];
  const nodes = rows
    .filter(([, , names]) => names.length > 0)
    .map(([kind, label, names]) =>
      h("p", { class: "row" }, badge(kind, String(names.length)), h("span", null, `${label}: ${names.join(", ")}`)),
    );
  if (report.other_issuers > 0) {
    nodes.push(h("p", { class: "faint" }, `${count(report.other_issuers, "role")} for tokens of other issuers.`));
  }
  return nodes;
}

/** Returns the decisions in a few words. */
export function decisionsSummary({ roles, further_allowed: further = [] }: ExplainReport): string {
  const allowed = [...roles.filter((role) => role.allowed).map((role) => role.role), ...further];
  if (allowed.length === 0) return "No role allowed.";
  return allowed.length <= 3 ? `Allowed: ${allowed.join(", ")}.` : `${count(allowed.length, "role")} allowed.`;
}
