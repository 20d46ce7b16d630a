// The files, and the editor that shows one of them.

import { setDiagnostics } from "@codemirror/lint";
import { EditorSelection, type EditorState, type TransactionSpec } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import type { CheckReport, Edit, File, Fix, Range } from "../../crates/rolecall-wasm/npm/index.js";
import { diagnostics } from "./diagnostics.js";
import { h } from "./dom.js";
import { editorState, type Commands } from "./editor.js";
import { positions } from "./positions.js";

/** A removed file, and its index. */
export interface Removed {
  file: File;
  at: number;
}

export class Workspace {
  readonly #view: EditorView;
  #states = new Map<string, EditorState>();
  #active = "";

  constructor(
    parent: HTMLElement,
    readonly commands: Commands,
    readonly applyFix: (fix: Fix) => void,
  ) {
    // In a shadow root, the editor's styles are constructed style sheets, which the content security policy lets pass.
    const root = parent.attachShadow({ mode: "open" });
    this.#view = new EditorView({ parent: root, root });
    root.append(h("p", { id: "help", hidden: true }, "Tab indents. Press Escape, then Tab, to leave the editor."));
  }

  get active(): string {
    return this.#active;
  }

  get names(): string[] {
    return [...this.#states.keys()];
  }

  /** Returns the files with their current texts. */
  files(): File[] {
    this.#keep();
    return [...this.#states].map(([name, state]) => ({ name, text: state.doc.toString() }));
  }

  /** Replaces all files. */
  open(files: readonly File[]): void {
    this.#states = new Map(files.map(({ name, text }) => [name, editorState(name, text, this.commands)]));
    this.#active = "";
    this.show(files[0]?.name ?? "");
  }

  /** Shows a file in the editor. */
  show(name: string): void {
    this.#keep();
    const state = this.#states.get(name);
    if (!state) return;
    this.#active = name;
    this.#view.setState(state);
    this.commands.shown();
  }

  focus(): void {
    this.#view.focus();
  }

  /** Adds a file at an index, and shows it. */
  insert({ name, text }: File, at: number): void {
    this.#keep();
    const entries = [...this.#states];
    entries.splice(at, 0, [name, editorState(name, text, this.commands)]);
    this.#states = new Map(entries);
    this.show(name);
  }

  /** Removes a file, and shows the one beside it. */
  remove(name: string): Removed | undefined {
    this.#keep();
    const at = this.names.indexOf(name);
    const state = this.#states.get(name);
    if (!state || this.#states.size === 1) return undefined;
    this.#states.delete(name);
    if (this.#active === name) {
      this.#active = "";
      this.show(this.names[Math.min(at, this.#states.size - 1)] ?? "");
    }
    return { file: { name, text: state.doc.toString() }, at };
  }

  rename(from: string, to: string): void {
    const files = this.files();
    const at = files.findIndex((file) => file.name === from);
    const file = files[at];
    if (!file) return;
    this.#states.delete(from);
    this.#active = "";
    this.insert({ name: to, text: file.text }, at);
  }

  /** Replaces the text of a file, as one step that can be undone. */
  replace(name: string, text: string): void {
    this.#update(name, (state) => ({ changes: { from: 0, to: state.doc.length, insert: text } }));
  }

  /** Replaces ranges of files. */
  edit(edits: readonly Edit[]): void {
    for (const name of new Set(edits.map((edit) => edit.file))) {
      const own = edits.filter((edit) => edit.file === name);
      this.#update(name, (state) => ({
        changes: own.map((edit) => ({ ...positions(state.doc, edit), insert: edit.text })),
      }));
    }
  }

  /** Selects a range in the editor. */
  jump(range: Range): void {
    if (!this.#states.has(range.file)) return;
    if (range.file !== this.#active) this.show(range.file);
    const { from, to } = positions(this.#view.state.doc, range);
    this.#view.dispatch({
      selection: EditorSelection.single(from, to),
      effects: EditorView.scrollIntoView(from, { y: "center" }),
    });
    this.#view.focus();
  }

  /** Underlines the findings. */
  underline(report: CheckReport): void {
    for (const name of this.names) {
      this.#update(name, (state) => setDiagnostics(state, diagnostics(report, name, state.doc, this.applyFix)));
    }
  }

  #update(name: string, change: (state: EditorState) => TransactionSpec): void {
    if (name === this.#active) {
      this.#view.dispatch(change(this.#view.state));
      return;
    }
    const state = this.#states.get(name);
    if (!state) return;
    const { state: changed, docChanged } = state.update(change(state));
    this.#states.set(name, changed);
    if (docChanged) this.commands.changed();
  }

  /** Keeps the state of the file that the editor shows. */
  #keep(): void {
    if (this.#states.has(this.#active)) this.#states.set(this.#active, this.#view.state);
  }
}
