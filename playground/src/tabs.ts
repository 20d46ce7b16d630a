// Tabs with the keyboard of the ARIA pattern: arrows, Home and End select.

import { h } from "./dom.js";

export interface Tab {
  id: string;
  label: string;
  /** The id of the panel. */
  panel: string;
  /** A few characters behind the label, such as a number, and their words for screen readers. */
  mark?: { text: string; words: string; kind: "yes" | "no" | "doubt" | "plain" } | undefined;
}

export class Tabs {
  readonly element: HTMLElement;
  #tabs: Tab[] = [];
  #selected = "";

  /** `onselect` is called when the user selects a tab. */
  constructor(
    label: string,
    readonly prefix: string,
    readonly onselect: (id: string) => void,
  ) {
    this.element = h("div", { role: "tablist", class: "tabs", "aria-label": label });
    this.element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Shows tabs. */
  show(tabs: Tab[], selected: string): void {
    const isFocused = this.element.contains(document.activeElement);
    this.#tabs = tabs;
    this.#selected = selected;
    this.element.replaceChildren(...tabs.map((tab) => this.#button(tab)));
    if (isFocused) this.focus();
    const shown = this.element.querySelector<HTMLElement>("[aria-selected=true]");
    if (shown && this.element.scrollWidth > this.element.clientWidth) shown.scrollIntoView({ block: "nearest" });
  }

  focus(): void {
    this.element.querySelector<HTMLElement>("[aria-selected=true]")?.focus();
  }

  #button({ id, label, panel, mark }: Tab): HTMLElement {
    const isSelected = id === this.#selected;
    return h(
      "button",
      {
        type: "button",
        role: "tab",
        id: this.prefix + id,
        "aria-selected": String(isSelected),
        "aria-controls": panel,
        tabindex: isSelected ? 0 : -1,
        onclick: () => this.onselect(id),
      },
      label,
      mark && h("span", { class: `count ${mark.kind}`, "aria-hidden": "true" }, mark.text),
      mark && h("span", { class: "hidden" }, `: ${mark.words}`),
    );
  }

  #key(event: KeyboardEvent): void {
    const last = this.#tabs.length - 1;
    const at = this.#tabs.findIndex((tab) => tab.id === this.#selected);
    const next = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at === 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const tab = next === undefined ? undefined : this.#tabs[next];
    if (!tab || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.onselect(tab.id);
    this.focus();
  }
}
