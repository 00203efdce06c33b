// What "workos-mcp init" writes is read by each client, which then starts the server: its own list shows it.
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { binary } from "../e2e/mcpserver.mjs";

const { resolve } = createRequire(import.meta.url);
const packaged = (name, ...file) => path.join(path.dirname(resolve(`${name}/package.json`)), ...file);

// The commands that list servers, and what they print of ours.
const lists = {
  "claude-code": {
    command: () => [packaged("@anthropic-ai/claude-code-linux-x64", "claude"), "mcp", "list"],
    shows: /workos: .*(Connected|Pending approval)/,
  },
  codex: {
    command: () => [process.execPath, packaged("@openai/codex", "bin", "codex.js"), "mcp", "list"],
    shows: /workos\s+\S*workos-mcp\s+--sandbox/,
  },
  "copilot-cli": {
    command: () => [process.execPath, packaged("@github/copilot", "npm-loader.js"), "mcp", "list"],
    shows: /workos/,
  },
  "gemini-cli": {
    command: () => [process.execPath, packaged("@google/gemini-cli", "bundle", "gemini.js"), "mcp", "list"],
    shows: /workos: .*Connected/,
    // It starts no server in a folder that nobody trusts.
    before: [".gemini/settings.json", { security: { folderTrust: { enabled: false } } }],
  },
  opencode: {
    command: () => [packaged("opencode-linux-x64-baseline", "bin", "opencode"), "mcp", "list"],
    shows: /workos.*connected/,
  },
};

for (const [name, { command, shows, before }] of Object.entries(lists)) {
  test(`${name} reads what init writes`, async (t) => {
    await mkdir(path.join(homedir(), ".cache"), { recursive: true });
    const home = await mkdtemp(path.join(homedir(), ".cache", "workos-init-"));
    t.after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
    const env = { PATH: process.env.PATH, HOME: home, TERM: "dumb", NO_COLOR: "1" };
    if (before) {
      await mkdir(path.join(home, path.dirname(before[0])));
      await writeFile(path.join(home, before[0]), JSON.stringify(before[1]));
    }
    execFileSync(binary, ["--sandbox", "init", name], { cwd: home, env });
    const [program, ...args] = command();
    const { stdout, stderr } = spawnSync(program, args, { cwd: home, env, encoding: "utf8", timeout: 120000 });
    const output = (stdout + stderr).replace(/\u001b\[[0-9;]*m/g, "");
    assert.match(output, shows);
    t.diagnostic(output.trim().split("\n").filter((line) => line.includes("workos")).join(" | "));
  });
}
