// The code of the README runs.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the code of the README runs", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, code] = readme.match(/```js\n(.*?)```/s);
  const cwd = fileURLToPath(new URL(".", import.meta.url));
  // The package resolves its own name.
  const output = execFileSync(process.execPath, ["--input-type=module", "--eval", code], { cwd, encoding: "utf8" });
  assert.match(output, /^4: high: .* \[wildcard-owner\]$/m);
  assert.match(output, /^deploy false \[$/m);
  assert.match(output, /^refuted \{$/m);
});
