// The TypeScript SDK of the revisions up to 2025-11-25: an initialize handshake, then calls. A server that keeps no
// sessions, as over HTTP, cannot ask such a client.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";

import { bounds } from "./bounds.mjs";
import { scenarios } from "./scenario.mjs";
import { transports } from "./transports.mjs";

async function open(transport, person) {
  const client = new Client({ name: "workos-mcp-e2e", version: "0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, (request) => person.elicit(request));
  await client.connect(transport);
  return client;
}

const connect = transports(
  open, StdioClientTransport, StreamableHTTPClientTransport, ["stdio"],
  (client, params, options) => client.callTool(params, undefined, options),
);
scenarios("@modelcontextprotocol/sdk", connect);
bounds("@modelcontextprotocol/sdk", connect);
