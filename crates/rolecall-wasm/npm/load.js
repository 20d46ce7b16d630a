// Loads the WebAssembly in browsers.

import load, { answer } from "./wasm/rolecall.js";

await load({ module_or_path: new URL("wasm/rolecall_bg.wasm", import.meta.url) });

export { answer };
