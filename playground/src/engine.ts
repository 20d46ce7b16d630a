// The worker with the WebAssembly, and its time limit.

import type { Questions } from "../../crates/rolecall-wasm/npm/questions.js";

export interface Request {
  id: number;
  question: string;
  options: unknown;
}

export interface Reply {
  id: number;
  answer?: unknown;
  failure?: { message: string; help?: string };
}

/** The reason why a question has no answer. */
export class Failure extends Error {
  constructor(
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}

/** The error of a question that a newer one replaced. */
export class Replaced extends Error {}

interface Waiting extends Request {
  topic: string;
  resolve: (answer: never) => void;
  reject: (error: Error) => void;
}

/** The number of milliseconds that a question may take. */
const LIMIT = 10_000;

/** The number of milliseconds that a question may go on after a newer one replaced it. A new worker takes as long. */
const GRACE = 500;

/** Asks questions in a worker. A question that takes too long ends the worker, and the next one gets a new worker. */
export class Engine {
  #worker: Worker | undefined;
  #parts: Promise<[string, WebAssembly.Module]> | undefined;
  #waiting: Waiting[] = [];
  #asked: Waiting | undefined;
  #timer = 0;
  #number = 0;

  /** Loads the WebAssembly, so that the first question does not wait for the page. */
  load(): void {
    this.#parts ??= parts();
    // The first question reports the error.
    this.#parts.catch(() => undefined);
  }

  /** Asks a question. It replaces an earlier one with the same topic. */
  ask<Q extends keyof Questions>(
    topic: string,
    question: Q,
    options: Parameters<Questions[Q]>[0],
  ): Promise<ReturnType<Questions[Q]>> {
    const replaced = this.#waiting.findIndex((waiting) => waiting.topic === topic);
    for (const { reject } of replaced < 0 ? [] : this.#waiting.splice(replaced, 1)) reject(new Replaced());
    if (this.#asked?.topic === topic) {
      this.#asked.reject(new Replaced());
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => this.#end(new Replaced()), GRACE);
    }
    return new Promise((resolve, reject) => {
      this.#number += 1;
      this.#waiting.push({ topic, id: this.#number, question, options, resolve, reject });
      void this.#next();
    });
  }

  async #next(): Promise<void> {
    const waiting = this.#waiting[0];
    if (!waiting || this.#asked) return;
    this.#waiting.shift();
    this.#asked = waiting;
    try {
      this.#worker ??= await this.#start();
    } catch (error) {
      this.#parts = undefined;
      this.#end(new Failure(`the WebAssembly cannot be loaded: ${(error as Error).message}`, "reload the page"));
      return;
    }
    // A newer question may have come while the worker started.
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      const seconds = LIMIT / 1000;
      this.#end(new Failure(`the question took more than ${seconds} s and was ended`, "use `policy-check` for it"));
    }, LIMIT);
    const { id, question, options } = waiting;
    this.#worker.postMessage({ id, question, options } satisfies Request);
  }

  /** Starts a worker. A worker from a `blob:` has the page's content security policy; one from a URL would have none. */
  async #start(): Promise<Worker> {
    this.#parts ??= parts();
    const [script, module] = await this.#parts;
    const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const worker = new Worker(trusted(url));
    worker.onmessage = ({ data }: MessageEvent<Reply>) => this.#answered(data);
    worker.onerror = (event) => {
      event.preventDefault();
      this.#end(new Failure(`the worker failed: ${event.message}`, "reload the page"));
    };
    worker.postMessage(module);
    return worker;
  }

  #answered({ id, answer, failure }: Reply): void {
    const asked = this.#asked;
    if (asked?.id !== id) return;
    this.#asked = undefined;
    clearTimeout(this.#timer);
    if (failure) asked.reject(new Failure(failure.message, failure.help));
    else asked.resolve(answer as never);
    void this.#next();
  }

  /** Ends the worker and the question that it was asked. */
  #end(error: Error): void {
    clearTimeout(this.#timer);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#asked?.reject(error);
    this.#asked = undefined;
    void this.#next();
  }
}

function parts(): Promise<[string, WebAssembly.Module]> {
  return Promise.all([
    fetch("worker.js").then((response) => text(response)),
    WebAssembly.compileStreaming(fetch("rolecall.wasm")),
  ]);
}

async function text(response: Response): Promise<string> {
  if (!response.ok) throw new Error(`${response.url}: ${response.status}`);
  return response.text();
}

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** Returns a URL that the page's content security policy accepts for a worker. */
function trusted(url: string): string {
  const types = (globalThis as { trustedTypes?: TrustedTypes }).trustedTypes;
  policy ??= types?.createPolicy("worker", { createScriptURL: (url) => url });
  return policy?.createScriptURL(url) ?? url;
}
