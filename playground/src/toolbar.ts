// The buttons at the top of the page.

import type { Content } from "./content.js";
import { button, byId, h } from "./dom.js";
import { EXAMPLES } from "./examples.js";
import { showHelp } from "./help.js";

/** Creates the toolbar. */
export function createToolbar(content: Content, share: () => void): void {
  const menu = h("div", { id: "examples", class: "menu", popover: "auto" });
  const open = h("button", { type: "button", popovertarget: "examples", "aria-haspopup": "true" }, "Examples");
  menu.append(
    ...EXAMPLES.map((example) =>
      button(example.title, () => {
        menu.hidePopover();
        content.openExample(example);
      }),
    ),
  );
  // The menu is in the top layer, where only a script knows the place of its button.
  menu.addEventListener("beforetoggle", () => {
    const { bottom, right } = open.getBoundingClientRect();
    menu.style.top = `${bottom + 4}px`;
    menu.style.right = `${Math.max(8, document.documentElement.clientWidth - Math.max(right, 260))}px`;
  });
  byId("toolbar").append(
    h("span", { id: "earlier" }),
    open,
    menu,
    button("Share", share),
    button("Reset", () => content.reset()),
    button("Help", showHelp),
  );
}
