// Decides requests by trust policies as @cloud-copilot/iam-simulate does, for the tests of rolecall-interop.
//
// The argument is the folder in which npm has installed it. A line of the input is a JSON object with "document" (the text of a policy)
// and "tokens" (for each request "provider", an ARN, and "context", the values of each key). A line of the output is a JSON object with
// "refused" (the error of the document) or "verdicts" (one boolean for each request).
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const load = createRequire(`${process.argv[2]}/`);
const { createValidatedPolicy, validateTrustPolicy } = load("@cloud-copilot/iam-policy");
const { runUnsafeSimulation } = load("@cloud-copilot/iam-simulate");

const role = "arn:aws:iam::123456789012:role/deployer";

// `runSimulation` drops keys that AWS' lists lack, for example `sub` of GitLab. `runUnsafeSimulation` takes all.
function allows(resourcePolicy, { provider, context }) {
  const contextVariables = {};
  for (const [key, values] of Object.entries(context)) {
    if (values.length > 0) {
      contextVariables[key] = values.length === 1 ? values[0] : values;
    }
  }
  const request = {
    principal: provider,
    action: "sts:AssumeRoleWithWebIdentity",
    resource: { resource: role, accountId: "123456789012" },
    contextVariables,
  };
  const policies = {
    identityPolicies: [],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy,
  };
  return runUnsafeSimulation({ request, ...policies }, {}) === "Allowed";
}

for await (const line of createInterface({ input: process.stdin })) {
  const { document, tokens } = JSON.parse(line);
  let answer;
  try {
    // A policy without metadata is a `TypeError`.
    const policy = createValidatedPolicy(JSON.parse(document), validateTrustPolicy, { name: "trust" });
    answer =
      policy.errors.length > 0
        ? { refused: JSON.stringify(policy.errors) }
        : { verdicts: tokens.map((token) => allows(policy, token)) };
  } catch (error) {
    answer = { refused: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
