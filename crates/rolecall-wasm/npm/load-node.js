// Loads the WebAssembly from the disk.

import { readFileSync } from "node:fs";
import { answer, initSync } from "./wasm/rolecall.js";

initSync({ module: readFileSync(new URL("wasm/rolecall_bg.wasm", import.meta.url)) });

export { answer };
