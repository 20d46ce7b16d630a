// Formatting and translation of files.

import type { Engine } from "./engine.js";
import { isPolicy } from "./editor.js";
import { Failure, Replaced } from "./engine.js";
import { freeName } from "./files.js";
import { notify } from "./notice.js";
import { MAX_FILES } from "./share.js";
import type { Workspace } from "./workspace.js";

/** Formats the file in the editor. */
export async function format(engine: Engine, workspace: Workspace): Promise<void> {
  const name = workspace.active;
  const file = workspace.files().find((file) => file.name === name);
  if (!file || !isPolicy(name)) return;
  await report(async () => {
    const text = await engine.ask("format", "format", file);
    const now = workspace.files().find((file) => file.name === name);
    if (now?.text !== file.text) return;
    if (text === file.text) notify(`\`${name}\` is formatted.`);
    else workspace.replace(name, text);
  });
}

/** Adds the policies that mean the same as the documents. */
export async function translate(engine: Engine, workspace: Workspace, changed: () => void): Promise<void> {
  await report(async () => {
    const files = workspace.files();
    const { files: policies, roles } = await engine.ask("import", "importDocuments", { files });
    if (workspace.names.length + policies.length > MAX_FILES) {
      throw new Failure(`the page has at most ${MAX_FILES} files`, "delete some first");
    }
    for (const { name, text } of policies) {
      const stem = name.replace(/\.policy$/, "").replaceAll(/[^\w.-]+/g, "-");
      workspace.insert({ name: freeName(stem, workspace.names), text }, workspace.names.length);
    }
    changed();
    const left = roles.filter((role) => role.name === undefined).map(({ source, reason }) => `\`${source}\`: ${reason ?? "not translated"}`);
    const documents = workspace.names.filter((name) => !isPolicy(name));
    const remove = () => {
      for (const name of documents) workspace.remove(name);
      changed();
    };
    const message = `Added ${policies.map(({ name }) => `\`${name}\``).join(", ")}. ${left.join("; ")}`;
    notify(message, ...(documents.length > 0 ? [{ label: "Remove the documents", act: remove }] : []));
  });
}

/** Does something, and shows its failure. */
async function report(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (error instanceof Replaced) return;
    if (!(error instanceof Failure)) throw error;
    notify(error.help === undefined ? error.message : `${error.message}: ${error.help}`);
  }
}
