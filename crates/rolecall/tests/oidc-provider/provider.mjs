// An OpenID provider on a port of its own, which does what it is told: one command a line on standard input, one answer a
// line on standard output, both as JSON. The first line, before any command, is its issuer's URL. It ends with its input.
//
// Everything that the tests see is made by oidc-provider itself: discovery, key set, and ID tokens, which come from its
// token endpoint in exchange for an authorization code.

import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

// Its warnings are for who takes it into production, and would stand between the answers.
console.info = console.warn = () => {};
const { Provider } = await import('oidc-provider');

const ALGORITHMS = {
  RS256: ['rsa', { modulusLength: 2048 }],
  ES256: ['ec', { namedCurve: 'P-256' }],
  EdDSA: ['ed25519', {}],
};
const REDIRECT_URI = 'https://job.example/signed-in';

// A key for each algorithm.
const newKeys = () => Object.entries(ALGORITHMS).map(([alg, [type, options]]) => ({
  ...generateKeyPairSync(type, options).privateKey.export({ format: 'jwk' }),
  alg,
  kid: randomUUID(),
  use: 'sig',
}));

// All that it publishes. The first of them sign.
const generations = [newKeys()];
const requests = { discovery: 0, jwks: 0 };
// The token that is being made: its `algorithm`, `audience`, `claims` and `lifetime` in seconds.
let job;

// What oidc-provider keeps, and who its clients are: whichever audience a token is to have is one.
const kept = new Map();
class Adapter {
  constructor(model) {
    this.model = model;
  }

  async find(id) {
    return this.model === 'Client' ? client(id) : kept.get(id);
  }

  async upsert(id, payload) {
    kept.set(id, payload);
  }

  async consume(id) {
    kept.get(id).consumed = true;
  }

  async destroy(id) {
    kept.delete(id);
  }

  async revokeByGrantId() {}
}

const client = (id) => ({
  client_id: id,
  id_token_signed_response_alg: job.algorithm,
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: 'none',
});

const newProvider = () => new Provider(url, {
  adapter: Adapter,
  claims: { openid: ['sub', 'project_path', 'ref', 'ref_protected', 'ref_type'] },
  // An ID token says all that the scope is for, although it comes with an access token.
  conformIdTokenClaims: false,
  cookies: { keys: [randomUUID()] },
  enabledJWA: { idTokenSigningAlgValues: Object.keys(ALGORITHMS) },
  features: { devInteractions: { enabled: false } },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId, ...job.claims }) }),
  jwks: { keys: generations.flat() },
  ttl: { AccessToken: 60, AuthorizationCode: 60, Grant: 60, IdToken: () => job.lifetime },
});

const server = createServer((request, response) => {
  requests.discovery += request.url === '/.well-known/openid-configuration';
  requests.jwks += request.url === '/jwks';
  provider.callback()(request, response);
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address();
const url = `http://127.0.0.1:${port}`;
// It has no way to change its keys: after each change there is a new one, as after a restart.
let provider = newProvider();

// A code as the user would have got it by signing in, and the token that the client gets for it.
async function issue() {
  const { sub: accountId } = job.claims;
  const clientId = job.audience;
  const grant = new provider.Grant({ accountId, clientId });
  grant.addOIDCScope('openid');
  const grantId = await grant.save();
  const code = await new provider.AuthorizationCode({
    accountId,
    client: await provider.Client.find(clientId),
    grantId,
    redirectUri: REDIRECT_URI,
    scope: 'openid',
  }).save();
  const response = await fetch(`${url}/token`, {
    method: 'POST',
    headers: { connection: 'close' },
    body: new URLSearchParams({
      client_id: clientId,
      code,
      grant_type: 'authorization_code',
      redirect_uri: REDIRECT_URI,
    }),
  });
  const answer = await response.json();
  if (!answer.id_token) throw new Error(JSON.stringify(answer));
  return answer.id_token;
}

// Another program may have got the port for a moment.
async function listen() {
  for (let tries = 100; ; tries -= 1) {
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return;
    } catch (error) {
      if (tries === 0) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

const commands = {
  // A token that the keys of today sign.
  async issue(command) {
    job = command;
    return { token: await issue() };
  },
  // New keys are published, and do not sign yet.
  async publish() {
    generations.push(newKeys());
    provider = newProvider();
  },
  // The newest keys sign from now on. The others stay published.
  async sign() {
    generations.unshift(generations.pop());
    provider = newProvider();
  },
  // Only the keys that sign are published from now on.
  async retire() {
    generations.length = 1;
    provider = newProvider();
  },
  // Nobody listens any more.
  async down() {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  },
  // The same provider is there again.
  async up() {
    await listen();
  },
  // How often its documents were asked for.
  async requests() {
    return requests;
  },
};

const say = (value) => process.stdout.write(`${JSON.stringify(value)}\n`);
say({ url });
for await (const line of createInterface({ input: process.stdin })) {
  const command = JSON.parse(line);
  try {
    say(await commands[command.do](command) ?? {});
  } catch (error) {
    say({ error: String(error) });
  }
}
process.exit();
