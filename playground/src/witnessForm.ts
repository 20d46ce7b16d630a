// The choice of the role whose tokens are computed.

import type { CheckReport, File } from "../../crates/rolecall-wasm/npm/index.js";
import type { Actions } from "./actions.js";
import { h } from "./dom.js";
import { Replaced, type Engine } from "./engine.js";
import { empty, Panel } from "./panel.js";
import { witnessView } from "./view/witness.js";

export class WitnessForm {
  readonly panel: Panel;
  readonly #select: HTMLSelectElement;
  #isStale = true;

  constructor(
    readonly engine: Engine,
    readonly files: () => File[],
    readonly actions: Actions,
  ) {
    this.#select = h("select", { id: "witness-role" });
    this.#select.addEventListener("change", () => {
      this.stale();
      void this.ask();
    });
    const field = h("div", { class: "field" }, this.#select);
    this.panel = new Panel("witness", h("div", { class: "ask" }, h("label", { for: "witness-role" }, "Tokens that get the role"), field));
  }

  /** Proposes the roles of the policies. */
  propose(roles: CheckReport["roles"]): void {
    const selected = this.#select.value;
    const names = roles.map((role) => role.name);
    const option = (name: string) => h("option", { value: name }, name);
    this.#select.replaceChildren(...names.map(option), ...(names.length > 1 ? [h("option", { value: "*" }, "all roles")] : []));
    if (names.includes(selected) || selected === "*") this.#select.value = selected;
    this.#select.disabled = names.length === 0;
  }

  /** Marks the tokens as those of earlier policies. */
  stale(): void {
    this.#isStale = true;
    this.panel.stale();
  }

  /** Asks for the tokens, unless they are there. */
  async ask(): Promise<void> {
    if (!this.#isStale) return;
    this.#isStale = false;
    const role = this.#select.value;
    if (role === "") {
      this.panel.show(empty("The policies have no roles, or have errors."));
      return;
    }
    try {
      const report = await this.engine.ask("witness", "witness", { files: this.files(), role, nearMiss: true });
      this.panel.show(...witnessView(this.actions, report));
    } catch (error) {
      if (!(error instanceof Replaced)) this.panel.fail(error);
    }
  }
}
