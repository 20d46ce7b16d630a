// Dialogs.

import { button, h } from "./dom.js";

/** Opens a dialog, which Escape and its button close. */
export function openDialog(title: string, ...content: Node[]): HTMLDialogElement {
  const dialog = h(
    "dialog",
    { "aria-label": title },
    h("div", { class: "bar" }, h("h2", null, title), button("Close", () => dialog.close())),
    h("div", { class: "content" }, ...content),
  );
  dialog.addEventListener("close", () => dialog.remove());
  // A click beside the dialog is a click on its backdrop.
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Asks for one line of text. `fault` returns why a text is not accepted. */
export function askText(
  title: string,
  label: string,
  value: string,
  fault: (text: string) => string | undefined,
  accept: (text: string) => void,
): void {
  const input = h("input", { id: "asked", type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": "asked-fault" });
  input.value = value;
  const message = h("p", { id: "asked-fault", class: "fault", role: "alert" });
  const form = h(
    "form",
    null,
    h("label", { for: "asked" }, label),
    input,
    message,
    h("div", { class: "buttons" }, h("button", { type: "submit", class: "main" }, title)),
  );
  const dialog = openDialog(title, form);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    const found = fault(text);
    message.textContent = found ?? "";
    if (found !== undefined) return;
    dialog.close();
    accept(text);
  });
  input.focus();
  const dot = value.lastIndexOf(".");
  input.setSelectionRange(0, dot > 0 ? dot : value.length);
}
