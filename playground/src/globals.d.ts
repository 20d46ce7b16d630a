/** The folder with the rule pages, or the empty string. */
declare const RULE_PAGES: string;

declare module "examples" {
  const examples: import("./examples.js").Example[];
  export default examples;
}
