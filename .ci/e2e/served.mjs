// A sandbox that workos-mcp serves.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// serve starts one with the content of a seed, at a free port.
export async function serve(seed) {
  const binary = process.env.WORKOS_MCP;
  assert.ok(binary, "WORKOS_MCP is not set: .ci/run builds the program that it names");
  const folder = await mkdtemp(join(tmpdir(), "sandbox-"));
  await writeFile(join(folder, "seed.yaml"), seed);
  const child = spawn(binary, ["sandbox", "--addr", "127.0.0.1:0", "--seed", join(folder, "seed.yaml")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = await once(createInterface(child.stdout), "line");
  return {
    base: new URL(/http:\/\/[^\s,]+/.exec(line)[0]),
    async close() {
      child.kill();
      await rm(folder, { recursive: true });
    },
  };
}
