// Values of claims, as `policy-check` writes them.

import type { Claims, Json } from "../../crates/rolecall-wasm/npm/index.js";

/** The maximum number of characters of a value. */
const LONGEST = 200;
const TIMES = new Set(["iat", "exp", "nbf", "auth_time"]);

function write(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(write).join(", ")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value).map(([name, inner]) => `${JSON.stringify(name)}: ${write(inner)}`);
  return `{${members.join(", ")}}`;
}

/** Cuts a text between characters. */
export function shortened(text: string): string {
  const characters = [...text];
  return characters.length > LONGEST ? `${characters.slice(0, LONGEST).join("")}…` : text;
}

/** Formats the value of a claim. */
export function show(value: Json | undefined, claim = ""): string {
  if (value === undefined) return "absent";
  if (typeof value === "number" && TIMES.has(claim)) {
    const time = new Date(value * 1000);
    if (!Number.isNaN(time.getTime())) return `${time.toISOString().slice(0, 19)}Z`;
  }
  return shortened(write(value));
}

/** Formats claims as JSON with one claim per line. */
export function claimsText(claims: Claims): string {
  return `${JSON.stringify(claims, null, 2)}\n`;
}

/** Returns `1 finding` or `2 findings`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
