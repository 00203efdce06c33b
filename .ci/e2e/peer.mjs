// The official Node SDK as a peer for the Go tests: it reads {"call": "webhooks.verifyHeader", "args": [...]} from each
// line of standard input, calls that method of a WorkOS client, and prints {"result": ...} or {"error": {name, message}}
// as a line. Bytes travel as {"$bytes": "<base64>"} in both directions. With {"times": n} it calls the method so often,
// one after the other, and the result is the milliseconds that it took. It reaches no network but the API that its
// argument is the URL of, if there is one.
import { createInterface } from "node:readline";

import { WorkOS } from "@workos-inc/node";

const api = process.argv[2] && new URL(process.argv[2]);

const workos = new WorkOS("sk_test_peer", {
  clientId: "client_01PEER",
  ...(api
    ? { apiHostname: api.hostname, port: Number(api.port), https: api.protocol === "https:" }
    : { fetchFn: () => Promise.reject(new Error("the peer sends nothing")) }),
});

// Methods beside those of the SDK, which Go cannot reach by one call each.
const own = {
  flags: {
    // decide polls a snapshot and decides flags for contexts: [[flag, context], ...] gives [true, false, ...].
    async decide(cases) {
      const runtime = workos.featureFlags.createRuntimeClient();
      runtime.on("error", () => {}); // waitUntilReady fails
      try {
        await runtime.waitUntilReady({ timeoutMs: 10000 });
        return cases.map(([flag, context]) => runtime.isEnabled(flag, context));
      } finally {
        runtime.close();
      }
    },
  },
};

function decode(value) {
  if (Array.isArray(value)) return value.map(decode);
  if (value === null || typeof value !== "object") return value;
  if (typeof value.$bytes === "string") return new Uint8Array(Buffer.from(value.$bytes, "base64"));
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, decode(member)]));
}

function encode(name, value) {
  return value instanceof Uint8Array ? { $bytes: Buffer.from(value).toString("base64") } : value;
}

async function answer({ call, args = [], times }) {
  const path = call.split(".");
  const method = path.pop();
  const target = path.reduce((object, name) => object?.[name], path[0] in own ? own : workos);
  if (typeof target?.[method] !== "function") throw new Error(`the SDK has no method ${call}`);
  const values = decode(args);
  if (!times) return (await target[method](...values)) ?? null;
  const start = performance.now();
  for (let i = 0; i < times; i++) await target[method](...values);
  return performance.now() - start;
}

for await (const line of createInterface({ input: process.stdin })) {
  let out;
  try {
    out = { result: await answer(JSON.parse(line)) };
  } catch (err) {
    out = { error: { name: err.name, message: err.message } };
  }
  process.stdout.write(JSON.stringify(out, encode) + "\n");
}
