// The cases of a test, which are in the file CASES, and the outcome of each as a line of JSON.

import { readFileSync } from "node:fs";

export const cases = JSON.parse(readFileSync(process.env.CASES));

// The job's token, which is in a file.
export const token = (one) => readFileSync(one.job, "utf8");

// Asks with each case, and prints what the client got or how it failed.
export const each = async (name, way, ask) => {
  const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  const client = `${name} ${JSON.parse(readFileSync(file)).version}`;
  for (const one of cases) {
    let answer;
    try {
      answer = { got: await ask(one) };
    } catch (error) {
      const said = [error.name, error.code, error.error, error.message, error.error_description];
      answer = { error: error.constructor.name, message: said.filter(Boolean).join(": ") };
    }
    console.log(JSON.stringify({ client, way, case: one.case, ...answer }));
  }
};
