// The functions over an instance that was loaded in another way. Not part of the package.

import type * as rolecall from "./index.js";

export { RolecallError } from "./index.js";
export type Questions = Omit<typeof rolecall, "RolecallError">;
export function questions(answer: (question: string) => string): Questions;
