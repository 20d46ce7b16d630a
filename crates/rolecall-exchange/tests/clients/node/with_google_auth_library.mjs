// google-auth-library at the doors `gcp` and `request`.

import { ExternalAccountClient } from "google-auth-library";
import { each, token } from "./cases.mjs";

const ask = async (one, changes) => {
  const client = ExternalAccountClient.fromJSON({
    type: "external_account",
    audience: one.google_provider,
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${one.url}/v1/token`,
    credential_source: { file: one.job },
    ...changes,
  });
  client.scopes = ["https://www.googleapis.com/auth/cloud-platform"];
  return (await client.getAccessToken()).token;
};

await each("google-auth-library", "gcp", (one) => ask(one, {}));
await each("google-auth-library", "gcp, service account", (one) => {
  const path = `/v1/projects/-/serviceAccounts/${one.google_account}:generateAccessToken`;
  return ask(one, { service_account_impersonation_url: one.url + path });
});
await each("google-auth-library", "request, then Google's STS", (one) =>
  ask(one, {
    token_url: one.google_sts,
    credential_source: {
      url: `${one.url}/id-token?audience=${encodeURIComponent(one.audience)}`,
      headers: { Authorization: `Bearer ${token(one)}` },
      format: { type: "json", subject_token_field_name: "value" },
    },
  }),
);
