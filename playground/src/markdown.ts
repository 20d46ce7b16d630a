// The Markdown of rule pages: headings, paragraphs, lists, code and links.
//
// It creates elements, and no markup: the page's content security policy forbids scripts to write HTML, as libraries do.

import { h, lines, visible } from "./dom.js";

/** Creates the elements of a text. Its main heading is left out: the dialog shows it. */
export function markdown(text: string): Node[] {
  const nodes: Node[] = [];
  for (const block of blocks(text)) {
    const heading = /^(#+) (.*)$/.exec(block);
    if (block.startsWith("```")) nodes.push(lines(block.replace(/^```.*\n/, "").replace(/\n?```$/, "")));
    else if (heading) {
      if (heading[1] !== "#") nodes.push(h("h3", null, ...inline(heading[2] ?? "")));
    } else if (block.startsWith("- ")) {
      const items = block.slice(2).split(/\n- /);
      nodes.push(h("ul", null, ...items.map((item) => h("li", null, ...inline(item)))));
    } else nodes.push(h("p", null, ...inline(block)));
  }
  return nodes;
}

/** Returns the blocks between empty lines. An empty line in code does not end it. */
function blocks(text: string): string[] {
  const parts = text.split(/^(```[\s\S]*?^```)$/m);
  return parts.flatMap((part) => (part.startsWith("```") ? [part] : part.split(/\n{2,}/))).flatMap((part) => {
    const block = part.startsWith("```") ? part : part.trim();
    return block === "" ? [] : [block];
  });
}

/** Creates the nodes of a text with code and links. */
function inline(text: string): (Node | string)[] {
  const flat = text.replace(/\s*\n\s*/g, " ");
  return flat.split(/(`[^`]+`|\[(?:[^\]`]|`[^`]*`)+\]\([^)\s]+\))/).map((part) => {
    if (/^`.+`$/.test(part)) return h("code", null, part.slice(1, -1));
    const link = /^\[(.+)\]\((https:\/\/[^)]+)\)$/.exec(part);
    if (link) return h("a", { href: link[2], target: "_blank", rel: "noopener" }, ...inline(link[1] ?? ""));
    const other = /^\[(.+)\]\([^)]+\)$/.exec(part);
    return other ? visible(other[1] ?? "") : part;
  });
}
