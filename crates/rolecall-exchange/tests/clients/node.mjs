// Asks an exchange for a role token, and verifies it, with clients of Node.js. Prints a JSON object for each client.
//
// The variables URL, JOB and AUDIENCE say where, with which token of a job, and for which audience.

import { readFileSync } from "node:fs";
import * as core from "@actions/core";
import { createRemoteJWKSet, jwtVerify } from "jose";
import * as client from "openid-client";

const { URL: url, JOB: job, AUDIENCE: audience } = process.env;

const openidClient = async () => {
  const options = { execute: [client.allowInsecureRequests], algorithm: "oauth2" };
  const config = await client.discovery(new URL(url), "job", undefined, client.None(), options);
  const answer = await client.genericGrantRequest(
    config,
    "urn:ietf:params:oauth:grant-type:token-exchange",
    { subject_token: job, subject_token_type: "urn:ietf:params:oauth:token-type:jwt", audience },
  );
  return answer.access_token;
};

const actionsCore = async () => {
  process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `${url}/id-token?v=1`;
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = job;
  return await core.getIDToken(audience);
};

// The subject, as jose reads it with the published keys.
const verified = async (token) => {
  const keys = createRemoteJWKSet(new URL(`${url}/jwks`));
  const { payload } = await jwtVerify(token, keys, { issuer: url, audience, typ: "JWT" });
  return payload.sub;
};

const report = async (name, ask) => {
  const { version } = JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url)));
  let answer;
  try {
    answer = { subject: await verified(await ask()) };
  } catch (error) {
    answer = { error: `${error.code ?? error.name}: ${error.error ?? error.message}` };
  }
  console.log(JSON.stringify({ client: `${name} ${version}`, ...answer }));
};

await report("openid-client", openidClient);
await report("@actions/core", actionsCore);
