// Checks resources of Terraform against the providers' schemas, as the packages of CDK for Terraform have them.
// Usage: node providers.mjs FOLDER < RESOURCES: a list of {type, attributes}. Prints a list of faults.
import { readFileSync, readdirSync, existsSync } from "node:fs";
import { join } from "node:path";

const folder = join(process.argv[2], "node_modules", "@cdktf");
const asked = JSON.parse(readFileSync(0, "utf8"));
const snake = (name) => name.replace(/[A-Z]/g, (letter) => "_" + letter.toLowerCase());
const schemas = new Map();
for (const provider of readdirSync(folder)) {
  const lib = join(folder, provider, "lib");
  for (const name of readdirSync(lib)) {
    const file = join(lib, name, "index.d.ts");
    if (!existsSync(file)) continue;
    const text = readFileSync(file, "utf8");
    const kind = /static readonly tfResourceType = "([^"]+)"/.exec(text)?.[1];
    if (!asked.some((resource) => resource.type === kind)) continue;
    const config = /export interface \w+Config extends cdktf\.TerraformMetaArguments \{([\s\S]*?)\n\}/.exec(text)[1];
    const fields = [...config.matchAll(/^ {4}readonly (\w+)(\??):/gm)];
    schemas.set(kind, new Map(fields.map(([, field, optional]) => [snake(field), optional === ""])));
  }
}
const faults = [];
for (const { type, attributes } of asked) {
  const schema = schemas.get(type);
  if (!schema) {
    faults.push(`${type}: no provider has it`);
    continue;
  }
  for (const name of attributes) if (!schema.has(name)) faults.push(`${type}: no attribute ${name}`);
  for (const [name, required] of schema) if (required && !attributes.includes(name)) faults.push(`${type}: ${name} is missing`);
}
console.log(JSON.stringify(faults));
