// The page of a rule in a dialog.

import { openDialog } from "./dialog.js";
import { h } from "./dom.js";
import type { Engine } from "./engine.js";
import { markdown } from "./markdown.js";
import { failure } from "./panel.js";

/** Shows the page of a rule. */
export async function showRule(engine: Engine, name: string): Promise<void> {
  const content = h("div", { class: "page", "aria-live": "polite" }, "Loading…");
  openDialog(name, content);
  try {
    const { page } = await engine.ask("rule", "rule", name);
    content.replaceChildren(...markdown(page));
  } catch (error) {
    content.replaceChildren(failure(error));
  }
}
