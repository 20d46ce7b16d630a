// The worker that answers questions, one at a time.

import { questions, RolecallError } from "../../crates/rolecall-wasm/npm/questions.js";
import { answer, initSync } from "../../crates/rolecall-wasm/npm/wasm/rolecall.js";
import type { Reply, Request } from "./engine.js";

const functions = questions(answer) as Record<string, (options: unknown) => unknown>;

self.onmessage = ({ data }: MessageEvent<WebAssembly.Module | Request>) => {
  if (data instanceof WebAssembly.Module) {
    initSync({ module: data });
    return;
  }
  const { id, question, options } = data;
  const reply = (reply: Reply) => self.postMessage(reply);
  try {
    const ask = functions[question];
    if (!ask) throw new Error(`no question \`${question}\``);
    reply({ id, answer: ask(options) });
  } catch (error) {
    const { message, help } = error as RolecallError;
    reply({ id, failure: help === undefined ? { message } : { message, help } });
  }
};
