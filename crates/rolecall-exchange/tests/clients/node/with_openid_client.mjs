// openid-client at the door `token`, which it finds by discovery.

import * as client from "openid-client";
import { each, token } from "./cases.mjs";

await each("openid-client", "token", async (one) => {
  const options = { algorithm: "oauth2" };
  const config = await client.discovery(new URL(one.url), "job", undefined, client.None(), options);
  const answer = await client.genericGrantRequest(
    config,
    "urn:ietf:params:oauth:grant-type:token-exchange",
    {
      subject_token: token(one),
      subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
      audience: one.audience,
    },
  );
  return answer.access_token;
});
