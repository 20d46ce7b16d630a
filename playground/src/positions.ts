// Locations of reports as positions in the editor.

import type { Text } from "@codemirror/state";
import type { Range } from "../../crates/rolecall-wasm/npm/index.js";

/** Returns the position of a line and a column, which counts Unicode characters from 1. */
export function position(text: Text, line: number, column: number): number {
  if (line > text.lines) return text.length;
  const { from, text: characters } = text.line(Math.max(line, 1));
  let at = 0;
  for (const character of characters) {
    if (column <= 1) break;
    column -= 1;
    at += character.length;
  }
  return from + at;
}

/** Returns the positions of a range. */
export function positions(text: Text, range: Omit<Range, "file">): { from: number; to: number } {
  const from = position(text, range.line, range.column);
  return { from, to: Math.max(from, position(text, range.end_line, range.end_column)) };
}
