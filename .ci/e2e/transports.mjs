// How the TypeScript clients of both eras reach the server: the same way, each with transport classes of its own.
import { binary, key } from "./mcpserver.mjs";

/** Makes what scenarios() takes of a function that opens a client on a transport. */
export function transports(open, Stdio, StreamableHTTP) {
  return {
    stdio: ({ baseURL }) =>
      open(
        new Stdio({
          command: binary,
          args: ["stdio", "--log-level", "error"],
          env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: baseURL },
        }),
      ),
    http: ({ url, key }) =>
      open(
        new StreamableHTTP(new URL(url), {
          requestInit: { headers: { Authorization: `Bearer ${key}` } },
        }),
      ),
  };
}

/** What the scenarios do with a connected client. */
export function session(client) {
  return {
    listTools: () => client.listTools(),
    call: (name, args) => client.callTool({ name, arguments: args }),
    close: () => client.close(),
  };
}
