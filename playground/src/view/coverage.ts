// The part of documents in other languages that is translated.

import type { Coverage } from "../../../crates/rolecall-wasm/npm/index.js";
import { h, words } from "../dom.js";
import { count } from "../values.js";

/** Creates the view of the coverage. */
export function coverageView(coverage: Coverage): Node[] {
  const { exact, narrower, wider, refused, not_for_tokens: others, external } = coverage;
  const rows = [
    `${count(exact, "role")} translated exactly`,
    narrower > 0 && `${count(narrower, "role")} that fewer tokens get here than in the document`,
    wider > 0 && `${count(wider, "role")} that more tokens get here than in the document`,
    others > 0 && `${count(others, "role")} that no token gets`,
    external > 0 && `${count(external, "role")} with a condition that no token decides`,
    ...refused.map(({ role, reason, needs = [] }) => {
      const lacks = needs.length > 0 ? `, needs ${needs.map((need) => `\`${need}\``).join(", ")}` : "";
      return `\`${role}\` is not translated: ${reason}${lacks}`;
    }),
    ...(coverage.also_admits ?? []).map(({ role, principals }) => `\`${role}\` also admits ${principals.join(", ")}`),
    ...coverage.assumed.map(({ issuer, layout }) => `assumed for \`${issuer}\`: \`${layout}\``),
    ...coverage.granted.map((fact) => `taken for granted: ${fact}`),
    ...coverage.missing.map((information) => `missing: ${information}`),
  ];
  return [
    h(
      "section",
      { class: "coverage" },
      h("h3", null, "Documents"),
      h("ul", null, ...rows.map((row) => row && h("li", null, words(row)))),
    ),
  ];
}
