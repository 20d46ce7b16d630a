// The statement of the user, which is proved or refuted.

import type { File, ProveReport } from "../../crates/rolecall-wasm/npm/index.js";
import type { Actions } from "./actions.js";
import { button, h, words } from "./dom.js";
import { Replaced, type Engine } from "./engine.js";
import { failure } from "./panel.js";
import { assertionView } from "./view/proofs.js";

export class StatementForm {
  readonly element: HTMLElement;
  readonly #input: HTMLInputElement;
  readonly #result = h("div", { class: "answer", "aria-live": "polite" });
  readonly #examples = h("p", { class: "faint chips" });
  /** The statement that the result is about. */
  #proved = "";

  constructor(
    readonly engine: Engine,
    readonly files: () => File[],
    readonly actions: Actions,
  ) {
    this.#input = h("input", {
      type: "text",
      id: "statement",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      placeholder: 'deploy implies project under "acme"',
    });
    this.element = h(
      "form",
      { class: "ask" },
      h("label", { for: "statement" }, "Statement about all tokens"),
      h("div", { class: "field" }, this.#input, h("button", { type: "submit", class: "main" }, "Prove")),
      this.#examples,
      this.#result,
    );
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#proved = this.#input.value.trim();
      void this.again();
    });
  }

  /** Proposes statements about a role. */
  propose(role: string | undefined): void {
    const statements = role === undefined || !/^[\w-]+$/.test(role) ? [] : [`possible ${role}`, `${role} implies has ref`];
    const chips = statements.map((statement) =>
      button(
        statement,
        () => {
          this.#input.value = statement;
          this.#proved = statement;
          void this.again();
        },
        { class: "chip" },
      ),
    );
    const buttons = chips.flatMap((chip) => [" ", chip]);
    this.#examples.replaceChildren(...(chips.length > 0 ? ["Try", ...buttons] : []));
  }

  /** Proves the last statement again, for other files. */
  async again(): Promise<void> {
    const statement = this.#proved;
    if (statement === "") {
      this.#result.replaceChildren();
      return;
    }
    this.#result.setAttribute("aria-busy", "true");
    try {
      const report = await this.engine.ask("prove", "prove", { files: this.files(), statement });
      this.#show(report);
    } catch (error) {
      if (error instanceof Replaced) return;
      this.#show(failure(error));
    }
  }

  #show(answer: ProveReport | HTMLElement): void {
    const isFocused = this.#result.contains(document.activeElement);
    this.#result.removeAttribute("aria-busy");
    if (answer instanceof HTMLElement) this.#result.replaceChildren(answer);
    else {
      const errors = answer.errors.map((error) =>
        h("div", { class: "failure" }, h("p", null, words(error.message)), error.help !== null && h("p", { class: "faint" }, words(error.help))),
      );
      const results = answer.assertions.map((assertion) => assertionView(this.actions, assertion, true));
      this.#result.replaceChildren(...errors, ...(results.length > 0 ? [h("ul", { class: "plain" }, ...results)] : []));
    }
    if (isFocused) this.#input.focus();
  }
}
