// Emulators of the WorkOS API for tests that want an empty one each time. A line of standard input asks for something,
// and a line of standard output responds, with the URL of the latest emulator:
//
//   new         ends the emulators before, and starts one
//   more        starts one beside those before
//   reset 0     empties the first, as the emulator itself does that
//   clock 11m   moves the clock of this process: the emulator has no control of its own for that
//
// It ends with its input. All API keys sk_test_0 to sk_test_999 work, as the emulator limits the requests of each.
import crypto from "node:crypto";
import { once } from "node:events";
import { syncBuiltinESMExports } from "node:module";
import net from "node:net";
import readline from "node:readline";

// Each emulator would make a pair of keys, which takes longer than all else; one pair does for all.
const pair = crypto.generateKeyPairSync("rsa", { modulusLength: 2048 });
crypto.generateKeyPairSync = () => pair;
syncBuiltinESMExports();
const { createEmulator } = await import("workos/emulate");

const RealDate = Date;
let ahead = 0; // in milliseconds
globalThis.Date = class extends RealDate {
  constructor(...args) {
    super(...(args.length > 0 ? args : [RealDate.now() + ahead]));
  }
  static now() {
    return RealDate.now() + ahead;
  }
};
const units = { s: 1000, m: 60_000, h: 3_600_000 };

const apiKeys = Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`sk_test_${i}`, { environment: "test" }]));

// freePort is asked for, as the emulator does not say which one it has got.
async function freePort() {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

async function start() {
  const port = await freePort();
  const emulator = await createEmulator({ port, seed: { apiKeys } });
  const url = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries++) {
    const healthy = await fetch(`${url}/health`).then((response) => response.ok, () => false);
    if (healthy) return { emulator, url };
    if (tries === 100) throw new Error(`no emulator listens on ${url}`);
  }
}

let running = [];
for await (const line of readline.createInterface({ input: process.stdin })) {
  const [, count, unit] = /^clock (\d+)([smh])$/.exec(line) ?? [];
  if (count !== undefined) {
    ahead += Number(count) * units[unit];
  } else if (line.startsWith("reset ")) {
    running[Number(line.slice("reset ".length))].emulator.reset();
  } else {
    if (line === "new") {
      for (const { emulator } of running) emulator.close(); // which waits for connections that nobody closes
      running = [];
      ahead = 0;
    }
    running.push(await start());
  }
  console.log(running.at(-1).url);
}
process.exit(0);
