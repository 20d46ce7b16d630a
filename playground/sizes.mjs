// Prints the sizes of the page. WebAssembly of more than 1.5 MB, compressed with brotli, is an error.

import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const LIMIT = 1_500_000;

const number = (value) => value.toLocaleString("en").padStart(10);
console.log(`${"bytes".padStart(10)} ${"gzip".padStart(10)} ${"brotli".padStart(10)}`);
let isTooLarge = false;
for (const name of readdirSync("dist").sort()) {
  const bytes = readFileSync(`dist/${name}`);
  const parameters = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 };
  const brotli = brotliCompressSync(bytes, { params: parameters }).length;
  console.log(`${number(bytes.length)} ${number(gzipSync(bytes).length)} ${number(brotli)}  ${name}`);
  isTooLarge ||= name.endsWith(".wasm") && brotli > LIMIT;
}
if (isTooLarge) {
  console.error(`the WebAssembly has more than ${number(LIMIT).trim()} bytes after compression`);
  process.exit(1);
}
