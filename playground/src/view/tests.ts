// The results of tests and assertions.

import type { TestFailure, TestReport, TestResult } from "../../../crates/rolecall-wasm/npm/index.js";
import { place, tokenView, type Actions } from "../actions.js";
import { badge, h, words } from "../dom.js";
import { empty } from "../panel.js";
import { count, show } from "../values.js";
import { explanationParts } from "./explanation.js";
import { assertionView } from "./proofs.js";

/** Creates the view of the tests and assertions, the failed ones first. */
export function testsView(actions: Actions, report: TestReport): Node[] {
  const { tests, assertions, not_run: notRun } = report;
  const failed = tests.filter((test) => test.outcome === "failed");
  const passed = tests.filter((test) => test.outcome === "passed");
  const proved = assertions.filter((assertion) => assertion.outcome === "proved");
  const others = assertions.filter((assertion) => assertion.outcome !== "proved");
  return [
    h("h3", null, "Assertions"),
    assertions.length === 0
      ? empty("No assertions. One is written like `assert \"name\" { deploy implies ref == \"main\" }`.")
      : h("ul", { class: "plain" }, ...[...others, ...proved].map((assertion) => assertionView(actions, assertion))),
    h("h3", null, "Tests"),
    tests.length === 0
      ? empty("No tests. The tab Witness proposes some.")
      : h("ul", { class: "plain" }, ...[...failed, ...passed].map((test) => testView(actions, test))),
    ...(notRun === 0 ? [] : [h("p", { class: "faint" }, `${count(notRun, "test")} with tokens in files, which only \`policy-check\` runs.`)]),
  ];
}

function testView(actions: Actions, { name, outcome, token, failures = [], more_failures: more, ...at }: TestResult): HTMLElement {
  const hasPassed = outcome === "passed";
  return h(
    "li",
    { class: `result ${hasPassed ? "yes" : "no"}` },
    h("p", { class: "title" }, badge(hasPassed ? "yes" : "no", outcome), h("strong", null, name), place(actions, at)),
    ...failures.map((failure) => failureView(actions, failure)),
    more ? h("p", { class: "faint" }, `${count(more, "more role")} with an unexpected outcome.`) : undefined,
    token && tokenView(actions, "Token of the test", token),
  );
}

function failureView(actions: Actions, failure: TestFailure): HTMLElement {
  const { explanation } = failure;
  const title = h("p", null, words(failureText(failure)));
  if (!explanation) return title;
  return h("div", null, title, h("details", null, h("summary", null, "Explanation"), ...explanationParts(actions, explanation, undefined)));
}

function failureText({ role, expected, ttl, grant, because }: TestFailure): string {
  if (ttl) {
    const actual = ttl.actual_seconds === null ? "no lifetime" : `${ttl.actual_seconds} s`;
    return `\`${role}\` is allowed with ${actual} instead of ${ttl.expected_seconds} s`;
  }
  if (grant) return `\`${role}\`: the grant \`${grant.name}\` is ${show(grant.actual)} instead of ${show(grant.expected)}`;
  if (because) {
    const also = [
      ...because.also.map((comparison) => comparison.claim),
      ...because.unverified,
      ...because.unfilled,
      ...(because.other_issuer ? ["iss"] : []),
      ...(because.other_audience ? ["aud"] : []),
    ];
    const reason = because.read ? `also because of ${also.map((claim) => `\`${claim}\``).join(", ")}` : "its condition does not read it";
    return `\`${role}\` is denied, but not because of \`${because.claim}\` alone: ${reason}`;
  }
  const actual = expected === "allow" ? "denied" : "allowed";
  return `\`${role}\` is ${actual}, but the test expects \`${expected}\``;
}

/** Returns the results in a few words. */
export function testsSummary({ passed, failed, proved, refuted, not_decided: open }: TestReport): string {
  const parts = [
    failed > 0 && `${count(failed, "test")} failed`,
    failed === 0 && passed > 0 && `${count(passed, "test")} passed`,
    refuted > 0 && `${count(refuted, "assertion")} refuted`,
    open > 0 && `${count(open, "assertion")} not decided`,
    refuted + open === 0 && proved > 0 && `${count(proved, "assertion")} proved`,
  ].filter(Boolean);
  return parts.length === 0 ? "No tests." : `${parts.join(", ")}.`;
}
