// Elements whose texts are never markup.

type Child = Node | string | null | undefined | false;

/** Attributes. One that is `undefined` or `false` is absent. */
interface Properties {
  [attribute: string]: string | number | boolean | undefined | (() => void);
  onclick?: () => void;
}

/** Control characters, characters that hide or reorder text, and spaces that look like others or like nothing. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/** Escapes the characters of a text that are not visible. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`);
}

/** Creates an element. Texts are shown as they are, with escapes for invisible characters. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties | null,
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (typeof value === "boolean") element.toggleAttribute(name, value);
    else if (value !== undefined) element.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child) element.append(typeof child === "string" ? visible(child) : child);
  }
  return element;
}

/** Returns the element of the page with an id. */
export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element \`${id}\``);
  return element as T;
}

/** Creates a button. */
export function button(label: string, onclick: () => void, properties: Properties = {}): HTMLButtonElement {
  return h("button", { type: "button", ...properties, onclick }, label);
}

/** Shows a message, whose parts in backticks are code. */
export function words(message: string): DocumentFragment {
  const fragment = document.createDocumentFragment();
  message.split("`").forEach((part, index) => {
    if (part) fragment.append(index % 2 === 1 ? h("code", null, part) : visible(part));
  });
  return fragment;
}

/** Shows text of several lines. */
export function lines(text: string): HTMLPreElement {
  const pre = h("pre", null);
  pre.textContent = text.split("\n").map(visible).join("\n");
  return pre;
}

/** Shows an outcome: green, red or yellow, and always in words. */
export function badge(kind: "yes" | "no" | "doubt" | "plain", text: string): HTMLElement {
  return h("span", { class: `badge ${kind}` }, text);
}

/** Copies a text, and reports the success for a moment in the label of the button. */
export async function copy(text: string, from: HTMLButtonElement): Promise<void> {
  const label = from.textContent ?? "";
  try {
    await navigator.clipboard.writeText(text);
    from.textContent = "Copied";
  } catch {
    from.textContent = "The browser does not allow it";
  }
  setTimeout(() => (from.textContent = label), 1500);
}
