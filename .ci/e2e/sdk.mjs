// The TypeScript SDK of the revisions up to 2025-11-25: an initialize handshake, then calls.
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

import { binary, key } from "./mcpserver.mjs";
import { scenarios } from "./scenario.mjs";

async function open(transport) {
  const client = new Client({ name: "workos-mcp-e2e", version: "0" });
  await client.connect(transport);
  return {
    listTools: () => client.listTools(),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}

scenarios("@modelcontextprotocol/sdk", {
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
