// The panels of results.

import { h, words } from "./dom.js";
import { Failure } from "./engine.js";

/** A panel: inputs that stay, and results that are replaced. */
export class Panel {
  readonly element: HTMLElement;
  readonly #results = h("div", { class: "answer" });

  constructor(id: string, ...inputs: Node[]) {
    const labelled = { "aria-labelledby": `tab-${id}` };
    this.element = h("div", { id: `panel-${id}`, class: "panel", role: "tabpanel", tabindex: 0, ...labelled }, ...inputs);
    this.element.append(this.#results);
    this.stale();
  }

  /** Marks the results as those of earlier inputs. */
  stale(): void {
    this.#results.setAttribute("aria-busy", "true");
  }

  /** Shows results. */
  show(...results: Node[]): void {
    // An element with the focus goes away: the keyboard goes on from the panel.
    const isFocused = this.#results.contains(document.activeElement);
    this.#results.replaceChildren(...results);
    this.#results.removeAttribute("aria-busy");
    if (isFocused) this.element.focus();
  }

  /** Shows why there are no results. */
  fail(error: unknown, ...actions: Node[]): void {
    this.show(failure(error), ...actions);
  }
}

/** Creates the message of an error. */
export function failure(error: unknown): HTMLElement {
  const { message, help } = error as Failure;
  return h("div", { class: "failure" }, h("p", null, words(message)), help !== undefined && h("p", { class: "faint" }, words(help)));
}

/** Creates a text for a place without results. */
export function empty(message: string, ...actions: Node[]): HTMLElement {
  return h("div", { class: "empty" }, h("p", null, words(message)), ...actions);
}
