// Syntax highlighting with the TextMate grammar of the editors.
//
// It interprets the few kinds of rules that our grammar has, with the browser's regular expressions: a library for TextMate
// grammars needs a second WebAssembly, of Oniguruma.

import { StreamLanguage, type StringStream } from "@codemirror/language";
import { tags, type Tag } from "@lezer/highlight";
import grammar from "../../editors/vscode/syntaxes/policy.tmLanguage.json" with { type: "json" };

interface Rule {
  match?: string;
  begin?: string;
  end?: string;
  name?: string;
  include?: string;
  captures?: Record<string, { name: string }>;
  patterns?: Rule[];
}

/** A compiled rule: a pattern, and what follows it until the end of a block. */
interface Compiled {
  pattern: RegExp;
  name: string | undefined;
  captures: Record<string, { name: string }>;
  block?: { end: RegExp; rules: () => Compiled[] };
}

interface State {
  /** The blocks around the position. */
  blocks: { name: string | undefined; end: RegExp; rules: Compiled[] }[];
  /** The parts of a match, up to columns. */
  parts: { end: number; name: string | undefined }[];
}

/** The names of scopes, from special to general, and their styles. */
const STYLES: [scope: string, style: string][] = [
  ["keyword.declaration", "definitionKeyword"],
  ["keyword.operator.word", "operatorKeyword"],
  ["keyword.operator", "operator"],
  ["keyword", "keyword"],
  ["entity.name.tag", "tagName"],
  ["entity.name", "typeName"],
  ["storage.modifier", "modifier"],
  ["storage.type", "typeName"],
  ["constant.language", "bool"],
  ["constant.numeric", "number"],
  ["constant.character.escape", "escape"],
  ["constant", "atom"],
  ["comment.line.documentation", "docComment"],
  ["comment", "comment"],
  ["string.regexp", "regexp"],
  ["string", "string"],
  ["variable.other", "special"],
  ["support.variable", "special"],
];

const repository = grammar.repository as Record<string, Rule>;

function compile(rules: readonly Rule[]): Compiled[] {
  return rules.flatMap((rule): Compiled[] => {
    if (rule.include) {
      const included = repository[rule.include.slice(1)] ?? {};
      const isGroup = included.match === undefined && included.begin === undefined;
      return compile(isGroup ? (included.patterns ?? []) : [included]);
    }
    const source = rule.match ?? rule.begin;
    if (source === undefined) return [];
    const compiled: Compiled = { pattern: new RegExp(source, "dyu"), name: rule.name, captures: rule.captures ?? {} };
    if (rule.end !== undefined) {
      const inner = rule.patterns ?? [];
      let rules: Compiled[] | undefined;
      compiled.block = { end: new RegExp(rule.end, "yu"), rules: () => (rules ??= compile(inner)) };
    }
    return [compiled];
  });
}

const outermost = compile(grammar.patterns as Rule[]);

function styled(name: string | undefined): string | null {
  return STYLES.find(([scope]) => name?.startsWith(scope))?.[1] ?? null;
}

/** Matches a pattern at a column. */
function matched(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function token(stream: StringStream, state: State): string | null {
  const part = state.parts.shift();
  if (part) {
    stream.pos = part.end;
    return styled(part.name);
  }
  const block = state.blocks.at(-1);
  if (block) {
    const end = matched(block.end, stream.string, stream.pos);
    if (end) {
      state.blocks.pop();
      if (end[0].length > 0) {
        stream.pos += end[0].length;
        return styled(block.name);
      }
      return token(stream, state);
    }
  }
  for (const { pattern, name, captures, block: opened } of block?.rules ?? outermost) {
    const match = matched(pattern, stream.string, stream.pos);
    if (!match || match[0].length === 0) continue;
    const end = stream.pos + match[0].length;
    if (opened) state.blocks.push({ name, end: opened.end, rules: opened.rules() });
    let at = stream.pos;
    for (const [number, capture] of Object.entries(captures)) {
      const range = match.indices?.[Number(number)];
      if (!range) continue;
      if (range[0] > at) state.parts.push({ end: range[0], name });
      state.parts.push({ end: range[1], name: capture.name });
      at = range[1];
    }
    if (at < end) state.parts.push({ end, name });
    return token(stream, state);
  }
  stream.next();
  return styled(block?.name);
}

export const policyLanguage = StreamLanguage.define<State>({
  name: "policy",
  startState: () => ({ blocks: [], parts: [] }),
  copyState: ({ blocks, parts }) => ({ blocks: [...blocks], parts: [...parts] }),
  token(stream, state) {
    if (stream.sol()) state.parts = [];
    // A block that ends at the end of the line has an empty match there, which no token has.
    const style = token(stream, state);
    const block = state.blocks.at(-1);
    if (stream.eol() && block?.end.source.includes("|$")) state.blocks.pop();
    return style;
  },
  languageData: { commentTokens: { line: "//", block: { open: "/*", close: "*/" } } },
  tokenTable: {
    docComment: tags.docComment,
    special: tags.special(tags.variableName),
    escape: tags.escape,
    regexp: tags.regexp,
    modifier: tags.modifier,
    definitionKeyword: tags.definitionKeyword,
    operatorKeyword: tags.operatorKeyword,
  } satisfies Record<string, Tag>,
});
