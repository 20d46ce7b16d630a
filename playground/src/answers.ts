// The answers to the inputs: they are asked again after each change.

import type { CheckReport, Claims, ExplainReport, File, TestReport } from "../../crates/rolecall-wasm/npm/index.js";
import { claimsOf, isToken } from "./claims.js";
import { Failure, Replaced, type Engine } from "./engine.js";

/** Pause after the last key before questions are asked, in milliseconds. */
const PAUSE = 150;

/** The receivers of answers. */
export interface Receivers {
  /** Inputs have changed. Without `files`, only the token has. */
  stale(files: boolean): void;
  explained(answer: ExplainReport | Failure | undefined, claims: Claims | undefined): void;
  checked(answer: CheckReport | Failure): void;
  tested(answer: TestReport | Failure): void;
  /** The other questions about the files can be asked. */
  others(): void;
  /** All answers are there. */
  settled(): void;
}

export class Answers {
  #timer = 0;
  #hasNewFiles = false;
  /** The number of changes. */
  #change = 0;
  /** The number of questions about the token. */
  #explained = 0;
  /** The change that the findings are about. */
  #checked = -1;

  constructor(
    readonly engine: Engine,
    readonly inputs: () => { files: File[]; token: string },
    readonly receivers: Receivers,
  ) {}

  /** True if the findings are about the current files. */
  get isFresh(): boolean {
    return !this.#hasNewFiles && this.#checked === this.#change;
  }

  filesChanged(): void {
    this.#change += 1;
    this.#hasNewFiles = true;
    this.#soon();
  }

  tokenChanged(): void {
    this.#soon();
  }

  #soon(): void {
    this.receivers.stale(this.#hasNewFiles);
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.now(), PAUSE);
  }

  /** Asks at once. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    const { engine, receivers } = this;
    const { files, token } = this.inputs();
    const claims = claimsOf(token);
    const asked: Promise<boolean>[] = [];
    // The decisions first: they are what the reader waits for.
    asked.push(
      answered(this.#explain(files, token, claims), (answer) => receivers.explained(answer, claims)),
    );
    if (this.#hasNewFiles) {
      this.#hasNewFiles = false;
      const change = this.#change;
      const today = new Date().toISOString().slice(0, 10);
      asked.push(
        answered(engine.ask("check", "check", { files, today }), (answer) => {
          this.#checked = change;
          receivers.checked(answer);
        }),
        answered(engine.ask("test", "test", { files }), (answer) => receivers.tested(answer)),
      );
      receivers.others();
    }
    const all = await Promise.all(asked);
    if (all.every(Boolean)) receivers.settled();
  }

  async #explain(files: File[], token: string, claims: Claims | undefined): Promise<ExplainReport | undefined> {
    this.#explained += 1;
    const number = this.#explained;
    const answer = await this.#asked(files, token, claims);
    if (number !== this.#explained) throw new Replaced();
    return answer;
  }

  async #asked(files: File[], token: string, claims: Claims | undefined): Promise<ExplainReport | undefined> {
    if (token === "") return undefined;
    if (claims && claims["iss"] === undefined) {
      throw new Failure("the claims have no `iss`", "add it: the `url` of an issuer in the policies");
    }
    return this.engine.ask("explain", "explain", isToken(token) ? { files, token } : { files, claims: token });
  }
}

/** Gives an answer or a failure to a receiver. Returns false if a newer question replaced this one. */
async function answered<T>(asked: Promise<T>, receive: (answer: T | Failure) => void): Promise<boolean> {
  let answer: T | Failure;
  try {
    answer = await asked;
  } catch (error) {
    if (error instanceof Replaced) return false;
    if (!(error instanceof Failure)) throw error;
    answer = error;
  }
  receive(answer);
  return true;
}
