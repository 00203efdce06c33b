// A real MCP client with OAuth: it gets a 401, finds the authorization server, registers, signs in, and calls a tool;
// for another tool it asks for more scopes. Prints what happened as JSON.
//   node mcpauth.mjs http://localhost:8090/mcp-go
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { UnauthorizedError } from "@modelcontextprotocol/sdk/client/auth.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const target = new URL(process.argv[2]);
const authorizations = [];
const statuses = [];
let saved = {};
const provider = {
  redirectUrl: "http://localhost:1/callback",
  clientMetadata: {
    client_name: "e2e", redirect_uris: ["http://localhost:1/callback"], grant_types: ["authorization_code"],
    response_types: ["code"], token_endpoint_auth_method: "none",
  },
  clientInformation: () => saved.client,
  saveClientInformation: (client) => { saved.client = client; },
  tokens: () => saved.tokens,
  saveTokens: (tokens) => { saved.tokens = tokens; },
  codeVerifier: () => saved.verifier,
  saveCodeVerifier: (verifier) => { saved.verifier = verifier; },
  redirectToAuthorization: (url) => { authorizations.push(url); },
};

async function open() {
  const client = new Client({ name: "workos-e2e", version: "0" });
  const transport = new StreamableHTTPClientTransport(target, {
    authProvider: provider,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      if (String(url) === target.href) statuses.push(response.status);
      return response;
    },
  });
  return { client, transport };
}

// signIn follows the authorization URL as a browser does, and gives the transport the code.
async function signIn(transport) {
  const response = await fetch(authorizations.at(-1), { redirect: "manual" });
  await transport.finishAuth(new URL(response.headers.get("location")).searchParams.get("code"));
}

// withSignIn repeats an action after a sign-in if the client asks for one.
async function withSignIn(transport, action) {
  try {
    return await action();
  } catch (error) {
    if (!(error instanceof UnauthorizedError)) throw error;
    await signIn(transport);
    return undefined;
  }
}

let { client, transport } = await open();
await withSignIn(transport, () => client.connect(transport));
({ client, transport } = await open());
await client.connect(transport);
const text = (result) => result.content[0].text;
const whoami = text(await client.callTool({ name: "whoami", arguments: {} }));
const scope = saved.tokens.scope;
let deletion = await withSignIn(transport, () => client.callTool({ name: "delete", arguments: {} }));
deletion ??= await client.callTool({ name: "delete", arguments: {} });
console.log(JSON.stringify({
  whoami, scope, deletion: text(deletion), scopeAfter: saved.tokens.scope, token: saved.tokens.access_token,
  resource: authorizations[0].searchParams.get("resource"), authorizations: authorizations.length,
  unauthorized: statuses.filter((status) => status === 401).length,
  forbidden: statuses.filter((status) => status === 403).length,
}));
await client.close();
