// Tokens and claims. Nothing here verifies a token.

import type { Claims } from "../../crates/rolecall-wasm/npm/index.js";

/** Returns whether a text looks like a signed token: three parts of base64url. */
export function isToken(text: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]*$/.test(text.trim());
}

/** Returns the claims of a token or of their JSON. */
export function claimsOf(text: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(isToken(text) ? payload(text) : text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the claims of a token or of their JSON as readable text. A text that JavaScript would change stays as it is. */
export function claimsJson(text: string): string | undefined {
  const claims = claimsOf(text);
  if (!claims) return undefined;
  const json = isToken(text) ? payload(text) : text;
  const compact = json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, "$1");
  const isSame = JSON.stringify(claims) === compact;
  return isSame ? `${JSON.stringify(claims, null, 2)}\n` : json;
}

function payload(token: string): string {
  const part = token.trim().split(".")[1] ?? "";
  const binary = atob(part.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
}
