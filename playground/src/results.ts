// The tabs of the results, and the answers in them.

import type { CheckReport, Claims, ExplainReport, File, TestReport } from "../../crates/rolecall-wasm/npm/index.js";
import type { Actions } from "./actions.js";
import type { Receivers } from "./answers.js";
import { button, byId } from "./dom.js";
import { Failure, type Engine } from "./engine.js";
import { empty, Panel } from "./panel.js";
import { StatementForm } from "./statement.js";
import { Tabs, type Tab } from "./tabs.js";
import { decisionsSummary, decisionsView } from "./view/decisions.js";
import { findingsSummary, findingsView } from "./view/findings.js";
import { testsSummary, testsView } from "./view/tests.js";
import { WitnessForm } from "./witnessForm.js";

type Mark = NonNullable<Tab["mark"]>;

export class Results implements Receivers {
  readonly #tabs: Tabs;
  readonly #decisions = new Panel("decisions");
  readonly #findings = new Panel("findings");
  readonly #statement: StatementForm;
  readonly #proofs: Panel;
  readonly #witness: WitnessForm;
  readonly #marks = new Map<string, Mark | undefined>();
  readonly #summaries = new Map<string, string>();
  #selected = "decisions";

  constructor(
    engine: Engine,
    files: () => File[],
    readonly actions: Actions,
    /** Called with the findings. */
    readonly onchecked: (report: CheckReport) => void,
  ) {
    this.#statement = new StatementForm(engine, files, actions);
    this.#proofs = new Panel("proofs", this.#statement.element);
    this.#witness = new WitnessForm(engine, files, actions);
    this.#tabs = new Tabs("Results", "tab-", (id) => this.select(id));
    byId("tabs").append(this.#tabs.element);
    const panels = [this.#decisions, this.#findings, this.#proofs, this.#witness.panel];
    byId("panels").append(...panels.map((panel) => panel.element));
    this.select("decisions");
  }

  /** Shows a tab. */
  select(id: string): void {
    this.#selected = id;
    for (const panel of byId("panels").children) (panel as HTMLElement).hidden = panel.id !== `panel-${id}`;
    if (id === "witness") void this.#witness.ask();
    this.#show();
  }

  /** Shows a tab, and moves the keyboard to it. */
  open(id: string): void {
    this.select(id);
    this.#tabs.focus();
    byId("results").scrollIntoView({ block: "nearest" });
  }

  stale(files: boolean): void {
    this.#decisions.stale();
    if (!files) return;
    this.#findings.stale();
    this.#proofs.stale();
    this.#witness.stale();
  }

  explained(answer: ExplainReport | Failure | undefined, claims: Claims | undefined): void {
    this.#summaries.set("decisions", answer && !(answer instanceof Failure) ? decisionsSummary(answer) : "");
    if (answer === undefined) {
      const choose = button("Find a token", () => this.open("witness"));
      this.#decisions.show(empty("Paste a token or its claims to see the decisions.", choose));
    } else if (answer instanceof Failure) {
      const isCompileError = answer.message === "the policies do not compile";
      this.#decisions.fail(answer, ...(isCompileError ? [button("Show the errors", () => this.open("findings"))] : []));
    } else this.#decisions.show(...decisionsView(this.actions, answer, claims));
  }

  checked(answer: CheckReport | Failure): void {
    if (answer instanceof Failure) {
      this.#set("findings", "", undefined);
      this.#findings.fail(answer);
      return;
    }
    const number = answer.findings.length;
    const isBad = answer.findings.some(({ severity }) => severity === "error" || severity === "high");
    const mark: Mark = { text: String(number), words: String(number), kind: isBad ? "no" : "doubt" };
    this.#set("findings", findingsSummary(answer), number > 0 ? mark : undefined);
    this.#findings.show(...findingsView(this.actions, answer));
    this.#witness.propose(answer.roles);
    this.#statement.propose(answer.roles[0]?.name);
    if (this.#selected === "witness") void this.#witness.ask();
    this.onchecked(answer);
  }

  tested(answer: TestReport | Failure): void {
    if (answer instanceof Failure || answer.errors.length > 0) {
      this.#set("proofs", "", undefined);
      if (answer instanceof Failure) this.#proofs.fail(answer);
      else this.#proofs.show(empty("The policies have errors.", button("Show the errors", () => this.open("findings"))));
      return;
    }
    const bad = answer.failed + answer.refuted;
    const words = `${bad} failed or refuted`;
    this.#set("proofs", testsSummary(answer), bad > 0 ? { text: String(bad), words, kind: "no" } : undefined);
    this.#proofs.show(...testsView(this.actions, answer));
  }

  others(): void {
    void this.#statement.again();
  }

  settled(): void {
    const summary = ["decisions", "findings", "proofs"].map((id) => this.#summaries.get(id) ?? "").filter(Boolean).join(" ");
    const place = byId("summary");
    if (place.textContent !== summary) place.textContent = summary;
  }

  #set(id: string, summary: string, mark: Mark | undefined): void {
    this.#summaries.set(id, summary);
    this.#marks.set(id, mark);
    this.#show();
  }

  #show(): void {
    const tab = (id: string, label: string): Tab => ({ id, label, panel: `panel-${id}`, mark: this.#marks.get(id) });
    const tabs = [tab("decisions", "Decisions"), tab("findings", "Findings"), tab("proofs", "Tests and proofs"), tab("witness", "Witness")];
    this.#tabs.show(tabs, this.#selected);
  }
}
