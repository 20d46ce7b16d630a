// The questions, each as a function.

/** The failure of a question. */
export class RolecallError extends Error {
  constructor(message, help) {
    super(message);
    this.name = "RolecallError";
    if (help !== undefined) this.help = help;
  }
}

/** Creates the functions. `answer` takes a question as JSON, and returns the answer as JSON. */
export function questions(answer) {
  let isBroken = false;

  function ask(question, options) {
    if (isBroken) {
      throw new RolecallError("an earlier question broke this instance", "load it anew, in another worker");
    }
    let text;
    try {
      text = answer(JSON.stringify({ ...options, question }));
    } catch (error) {
      // Memory may be inconsistent after a trap, so the next answers would not be reliable.
      isBroken = true;
      throw new RolecallError(`the question cannot be answered: ${error.message}`, "report this, with the policies");
    }
    const answered = JSON.parse(text);
    const { failure } = answered;
    if (failure) throw new RolecallError(failure.message, failure.help);
    return answered;
  }

  return {
    check: (options) => ask("check", options),
    explain: (options) => ask("explain", options),
    format: (file) => ask("format", { file }).text,
    importDocuments: (options) => ask("import", options),
    prove: (options) => ask("prove", options),
    rule: (name) => ask("rule", { name }),
    rules: () => ask("rules").rules,
    test: (options) => ask("test", options),
    witness: ({ nearMiss, ...options }) => ask("witness", { ...options, near_miss: nearMiss ?? false }),
  };
}
