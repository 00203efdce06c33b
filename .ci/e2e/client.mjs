// The TypeScript client of revision 2026-07-28: server/discover in place of a handshake, each request complete in itself.
import assert from "node:assert/strict";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { bounds } from "./bounds.mjs";
import { scenarios } from "./scenario.mjs";
import { transports } from "./transports.mjs";

async function open(transport, person) {
  const client = new Client(
    { name: "workos-mcp-e2e", version: "0" },
    { versionNegotiation: { mode: "auto" }, capabilities: { elicitation: { form: {} } } },
  );
  client.setRequestHandler("elicitation/create", (request) => person.elicit(request));
  await client.connect(transport);
  assert.equal(client.getProtocolEra(), "modern", "auto falls back to a handshake in silence");
  assert.equal(client.getNegotiatedProtocolVersion(), "2026-07-28");
  return client;
}

const connect = transports(open, StdioClientTransport, StreamableHTTPClientTransport, ["stdio", "http"]);
scenarios("@modelcontextprotocol/client", connect);
bounds("@modelcontextprotocol/client", connect);
