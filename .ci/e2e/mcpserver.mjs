// The binary under test and the API behind it, as .ci/run names them in the environment.
import { spawn } from "node:child_process";
import { once } from "node:events";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

function setting(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set; .ci/run sets it`);
  return value;
}

/** Path of the workos-mcp binary. */
export const binary = setting("WORKOS_MCP");
/** Base URL and API key of the emulator. */
export const upstream = setting("WORKOS_E2E_URL");
export const key = setting("WORKOS_E2E_KEY");

/** Starts `workos-mcp http` with further arguments in front of an API; it holds no key of its own. */
export async function serveHTTP(baseURL, args = []) {
  const addr = `127.0.0.1:${await freePort()}`;
  const { WORKOS_API_KEY: _, ...env } = process.env;
  const child = spawn(binary, ["http", "--addr", addr, ...args], {
    env: { ...env, WORKOS_BASE_URL: baseURL },
    stdio: ["ignore", "inherit", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (chunk) => (log += chunk));
  const exited = once(child, "exit");
  for (let tries = 0; !(await healthy(addr)); tries++) {
    if (child.exitCode !== null || tries === 100) {
      child.kill();
      throw new Error(`workos-mcp http on ${addr} is not healthy; its log: ${log}`);
    }
    await sleep(50);
  }
  return {
    url: `http://${addr}/mcp`,
    log: () => log,
    /** Stops the server and returns its exit status. */
    async close() {
      child.kill("SIGTERM");
      const [status] = await exited;
      return status;
    },
  };
}

async function healthy(addr) {
  try {
    return (await fetch(`http://${addr}/healthz`)).ok;
  } catch {
    return false;
  }
}

async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}
