// The findings of the linter.

import type { CheckReport, Finding, Severity } from "../../../crates/rolecall-wasm/npm/index.js";
import { place, tokenView, type Actions } from "../actions.js";
import { badge, button, h, words } from "../dom.js";
import { empty } from "../panel.js";
import { count } from "../values.js";
import { coverageView } from "./coverage.js";

const KINDS: Record<Severity, "no" | "doubt" | "plain"> = { error: "no", high: "no", medium: "doubt", low: "plain", info: "plain" };
const SEVERITIES: readonly Severity[] = ["error", "high", "medium", "low", "info"];

/** Creates the view of the findings, the severest first. */
export function findingsView(actions: Actions, report: CheckReport): Node[] {
  const { findings, suppressed, coverage } = report;
  const sorted = SEVERITIES.flatMap((severity) => findings.filter((finding) => finding.severity === severity));
  const nodes: Node[] = [];
  if (sorted.length > 0) nodes.push(h("ul", { class: "findings" }, ...sorted.map((finding) => item(actions, finding))));
  else nodes.push(empty(`No findings in ${count(report.roles.length, "role")}.`));
  if (suppressed.length > 0) {
    nodes.push(
      h("h3", null, "Suppressed"),
      h(
        "ul",
        { class: "suppressed" },
        ...suppressed.map(({ finding, reason, until, comment }) =>
          h(
            "li",
            null,
            ruleName(actions, finding),
            h("span", null, words(`: ${reason}${until === null ? "" : `, until ${until}`} `)),
            place(actions, comment),
          ),
        ),
      ),
    );
  }
  return coverage ? [...nodes, ...coverageView(coverage)] : nodes;
}

function item(actions: Actions, finding: Finding): HTMLElement {
  const { severity, message, label, help, notes, token, fix, proposal } = finding;
  return h(
    "li",
    { class: `finding ${KINDS[severity]}` },
    h("p", { class: "title" }, badge(KINDS[severity], severity), h("strong", null, words(message))),
    h(
      "p",
      { class: "faint" },
      place(actions, finding),
      label !== null && words(` ${label} `),
      ruleName(actions, finding),
    ),
    help !== null && h("p", null, h("span", { class: "faint" }, "help: "), words(help)),
    notes.length > 0 &&
      h("ul", null, ...notes.map((note) => h("li", null, place(actions, note), h("span", null, words(` ${note.message}`))))),
    token && tokenView(actions, "Token that shows it", token),
    (fix || proposal) &&
      h(
        "div",
        { class: "buttons" },
        fix && button(`Apply fix: ${fix.message.replaceAll("`", "")}`, () => actions.applyFix(fix)),
        fix && !fix.safe && h("span", { class: "faint" }, "changes which tokens get a role"),
        proposal &&
          button("Add the proposed lines", () => actions.applyFix({ message: "", safe: false, edits: [proposal] })),
      ),
  );
}

/** Creates the name of the rule, which shows its page. A compile error has no page. */
function ruleName(actions: Actions, { rule, code }: Finding): HTMLElement {
  if (rule === "invalid-policy") return h("code", null, code ?? rule);
  if (RULE_PAGES) return h("a", { href: `${RULE_PAGES}${rule}.html`, target: "_blank", rel: "noopener" }, rule);
  return button(rule, () => actions.showRule(rule), { class: "place", title: `Show the page of ${rule}` });
}

/** Returns the findings in a few words. */
export function findingsSummary({ findings, compiles }: CheckReport): string {
  if (!compiles) return `${count(findings.length, "error")}.`;
  return findings.length === 0 ? "No findings." : `${count(findings.length, "finding")}.`;
}
