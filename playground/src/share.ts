// Files and claims in the fragment of a link.

import type { File } from "../../crates/rolecall-wasm/npm/index.js";

/** The content of a link. */
export interface Shared {
  files: File[];
  /** The claims, as JSON. Never a token, which somebody could use. */
  claims?: string;
}

/** The maximum size of the content, in bytes. */
const MAX_BYTES = 256 * 1024;
export const MAX_FILES = 20;
const MAX_NAME = 100;
const PREFIX = "#s=";

/** Returns whether a file may have a name. */
export function isName(name: string): boolean {
  return /^[\w.-]+$/.test(name) && name.length <= MAX_NAME;
}

/** Returns the fragment with the content; `undefined` if the content is too large. */
export async function fragment(shared: Shared): Promise<string | undefined> {
  if (!validated(shared)) return undefined;
  const bytes = new TextEncoder().encode(JSON.stringify(shared));
  if (bytes.length > MAX_BYTES) return undefined;
  const stream = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const compressed = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of compressed) binary += String.fromCharCode(byte);
  return PREFIX + btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** Returns whether a fragment has content. */
export function isShared(hash: string): boolean {
  return hash.startsWith(PREFIX);
}

/** Reads a fragment that anybody may have written. Returns `undefined` if it is not a valid one. */
export async function read(hash: string): Promise<Shared | undefined> {
  const text = hash.slice(PREFIX.length);
  // A valid text is smaller when it is compressed, or a few bytes larger.
  if (text.length > MAX_BYTES * 1.4 || !/^[\w-]+$/.test(text)) return undefined;
  try {
    const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const inflated = await inflate(bytes);
    return inflated && validated(JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(inflated)));
  } catch {
    return undefined;
  }
}

/** Decompresses until the maximum size, and not further: a small link may have gigabytes. */
async function inflate(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array | undefined> {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const inflated = new Uint8Array(MAX_BYTES);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return inflated.subarray(0, length);
    if (length + value.length > MAX_BYTES) {
      await reader.cancel();
      return undefined;
    }
    inflated.set(value, length);
    length += value.length;
  }
}

/** Returns the content if it has the right form. */
export function validated(value: unknown): Shared | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { files, claims } = value as Record<string, unknown>;
  if (!Array.isArray(files) || files.length === 0 || files.length > MAX_FILES) return undefined;
  const names = new Set<string>();
  const valid: File[] = [];
  for (const file of files) {
    if (typeof file !== "object" || file === null) return undefined;
    const { name, text } = file as Record<string, unknown>;
    if (typeof name !== "string" || typeof text !== "string") return undefined;
    if (!isName(name) || names.has(name)) return undefined;
    names.add(name);
    valid.push({ name, text });
  }
  return typeof claims === "string" ? { files: valid, claims } : { files: valid };
}
