// The examples.

import list from "examples";
import type { File } from "../../crates/rolecall-wasm/npm/index.js";

export interface Example {
  name: string;
  title: string;
  files: File[];
  tokens: { title: string; text: string }[];
}

export const EXAMPLES: readonly Example[] = list;
