// The field with a token or claims.

import { claimsJson, isToken } from "./claims.js";
import { button, byId } from "./dom.js";
import type { Example } from "./examples.js";

export class TokenField {
  readonly #field = byId<HTMLTextAreaElement>("token");
  readonly #buttons = byId("token-buttons");
  readonly #decode: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  #tokens: Example["tokens"] = [];

  constructor(readonly changed: () => void) {
    this.#decode = button("Show claims", () => this.#showClaims(), { title: "Replaces the token by its claims, to edit them" });
    this.#clear = button("Clear", () => this.#set(""), { "aria-label": "Clear the token" });
    this.#field.addEventListener("input", () => {
      this.#update();
      changed();
    });
    this.show("", []);
  }

  get text(): string {
    return this.#field.value.trim();
  }

  /** Shows a token and the tokens of an example. */
  show(text: string, tokens: Example["tokens"] = this.#tokens): void {
    this.#tokens = tokens;
    this.#field.value = text;
    const examples = tokens.map(({ title, text }) => button(title, () => this.#set(text), { class: "chip" }));
    this.#buttons.replaceChildren(...examples, this.#decode, this.#clear);
    this.#update();
  }

  #set(text: string): void {
    this.#field.value = text;
    this.#update();
    this.changed();
    if (text === "") this.#field.focus();
  }

  #showClaims(): void {
    const claims = claimsJson(this.text);
    if (claims === undefined) return;
    this.#set(claims);
    this.#field.focus();
  }

  #update(): void {
    this.#decode.hidden = !isToken(this.text) || claimsJson(this.text) === undefined;
    this.#clear.hidden = this.text === "";
    const shown = this.#tokens.findIndex(({ text }) => text.trim() === this.text);
    this.#buttons.querySelectorAll(".chip").forEach((chip, index) => chip.setAttribute("aria-pressed", String(index === shown)));
  }
}
