// Failures are errors with help.

import assert from "node:assert/strict";
import { test } from "node:test";
import { RolecallError, explain, format, importDocuments, rule, rules } from "rolecall";
import { questions } from "../questions.js";

const files = [{ name: "a.policy", text: "edition 2026\n" }];

test("a failure is an error with help", () => {
  assert.throws(() => importDocuments({ files }), (error) => {
    assert(error instanceof RolecallError);
    assert.equal(error.name, "RolecallError");
    assert.equal(error.message, "no file is a document to import");
    assert.equal(error.help, "add a trust policy, such as one of AWS");
    return true;
  });
  assert.throws(() => explain({ files, token: "a.b" }), { message: "this is not a token" });
  assert.throws(() => explain({ files }), { message: "give either `token` or `claims`" });
});

test("a wrong option is an error", () => {
  assert.throws(() => importDocuments({ files, nope: 1 }), /unknown field `nope`/);
});

test("policies are formatted", () => {
  assert.equal(format({ name: "a.policy", text: "edition   2026" }), "edition 2026\n");
});

test("the rules have names and summaries", () => {
  assert(rules().some((rule) => rule.name === "wildcard-owner" && rule.severity === "high" && rule.summary));
});

test("each rule has a page", () => {
  for (const { name, ...summary } of rules()) {
    const { page, ...rest } = rule(name);
    assert.deepEqual(rest, { name, ...summary });
    assert(page.startsWith(`# ${name}\n`));
  }
  assert.throws(() => rule("wildcard-ownr"), {
    message: "`wildcard-ownr` is not a rule",
    help: "did you mean `wildcard-owner`?",
  });
});

test("an instance that broke refuses further questions", () => {
  const broken = questions(() => {
    throw new WebAssembly.RuntimeError("unreachable");
  });
  assert.throws(() => broken.rules(), { name: "RolecallError", message: /unreachable/ });
  assert.throws(() => broken.rules(), { help: "load it anew, in another worker" });
});
