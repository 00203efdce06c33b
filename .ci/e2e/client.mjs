// The TypeScript client of revision 2026-07-28: server/discover in place of a handshake, each request complete in itself.
import assert from "node:assert/strict";

import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

import { binary, key } from "./mcpserver.mjs";
import { scenarios } from "./scenario.mjs";

async function open(transport) {
  const client = new Client(
    { name: "workos-mcp-e2e", version: "0" },
    { versionNegotiation: { mode: "auto" } },
  );
  await client.connect(transport);
  assert.equal(client.getProtocolEra(), "modern", "auto falls back to a handshake in silence");
  assert.equal(client.getNegotiatedProtocolVersion(), "2026-07-28");
  return {
    listTools: () => client.listTools(),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}

scenarios("@modelcontextprotocol/client", {
  stdio: ({ baseURL }) =>
    open(
      new StdioClientTransport({
        command: binary,
        args: ["stdio", "--log-level", "error"],
        env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: baseURL },
      }),
    ),
  http: ({ url, key }) =>
    open(
      new StreamableHTTPClientTransport(new URL(url), {
        requestInit: { headers: { Authorization: `Bearer ${key}` } },
      }),
    ),
});
