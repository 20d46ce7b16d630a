#!/usr/bin/env bash
# @cloud-copilot/iam-simulate 0.1.173 (npm): the usual trust policy for GitHub Actions, with conditions on `sub` and `aud`,
# denies the token that it is for. A condition key that AWS' list of keys for the action lacks is removed from the request
# before the evaluation, and AWS lists neither of the two for this issuer. Conditions that hold without a key go the other
# way: `StringNotEquals` on the very `sub` of the token allows it. The answer has the removed keys in `ignoredContextKeys`,
# and no error.
set -euo pipefail
command -v npm >/dev/null || {
    echo "skipped: this needs Node"
    exit 0
}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund --ignore-scripts @cloud-copilot/iam-simulate@0.1.173 >/dev/null
cat >main.mjs <<'JS'
import { runSimulation } from "@cloud-copilot/iam-simulate";

const issuer = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::123456789012:oidc-provider/${issuer}`;
const action = "sts:AssumeRoleWithWebIdentity";
const token = {
  [`${issuer}:aud`]: "sts.amazonaws.com",
  [`${issuer}:sub`]: "repo:acme/shop:ref:refs/heads/main",
};
for (const operator of ["StringEquals", "StringNotEquals"]) {
  const answer = await runSimulation(
    {
      request: {
        principal: provider,
        action,
        resource: { resource: "arn:aws:iam::123456789012:role/deployer", accountId: "123456789012" },
        contextVariables: token,
      },
      identityPolicies: [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Principal: { Federated: provider }, Action: action, Condition: { [operator]: token } },
        ],
      },
    },
    {},
  );
  const ignored = answer.result.ignoredContextKeys.map((key) => key.split(":").at(-1));
  console.log(`${operator} of the token's own sub and aud: ${answer.overallResult}, ignored ${ignored}`);
}
JS
found=$(node main.mjs)
echo "iam-simulate 0.1.173"
echo "$found"
test "$found" = "StringEquals of the token's own sub and aud: ImplicitlyDenied, ignored aud,sub
StringNotEquals of the token's own sub and aud: Allowed, ignored aud,sub"
