// The TypeScript SDK of the revisions up to 2025-11-25: an initialize handshake, then calls.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { scenarios } from "./scenario.mjs";
import { session, transports } from "./transports.mjs";

async function open(transport) {
  const client = new Client({ name: "workos-mcp-e2e", version: "0" });
  await client.connect(transport);
  return session(client);
}

scenarios("@modelcontextprotocol/sdk", transports(open, StdioClientTransport, StreamableHTTPClientTransport));
