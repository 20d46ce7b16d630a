// Writes the page into `dist`.

import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";

const examples = {
  name: "examples",
  setup(build) {
    build.onResolve({ filter: /^examples$/ }, () => ({ path: "examples", namespace: "examples" }));
    build.onLoad({ filter: /.*/, namespace: "examples" }, () => {
      const read = (path) => readFileSync(`examples/${path}`, "utf8");
      const list = JSON.parse(read("examples.json")).map(({ name, title, files, tokens }) => ({
        name,
        title,
        files: files.map((file) => ({ name: file, text: read(`${name}/${file}`) })),
        tokens: tokens.map(({ title, file }) => ({ title, text: read(`${name}/${file}`) })),
      }));
      return { contents: JSON.stringify(list), loader: "json" };
    });
  },
};

rmSync("dist", { recursive: true, force: true });
mkdirSync("dist");
await build({
  entryPoints: { playground: "src/main.ts", worker: "src/worker.ts", style: "src/style.css" },
  outdir: "dist",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["chrome123", "firefox125", "safari17.5"],
  define: { RULE_PAGES: JSON.stringify(process.env.RULE_PAGES ?? "") },
  plugins: [examples],
  legalComments: "none",
  logLevel: "warning",
  // The loader of the package's glue is not used: the page gives the worker the module.
  logOverride: { "empty-import-meta": "silent" },
});
for (const file of ["index.html", "icon.svg"]) cpSync(`src/${file}`, `dist/${file}`);
cpSync("../crates/rolecall-wasm/npm/wasm/rolecall_bg.wasm", "dist/rolecall.wasm");
