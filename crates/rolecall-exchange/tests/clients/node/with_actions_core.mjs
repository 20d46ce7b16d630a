// @actions/core at the door `request`.

import * as core from "@actions/core";
import { each, token } from "./cases.mjs";

await each("@actions/core", "request", async (one) => {
  process.env.ACTIONS_ID_TOKEN_REQUEST_URL = `${one.url}/id-token?v=1`;
  process.env.ACTIONS_ID_TOKEN_REQUEST_TOKEN = token(one);
  return await core.getIDToken(one.audience);
});
