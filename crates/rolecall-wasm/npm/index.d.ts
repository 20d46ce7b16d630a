// The types of the questions and their answers. Fields may be added to answers in a minor version.

/** A policy file, or a document in another language, which is recognised by its text. */
export interface File {
  /** The name in messages and locations. */
  name: string;
  text: string;
}

/** The files of one policy set. */
export interface Files {
  files: readonly File[];
}

/** The failure of a question: the policies do not compile, say, or the token cannot be read. */
export class RolecallError extends Error {
  constructor(message: string, help?: string);
  /** The next step. */
  readonly help?: string;
}

/** Reports the errors and findings of policies or documents, their issuers and roles. */
export function check(options: CheckOptions): CheckReport;

/** Explains why a token gets roles, and what would give it others. The signature is not verified. */
export function explain(options: ExplainOptions): ExplainReport;

/** Formats policies. */
export function format(file: File): string;

/** Translates documents in other languages into policies that mean the same. */
export function importDocuments(options: Files): ImportReport;

/** Proves the assertions, or one statement, about all tokens; or refutes them with a token. */
export function prove(options: ProveOptions): ProveReport;

/** Returns a rule of the linter with its page. */
export function rule(name: string): RulePage;

/** Lists the rules of the linter. */
export function rules(): Rule[];

/** Runs the tests, and proves the assertions. */
export function test(options: Files): TestReport;

/** Computes tokens that get roles and, if wanted, tokens that nearly do. */
export function witness(options: WitnessOptions): WitnessReport;

export interface CheckOptions extends Files {
  /** The current date, such as `2026-12-03`. Without it, no suppression expires. */
  today?: string;
  /** The findings to report; each persona also gets those of the ones before it. The default is `regular`. */
  persona?: Persona;
}

export interface ExplainOptions extends Files {
  /** A signed token. Give either a token or claims. */
  token?: string;
  /** The claims of a token, as the text of a JSON object. */
  claims?: string;
  /** The name of the issuer in the policies. The default is the one that the claims name. */
  issuer?: string;
  /** A selector of roles, such as `deploy`, `deploy-*` or `#prod`. The default is all roles of the issuer. */
  role?: string;
}

export interface ProveOptions extends Files {
  /** A statement, such as `deploy implies project under "acme"`. The default is all assertions of the policies. */
  statement?: string;
}

export interface WitnessOptions extends Files {
  /** A selector of roles, such as `deploy`, `deploy-*`, `#prod` or `*`. */
  role: string;
  /** True to compute also tokens that lack the role because of one condition. */
  nearMiss?: boolean;
}

export type Persona = "regular" | "pedantic" | "auditor";
export type Severity = "info" | "low" | "medium" | "high" | "error";
/** The value of a condition; `unknown` if a claim is missing or malformed. */
export type Truth = "true" | "false" | "unknown";
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
/** The claims of a token. */
export type Claims = { [name: string]: Json };

/** A line of a file, counted from 1. */
export interface Line {
  file: string;
  line: number;
}

/** A range of a file, from 1. A column is one Unicode character. The end is the position after the last one. */
export interface Range extends Line {
  column: number;
  end_line: number;
  end_column: number;
}

export interface CheckReport {
  schema_version: 1;
  /** True if the policies compile. */
  compiles: boolean;
  findings: Finding[];
  /** The findings that comments suppress. */
  suppressed: Suppressed[];
  issuers: { name: string; url: string }[];
  roles: ({ name: string } & Range)[];
  /** The number of tests. */
  tests: number;
  /** The number of assertions. */
  assertions: number;
  /** The part of documents in other languages that is covered, if there are any. */
  coverage?: Coverage;
}

export interface Finding extends Range {
  /** The name of the rule; `invalid-policy` for a compile error. */
  rule: string;
  /** The stable code of a compile error, such as `unknown-claim`. */
  code?: string;
  severity: Severity;
  message: string;
  /** A few words about the location. */
  label: string | null;
  /** How to fix it. */
  help: string | null;
  notes: Note[];
  /** The identity of the finding. It stays the same when lines move or comments are added. */
  fingerprint: string;
  /** A token that shows the finding, usually one that gets a role. */
  token?: Claims;
  fix?: Fix;
  /** Lines to add to the item at this place, if they describe the tokens. No fix adds them. */
  proposal?: Edit;
}

/** A related location. */
export interface Note extends Range {
  message: string;
}

export interface Fix {
  message: string;
  /** True if the fix does not change which tokens get a role. */
  safe: boolean;
  edits: Edit[];
}

/** A text for a range. */
export interface Edit extends Range {
  text: string;
}

export interface Suppressed {
  finding: Finding;
  reason: string;
  /** The last day of the suppression; `null` if it is permanent. */
  until: string | null;
  comment: Range;
}

export interface Coverage {
  /** The number of roles that exactly the same tokens get here and in the source. */
  exact: number;
  /** The number of roles that fewer tokens get here. */
  narrower: number;
  /** The number of roles that more tokens get here. */
  wider: number;
  /** The roles that are not translated. */
  refused: {
    role: string;
    /** A stable code. */
    reason: string;
    /** The values that the document lacks, such as `var.repos`. */
    needs?: string[];
  }[];
  /** The roles of tokens that other principals get, too. Nothing is proved about these. */
  also_admits?: { role: string; principals: string[] }[];
  /** The number of roles that no OIDC token gets. */
  not_for_tokens: number;
  /** The number of roles with a condition that no token decides. */
  external: number;
  /** The layouts of `sub` that are assumed in addition to those of the issuers' profiles. */
  assumed: { issuer: string; layout: string }[];
  /** The facts that no file says, and that are taken for granted. */
  granted: string[];
  /** The information that the files lack. */
  missing: string[];
  /** True if each role is translated exactly, and no information is missing. */
  complete: boolean;
}

export interface ExplainReport {
  schema_version: 1;
  verified: false;
  /** The name of the issuer in the policies. */
  issuer: string;
  subject: string | null;
  /** The claims that are absent, and whose values are derived from others. */
  filled_in: string[];
  /** The allowed roles, then the denied ones, the nearest first. */
  roles: Explanation[];
  /** The allowed roles that are not explained, because there are too many. */
  further_allowed?: string[];
  /** The denied roles of the token's project that are not explained, the nearest first. */
  further_denied?: string[];
  /** The denied roles for other projects, the nearest first. */
  other_projects?: string[];
  /** The number of denied roles for tokens of other issuers. */
  other_issuers: number;
  coverage?: Coverage;
  /** The reason why the answer may be about another issuer than expected. */
  warning?: string;
}

/** The reasons why a role is allowed or denied. */
export interface Explanation {
  role: string;
  allowed: boolean;
  /** The index of the clause that allows the role, from 1. */
  clause: number | null;
  /** `unknown_role` if the policies do not have the role. */
  reason?: string;
  clauses: Clause[];
  repair?: Repair;
  /** The number of comparisons left out because there are too many. */
  left_out?: number;
}

export interface Clause extends Line {
  /** The index, from 1. */
  index: number;
  issuer: string;
  holds: boolean;
  iss: Fit;
  aud: Fit;
  /** The claims of every verified token that this one lacks. */
  unverified?: string[];
  grants_not_filled?: { grant: string; claim: string; message: string }[];
  /** Absent for a token of another issuer. */
  condition?: Condition;
  guards: { guard: string; condition: Condition }[];
}

/** A claim compared with the values that the issuer requires. */
export interface Fit {
  fits: boolean;
  actual?: Json;
  accepted: string[];
}

/** A condition as a tree. Negations are pushed down to the comparisons. */
export type Condition =
  | { kind: "all" | "any"; truth: Truth; parts: Condition[] }
  | ({ kind: "comparison" } & Comparison)
  | ({ kind: "external"; truth: Truth; text: string } & Range)
  | { kind: "left_out" | "unknown"; truth: Truth };

export interface Comparison extends Range {
  claim: string;
  truth: Truth;
  /** The reason why the comparison is unknown. */
  unknown?: "absent" | "null" | "not_of_type" | "contradiction" | "no_text";
  /** The token's value; absent if it does not have the claim. */
  actual?: Json;
  /** The value of a time, if the token writes another number. */
  floor?: number;
  /** The accepted values, in words. */
  accepted: string;
  /** All in which the value differs from an accepted one. */
  slight?: "case" | "ids" | "ref_prefix";
  derived?: string[];
  /** The parts of the text that differ from their claims. */
  differences?: { claim: string; said: string; actual?: Json }[];
  /** The derivation that gives the text, but does not apply. */
  derivation?: { text: string } & Line;
  layout?: Layout;
  /** The comparison in the policies. */
  text: string;
}

/** A `sub` that none of the issuer's layouts gives. */
export interface Layout {
  issuer: string;
  /** The lines that the issuer could declare; none if there is no proposal. */
  derive: string[];
  help: string;
}

/** The fewest claims to change so that the role is allowed; derived claims follow. */
export interface Repair {
  outcome: "changes" | "impossible" | "other_issuer" | "not_decided";
  /** The reason why it is not decided. */
  reason?: string;
  changes: Change[];
  follows?: Change[];
  /** A known reason for such a token. */
  oddity?: { code: string; message: string; help: string };
}

export interface Change {
  claim: string;
  /** The token's value; absent if it does not have the claim. */
  from?: Json;
  /** A value with which the role is allowed; absent if the claim must be absent. */
  to?: Json;
  /** The people who can change it. */
  by: "administrator" | "author" | "policy" | "requester";
}

export interface ImportReport {
  files: File[];
  roles: {
    /** The name in the source. */
    source: string;
    /** The name in the policies; absent if the role is not written. */
    name?: string;
    /** The reason why the role is not written. */
    reason?: string;
    /** True if exactly the same tokens get the role. */
    exact: boolean;
  }[];
}

export interface ProveReport extends Proofs {
  schema_version: 1;
  /** The errors of policies that do not compile. */
  errors: Finding[];
}

export interface Proofs {
  proved: number;
  refuted: number;
  not_decided: number;
  assertions: Assertion[];
}

export interface Assertion extends Line {
  set: string;
  name: string;
  outcome: "proved" | "refuted" | "not_decided";
  message?: string;
  /** The assumption about tokens under which it is proved. */
  assumption?: string;
  /** The role that the token gets. */
  role?: string;
  /** A token that refutes the assertion. */
  token?: Claims;
  /** The token as a test for the policies. */
  test?: string;
  contradictions?: Contradiction[];
}

/** Parts of a clause that no token can meet together. */
export interface Contradiction {
  parts: ({ text: string } & Line)[];
  layout?: Layout;
}

export interface Rule {
  name: string;
  summary: string;
  category: string;
  severity: Severity;
}

export interface RulePage extends Rule {
  /** The page, in Markdown. */
  page: string;
}

export interface TestReport extends Proofs {
  schema_version: 1;
  passed: number;
  failed: number;
  tests: TestResult[];
  /** The number of tests whose tokens are in files, which only `policy-check` reads. */
  not_run: number;
  /** The errors of policies that do not compile. */
  errors: Finding[];
}

export interface TestResult extends Line {
  set: string;
  name: string;
  outcome: "passed" | "failed";
  /** The claims of the test, if it failed. */
  token?: Claims;
  failures?: TestFailure[];
  /** The number of further roles with an unexpected outcome. */
  more_failures?: number;
}

export interface TestFailure extends Line {
  role: string;
  expected: "allow" | "deny";
  /** The role is allowed, with another lifetime. */
  ttl?: { expected_seconds: number; actual_seconds: number | null };
  /** The role is allowed, with another text of a grant. */
  grant?: { name: string; expected: string; actual: string };
  /** The role is denied, and not because of this claim alone. */
  because?: {
    claim: string;
    read: boolean;
    other_issuer: boolean;
    other_audience: boolean;
    unverified: string[];
    unfilled: string[];
    also: Comparison[];
    more?: number;
  };
  explanation?: Explanation;
}

export interface WitnessReport {
  schema_version: 1;
  roles: RoleWitness[];
  /** The information that documents in other languages lack, so that something else is assumed. */
  missing?: string[];
  /** The number of further selected roles. */
  left_out: number;
  /** The errors of policies that do not compile. */
  errors: Finding[];
}

export interface RoleWitness extends Line {
  set: string;
  role: string;
  clauses: ClauseWitness[];
}

export interface ClauseWitness extends Line {
  /** The index of the clause, from 1. */
  index: number;
  issuer: string;
  outcome: "granted" | "no_token" | "not_decided";
  /** A token that gets the role. */
  token?: Claims;
  /** The token as a test for the policies. */
  test?: string;
  message?: string;
  /** The parts that contradict each other, if no token can meet the clause. */
  parts?: ({ text: string } & Line)[];
  layout?: Layout;
  /** With `nearMiss`. */
  near_misses?: NearMiss[];
}

/** A condition of a clause, and a token that lacks the role only because of it. */
export interface NearMiss extends Range {
  /** The condition that fails. */
  text: string;
  /** The guard that contains the condition. */
  guard?: string;
  outcome: "token" | "implied" | "granted_otherwise" | "not_decided";
  message?: string;
  token?: Claims;
  /** The token as a test for the policies. */
  test?: string;
}
