// The tabs of the files and their buttons.

import { askText } from "./dialog.js";
import { button, byId } from "./dom.js";
import { isPolicy } from "./editor.js";
import { notify } from "./notice.js";
import { isName, MAX_FILES } from "./share.js";
import { Tabs } from "./tabs.js";
import type { Workspace } from "./workspace.js";

export class FileTabs {
  readonly #tabs: Tabs;
  readonly #translate: HTMLButtonElement;
  readonly #remove: HTMLButtonElement;
  readonly #format: HTMLButtonElement;

  constructor(
    readonly workspace: Workspace,
    readonly changed: () => void,
    actions: { format: () => void; translate: () => void },
  ) {
    this.#tabs = new Tabs("Files", "file-", (name) => workspace.show(name));
    byId("files").append(this.#tabs.element);
    this.#format = button("Format", actions.format, { title: "Ctrl-S" });
    this.#translate = button("Translate to policies", actions.translate, { class: "main" });
    this.#remove = button("Delete", () => this.#delete());
    byId("file-buttons").append(
      this.#translate,
      this.#format,
      button("Add", () => this.#add(), { "aria-label": "Add a file" }),
      button("Rename", () => this.#rename(), { "aria-label": "Rename the file" }),
      this.#remove,
    );
    this.#remove.setAttribute("aria-label", "Delete the file");
    this.#translate.hidden = true;
  }

  /** Shows the tabs of the files. */
  show(): void {
    const { names, active } = this.workspace;
    this.#tabs.show(
      names.map((name) => ({ id: name, label: name, panel: "editor" })),
      active,
    );
    byId("editor").setAttribute("aria-labelledby", `file-${active}`);
    this.#remove.disabled = names.length === 1;
    this.#format.hidden = !isPolicy(active);
  }

  /** Shows whether there are documents to translate. */
  offerTranslation(hasDocuments: boolean): void {
    this.#translate.hidden = !hasDocuments;
  }

  /** Returns why a file cannot have a name. */
  #fault(name: string): string | undefined {
    if (!isName(name)) return "Use up to 100 letters, digits, dots, hyphens and underscores.";
    return this.workspace.names.includes(name) ? "There is a file with this name." : undefined;
  }

  #add(): void {
    if (this.workspace.names.length >= MAX_FILES) {
      notify(`The page has at most ${MAX_FILES} files.`);
      return;
    }
    const proposed = freeName("policy", this.workspace.names);
    const label = "Name, which ends in .policy for policies, and in .json or .tf, say, for a cloud's documents";
    askText("Add a file", label, proposed, (name) => this.#fault(name), (name) => {
      const text = isPolicy(name) ? "edition 2026\n\n" : "";
      this.workspace.insert({ name, text }, this.workspace.names.length);
      this.changed();
      this.workspace.focus();
    });
  }

  #rename(): void {
    const from = this.workspace.active;
    const fault = (name: string) => (name === from ? undefined : this.#fault(name));
    askText("Rename the file", "Name", from, fault, (name) => {
      if (name !== from) this.workspace.rename(from, name);
      this.changed();
    });
  }

  #delete(): void {
    const removed = this.workspace.remove(this.workspace.active);
    if (!removed) return;
    this.changed();
    const undo = () => {
      const name = freeName(removed.file.name.replace(/\.policy$/, ""), this.workspace.names, removed.file.name);
      this.workspace.insert({ ...removed.file, name }, removed.at);
      this.changed();
    };
    notify(`Deleted \`${removed.file.name}\`.`, { label: "Undo", act: undo });
    this.#tabs.focus();
  }
}

/** Returns a name that no file has. */
export function freeName(stem: string, names: readonly string[], first = `${stem}.policy`): string {
  let name = first;
  for (let number = 2; names.includes(name); number += 1) name = `${stem}-${number}.policy`;
  return name;
}
