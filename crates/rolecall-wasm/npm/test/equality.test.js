// The answers equal what `policy-check` prints with `--format json` for the same files. `POLICY_CHECK` is the command.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import * as rolecall from "rolecall";

const repository = fileURLToPath(new URL("../../../..", import.meta.url));
const command = process.env.POLICY_CHECK ?? join(repository, "target/debug/policy-check");
const skip = existsSync(command) ? false : `${command} is missing: build it, or set POLICY_CHECK`;
const folder = mkdtempSync(join(tmpdir(), "rolecall-"));
after(() => rmSync(folder, { recursive: true }));

/** Runs `policy-check` with arguments, and returns its JSON. */
function printedBy(...args) {
  const options = { cwd: repository, encoding: "utf8", maxBuffer: 1 << 28, stdio: ["ignore", "pipe", "ignore"] };
  try {
    return JSON.parse(execFileSync(command, [...args, "--format", "json"], options));
  } catch (error) {
    // Exit codes 1 and 3 are answers: findings, a refuted statement, or one that is not decided.
    if (error.status !== 1 && error.status !== 3) throw error;
    return JSON.parse(error.stdout);
  }
}

// All that may differ:
// - `set`: the command names a set by its folder, the package by `policies`.
// - `not_run`: the command reads the files of tokens, the package counts their tests.
// - `compiles`, `issuers`, `roles`, `tests`, `assertions`: the package lists them, for menus. The command prints numbers and
//   its configuration instead.
// - `findings`: of more than three findings about one `allow`, the command makes notes that begin with `also`. The package
//   lists all, because each may have a fix.
// - `warning`: the command prints it on standard error.
function comparable(report) {
  const { not_run, warning, ...rest } = report;
  return JSON.parse(JSON.stringify(rest, (key, value) => (key === "set" ? undefined : value)));
}

function equal(answer, printed) {
  assert.deepEqual(comparable(answer), comparable(printed));
}

/** Compares the findings: those that the command prints in full, and those that it makes notes. */
function equalFindings(findings, printed) {
  const isAlso = (note) => note.message.startsWith("also ");
  const inFull = printed.map((finding) => ({ ...finding, notes: finding.notes.filter((note) => !isAlso(note)) }));
  const fingerprints = new Set(printed.map((finding) => finding.fingerprint));
  const [shown, others] = [true, false].map((is) => findings.filter((one) => fingerprints.has(one.fingerprint) === is));
  assert.deepEqual(shown, inFull);
  const also = printed.flatMap((finding) => finding.notes.filter(isAlso).map((note) => note.message));
  const words = others.map(({ rule, severity, message }) => `also ${rule} (${severity}): ${message}`);
  assert.deepEqual(words.sort(), also.sort());
}

/** The policy sets: the path for the command, and the files. */
function* sets() {
  const parents = ["policies", "playground/examples"];
  for (const parent of parents) {
    for (const name of readdirSync(join(repository, parent)).sort()) {
      const path = `${parent}/${name}`;
      if (!statSync(join(repository, path)).isDirectory()) continue;
      const inside = readdirSync(join(repository, path)).sort();
      const policies = inside.filter((file) => file.endsWith(".policy"));
      const names = policies.length > 0 ? policies : inside.filter((file) => file === "trust.json");
      if (names.length === 0) continue;
      const files = names.map((file) => {
        const name = `${path}/${file}`;
        return { name, text: readFileSync(join(repository, name), "utf8") };
      });
      yield { path: policies.length > 0 ? path : files[0].name, files };
    }
  }
}

let number = 0;
for (const { path, files } of sets()) {
  number += 1;
  test(path, { skip }, async (t) => {
    await t.test("check", () => {
      const [printed] = printedBy("check", path, "--isolated").sets;
      const { compiles, findings, suppressed, roles, coverage } = rolecall.check({ files });
      assert(compiles);
      assert.equal(roles.length, printed.roles);
      assert.deepEqual([suppressed, coverage], [printed.suppressed, printed.coverage]);
      equalFindings(findings, printed.findings);
    });
    await t.test("test", () => equal(rolecall.test({ files }), printedBy("test", path)));
    await t.test("prove", () => {
      equal(rolecall.prove({ files }), printedBy("prove", path));
      const statement = '* implies sub like "project_path:acme/*"';
      equal(rolecall.prove({ files, statement }), printedBy("prove", path, statement));
    });

    const answer = rolecall.witness({ files, role: "*", nearMiss: true });
    await t.test("witness", () => equal(answer, printedBy("witness", "*", path, "--near-miss")));

    const clauses = answer.roles.flatMap((role) => role.clauses);
    const tokens = clauses.flatMap(({ token, near_misses }) => [token, ...near_misses.map((miss) => miss.token)]);
    // Each run of the command compiles the policies, so a few tokens must do.
    const some = tokens.filter(Boolean).filter((_, index, all) => index % Math.ceil(all.length / 8) === 0);
    await t.test(`explain ${some.length} of ${tokens.length} tokens`, () => {
      for (const token of some) {
        const claims = JSON.stringify(token);
        const file = join(folder, "claims.json");
        writeFileSync(file, claims);
        equal(rolecall.explain({ files, claims }), printedBy("explain", "--policies", path, "--claims", file));
      }
    });
  });
}

test("all policy sets are compared", () => assert(number >= 15));
