// How the TypeScript clients of both eras reach the server: the same way, each with transport classes of its own.
import { binary, key } from "./mcpserver.mjs";
import { newPerson } from "./person.mjs";

/**
 * Makes what scenarios() takes of a function that opens a client on a transport with a person. `asksOver` lists the
 * transports on which the person can be asked, and `callTool` calls with options, which each client takes at a place of
 * its own.
 */
export function transports(
  open, Stdio, StreamableHTTP, asksOver, callTool = (client, ...args) => client.callTool(...args),
) {
  async function connect(transport, name) {
    const person = newPerson();
    return session(await open(transport, person), person, asksOver.includes(name), callTool);
  }
  return {
    stdio: ({ baseURL, args = [] }) =>
      connect(
        new Stdio({
          command: binary,
          args: ["stdio", "--log-level", "error", ...args],
          env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: baseURL },
        }),
        "stdio",
      ),
    http: ({ url, key, headers = {} }) =>
      connect(
        new StreamableHTTP(new URL(url), {
          requestInit: { headers: { Authorization: `Bearer ${key}`, ...headers } },
        }),
        "http",
      ),
  };
}

/** What the scenarios do with a connected client. */
function session(client, person, asks, callTool) {
  return {
    person,
    asks,
    listTools: () => client.listTools(),
    call: (name, args) => client.callTool({ name, arguments: args }),
    /** Calls, and asks to be told of the progress. */
    follow: (name, args, onprogress) => callTool(client, { name, arguments: args }, { onprogress }),
    read: async (uri) => (await client.readResource({ uri })).contents[0].text,
    close: () => client.close(),
  };
}
