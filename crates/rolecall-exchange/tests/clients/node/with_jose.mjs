// jose as a service that trusts the exchange: its keys, and the role token.

import { createRemoteJWKSet, jwtVerify } from "jose";
import { each, token } from "./cases.mjs";

await each("jose", "role token", async (one) => {
  const keys = createRemoteJWKSet(new URL(`${one.url}/jwks`));
  const settings = { issuer: one.url, audience: one.audience, typ: "JWT" };
  return (await jwtVerify(token(one), keys, settings)).payload.sub;
});
