// Findings in the editor.

import type { Diagnostic } from "@codemirror/lint";
import type { Text } from "@codemirror/state";
import type { CheckReport, Fix, Severity } from "../../crates/rolecall-wasm/npm/index.js";
import { h, words } from "./dom.js";
import { positions } from "./positions.js";

const SEVERITIES: Record<Severity, Diagnostic["severity"]> = {
  error: "error",
  high: "error",
  medium: "warning",
  low: "info",
  info: "info",
};

/** Returns the findings in a file, with their fixes as actions. */
export function diagnostics(report: CheckReport, file: string, text: Text, apply: (fix: Fix) => void): Diagnostic[] {
  const own = report.findings.filter((finding) => finding.file === file);
  return own.map((finding): Diagnostic => {
    const { rule, severity, message, help, fix } = finding;
    const { from, to } = positions(text, finding);
    return {
      from,
      // An empty range has no line.
      to: to > from ? to : Math.min(from + 1, text.length),
      severity: SEVERITIES[severity],
      source: rule,
      message: help === null ? message : `${message}\n${help}`,
      renderMessage: () =>
        h("div", null, h("div", null, words(message)), help !== null && h("div", { class: "faint" }, words(help))),
      actions: fix ? [{ name: `Fix: ${fix.message.replaceAll("`", "")}`, apply: () => apply(fix) }] : [],
    };
  });
}
