// Syntax highlighting of documents in other languages: JSON, HCL and their like.

import { StreamLanguage } from "@codemirror/language";

const WORDS = /^(?:true|false|null)\b/;

export const documentLanguage = StreamLanguage.define({
  name: "document",
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^(?:#|\/\/).*/)) return "comment";
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/)) return stream.match(/^\s*[:=]/, false) ? "propertyName" : "string";
    if (stream.match(WORDS)) return "bool";
    if (stream.match(/^-?\d[\d.eE+-]*/)) return "number";
    if (stream.match(/^[\w-]+(?=\s*[:={])/)) return "propertyName";
    if (!stream.match(/^[\w-]+/)) stream.next();
    return null;
  },
  languageData: { commentTokens: { line: "#" } },
});
