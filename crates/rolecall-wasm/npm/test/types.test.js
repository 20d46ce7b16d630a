// The types compile, and wrong uses do not.

import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

test("the types compile", () => {
  const folder = fileURLToPath(new URL("..", import.meta.url));
  const compiler = fileURLToPath(new URL("../node_modules/typescript/bin/tsc", import.meta.url));
  execFileSync(process.execPath, [compiler, "--project", "test/types"], { cwd: folder, stdio: "inherit" });
});
