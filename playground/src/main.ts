// The page.

import type { CheckReport, Fix } from "../../crates/rolecall-wasm/npm/index.js";
import type { Actions } from "./actions.js";
import { Answers } from "./answers.js";
import { Content } from "./content.js";
import { Engine } from "./engine.js";
import { FileTabs } from "./files.js";
import { format, translate } from "./fileActions.js";
import { isPolicy } from "./editor.js";
import { notify } from "./notice.js";
import { Results } from "./results.js";
import { showRule } from "./rule.js";
import { showShare } from "./shareDialog.js";
import { TokenField } from "./tokenField.js";
import { createToolbar } from "./toolbar.js";
import { claimsText } from "./values.js";
import { byId } from "./dom.js";
import { Workspace } from "./workspace.js";

const engine = new Engine();
engine.load();

/** Handles a change of a file by the user. */
function edited(): void {
  content.edited();
  answers.filesChanged();
}

function applyFix(fix: Fix): void {
  if (answers.isFresh) workspace.edit(fix.edits);
  else notify("The files changed in the meantime: wait for the new findings.");
}

const actions: Actions = {
  jump: (range) => workspace.jump(range),
  useClaims(claims) {
    token.show(claimsText(claims));
    answers.tokenChanged();
    results.open("decisions");
  },
  applyFix,
  addTest(text) {
    const policies = workspace.names.filter(isPolicy);
    const name = isPolicy(workspace.active) ? workspace.active : policies.at(-1);
    const file = workspace.files().find((file) => file.name === name);
    if (!file) {
      notify("There is no file with policies: translate the documents first.");
      return;
    }
    workspace.replace(file.name, `${file.text.trimEnd()}\n\n${text}`);
    notify(`Added a test to \`${file.name}\`.`);
  },
  showRule: (name) => void showRule(engine, name),
  showFindings: () => results.open("findings"),
};

const workspace = new Workspace(
  byId("editor"),
  { changed: edited, shown: () => files.show(), format: () => void format(engine, workspace) },
  applyFix,
);
const token = new TokenField(() => answers.tokenChanged());
const files = new FileTabs(workspace, edited, {
  format: () => void format(engine, workspace),
  translate: () => void translate(engine, workspace, edited),
});
const results = new Results(engine, () => workspace.files(), actions, (report: CheckReport) => {
  workspace.underline(report);
  files.offerTranslation(report.coverage !== undefined);
});
const answers = new Answers(engine, () => ({ files: workspace.files(), token: token.text }), results);
const content = new Content(workspace, token, () => {
  files.show();
  answers.filesChanged();
});
createToolbar(content, () => showShare(workspace.files(), token.text));
void content.start().then(() => answers.now());
