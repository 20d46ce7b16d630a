// Checks, tests, proofs and explanations of policies.

import { answer } from "#load";
import { questions } from "./questions.js";

export { RolecallError } from "./questions.js";
export const { check, explain, format, importDocuments, prove, rule, rules, test, witness } = questions(answer);
