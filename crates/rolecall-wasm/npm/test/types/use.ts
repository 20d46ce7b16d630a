// A use of each function.

import {
  check, explain, format, importDocuments, prove, RolecallError, rule, rules, test, witness,
  type Claims, type Condition, type File, type Severity,
} from "rolecall";

const files: File[] = [{ name: "a.policy", text: "edition 2026" }];

const worst: Severity[] = check({ files, today: "2026-12-03", persona: "auditor" }).findings.map((found) => found.severity);
const fixes: string[] = check({ files }).findings.flatMap((found) => found.fix?.edits.map((edit) => edit.text) ?? []);

function comparisons(condition: Condition): string[] {
  switch (condition.kind) {
    case "all":
    case "any":
      return condition.parts.flatMap(comparisons);
    case "comparison":
      return [condition.claim, condition.accepted];
    case "external":
      return [condition.text];
    default:
      return [];
  }
}

const explained = explain({ files, claims: "{}", role: "#prod" });
const compared: string[] = explained.roles.flatMap((role) =>
  role.clauses.flatMap((clause) => (clause.condition ? comparisons(clause.condition) : [])),
);
const text: string = format({ name: "a.policy", text: "" });
const names: (string | undefined)[] = importDocuments({ files }).roles.map((role) => role.name);
const refuted: (Claims | undefined)[] = prove({ files, statement: "possible a" }).assertions.map((one) => one.token);
const failed: number = test({ files }).failed;
const misses = witness({ files, role: "*", nearMiss: true }).roles[0]?.clauses[0]?.near_misses;
const categories: string[] = rules().map((rule) => rule.category);
const page: string = rule("any-ref").page;
const help: string | undefined = new RolecallError("a", "b").help;

// @ts-expect-error The files are needed.
check({});
// @ts-expect-error No such persona.
check({ files, persona: "strict" });
// @ts-expect-error The token may be absent.
const token: Claims = prove({ files }).assertions[0].token;

export { categories, compared, failed, fixes, help, misses, names, page, refuted, text, token, worst };
