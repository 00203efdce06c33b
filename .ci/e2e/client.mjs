// The TypeScript client of revision 2026-07-28: server/discover in place of a handshake, each request complete in itself.
import assert from "node:assert/strict";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { scenarios } from "./scenario.mjs";
import { session, transports } from "./transports.mjs";

async function open(transport) {
  const client = new Client(
    { name: "workos-mcp-e2e", version: "0" },
    { versionNegotiation: { mode: "auto" } },
  );
  await client.connect(transport);
  assert.equal(client.getProtocolEra(), "modern", "auto falls back to a handshake in silence");
  assert.equal(client.getNegotiatedProtocolVersion(), "2026-07-28");
  return session(client);
}

scenarios("@modelcontextprotocol/client", transports(open, StdioClientTransport, StreamableHTTPClientTransport));
