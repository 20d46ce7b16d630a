// The files in the browser's storage. Tokens and claims are never stored.

import type { File } from "../../crates/rolecall-wasm/npm/index.js";
import { validated } from "./share.js";

const KEY = "rolecall-playground";

/** The stored content. */
export interface Draft {
  files: File[];
  /** The name of the example that the files come from. */
  example?: string | undefined;
  /** True if the user changed the files since they were opened. */
  isEdited: boolean;
  /** The user's files before others were opened. */
  earlier?: File[] | undefined;
}

/** Reads the draft; `undefined` if there is none, or the browser does not allow it. */
export function load(): Draft | undefined {
  try {
    const value = JSON.parse(localStorage.getItem(KEY) ?? "null") as Record<string, unknown> | null;
    const files = validated(value)?.files;
    if (!value || !files) return undefined;
    return {
      files,
      example: typeof value["example"] === "string" ? value["example"] : undefined,
      isEdited: value["isEdited"] === true,
      earlier: validated({ files: value["earlier"] })?.files,
    };
  } catch {
    return undefined;
  }
}

/** Stores the draft. Returns false if the browser does not allow it. */
export function save(draft: Draft): boolean {
  try {
    localStorage.setItem(KEY, JSON.stringify(draft));
    return true;
  } catch {
    return false;
  }
}

/** Deletes the draft. */
export function clear(): void {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // There is no storage, so nothing is stored.
  }
}
