// Opening of files: drafts, examples and links. The user's own files are kept.

import type { File } from "../../crates/rolecall-wasm/npm/index.js";
import { byId, button } from "./dom.js";
import * as draft from "./draft.js";
import { EXAMPLES, type Example } from "./examples.js";
import { notify } from "./notice.js";
import { isShared, read } from "./share.js";
import type { TokenField } from "./tokenField.js";
import type { Workspace } from "./workspace.js";

/** Pause after the last change before the files are stored, in milliseconds. */
const PAUSE = 300;

export class Content {
  #example: Example | undefined;
  #isEdited = false;
  #earlier: File[] | undefined;
  #timer = 0;
  #canStore = true;

  constructor(
    readonly workspace: Workspace,
    readonly token: TokenField,
    readonly changed: () => void,
  ) {
    addEventListener("hashchange", () => void this.#openLink());
    addEventListener("pagehide", () => this.#save());
  }

  /** Opens the link, the draft or an example. */
  async start(): Promise<void> {
    const stored = draft.load();
    this.#example = stored ? EXAMPLES.find(({ name }) => name === stored.example) : EXAMPLES[0];
    this.#isEdited = stored?.isEdited ?? false;
    this.#earlier = stored?.earlier;
    const files = stored?.files ?? this.#example?.files ?? [];
    const hasLink = isShared(location.hash);
    this.#show(files, this.#example?.tokens[0]?.text ?? "", !hasLink);
    if (hasLink && !(await this.#openLink())) this.changed();
  }

  /** Notes a change by the user. */
  edited(): void {
    this.#isEdited = true;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#save(), PAUSE);
  }

  openExample(example: Example): void {
    this.#open(example.files, example.tokens[0]?.text ?? "", example, `Opened the example “${example.title}”.`);
  }

  /** Deletes what is stored, and begins anew. */
  reset(): void {
    const files = this.workspace.files();
    const [earlier, wasEdited, example, token] = [this.#earlier, this.#isEdited, this.#example, this.token.text];
    this.#earlier = undefined;
    this.#isEdited = false;
    this.#example = EXAMPLES[0];
    this.#show(this.#example?.files ?? [], this.#example?.tokens[0]?.text ?? "");
    clearTimeout(this.#timer);
    draft.clear();
    const undo = () => {
      [this.#earlier, this.#isEdited, this.#example] = [earlier, wasEdited, example];
      this.#show(files, token);
      this.#save();
    };
    notify("Deleted the stored files.", { label: "Undo", act: undo });
  }

  /** Opens the link of the page. Anybody may have written it. */
  async #openLink(): Promise<boolean> {
    const { hash } = location;
    if (!isShared(hash)) return false;
    const shared = await read(hash);
    // The files are stored from here on: a reload must not open the link again, over the changes.
    history.replaceState(null, "", location.pathname + location.search);
    if (!shared) {
      notify("The link is damaged or too large, and was not opened.");
      return false;
    }
    this.#open(shared.files, shared.claims ?? "", undefined, "Opened the files of the link.");
    return true;
  }

  #open(files: readonly File[], token: string, example: Example | undefined, message: string): void {
    // Files that were opened and not changed are not the user's.
    if (this.#isEdited) this.#earlier = this.workspace.files();
    this.#isEdited = false;
    this.#example = example;
    this.#show(files, token);
    this.#save();
    if (this.#earlier) notify(`${message} Your own files are kept.`, { label: "Go back to them", act: () => this.#goBack() });
    else notify(message);
  }

  #goBack(): void {
    const files = this.#earlier;
    if (!files) return;
    this.#earlier = undefined;
    const opened = this.#isEdited ? this.workspace.files() : undefined;
    this.#example = undefined;
    this.#isEdited = true;
    this.#earlier = opened;
    this.#show(files, "");
    this.#save();
  }

  #show(files: readonly File[], token: string, isNew = true): void {
    this.workspace.open(files);
    this.token.show(token, this.#example?.tokens ?? []);
    this.#offerEarlier();
    if (isNew) this.changed();
  }

  #offerEarlier(): void {
    byId("earlier").replaceChildren(...(this.#earlier ? [button("My earlier files", () => this.#goBack())] : []));
  }

  #save(): void {
    clearTimeout(this.#timer);
    if (!this.#isEdited && !this.#earlier && this.#example === EXAMPLES[0]) {
      draft.clear();
      return;
    }
    const { name: example } = this.#example ?? {};
    const stored = draft.save({ files: this.workspace.files(), example, isEdited: this.#isEdited, earlier: this.#earlier });
    if (!stored && this.#canStore) notify("The browser does not store the files: they are lost when the page is closed.");
    this.#canStore = stored;
  }
}
