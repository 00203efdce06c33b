// The configuration that the page of a client shows, to the letter, is read by that client, which then reaches the
// server: its own list shows it. Both variants of the page are tried; of the one over HTTP only the address differs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { homedir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { binary, key, serveHTTP, upstream } from "../e2e/mcpserver.mjs";

const { resolve } = createRequire(import.meta.url);
const packaged = (name, ...file) => path.join(path.dirname(resolve(`${name}/package.json`)), ...file);
const pages = new URL("../../docs/clients/", import.meta.url);
const placeholder = "https://mcp.example.com/mcp";

// The commands that list servers, and what they print of ours. Codex and Copilot CLI only read their files, and do not
// connect for that.
const lists = {
  "claude-code": {
    command: () => [packaged("@anthropic-ai/claude-code-linux-x64", "claude"), "mcp", "list"],
    shows: { stdio: /workos: workos-mcp .*Connected/, http: /workos: http:.*Connected/ },
    // As if the person had approved the server of the project, which has to be a trusted one.
    before: (work) => ({
      ".claude.json": { projects: { [work]: { hasTrustDialogAccepted: true, enabledMcpjsonServers: ["workos"] } } },
    }),
  },
  codex: {
    command: () => [process.execPath, packaged("@openai/codex", "bin", "codex.js"), "mcp", "list"],
    shows: { stdio: /workos\s+workos-mcp\s.*WORKOS_API_KEY/, http: /workos\s+http:\S+\s+WORKOS_API_KEY/ },
  },
  "copilot-cli": {
    command: () => [process.execPath, packaged("@github/copilot", "npm-loader.js"), "mcp", "list"],
    shows: { stdio: /workos \(local\)/, http: /workos \(http\)/ },
  },
  "gemini-cli": {
    command: () => [process.execPath, packaged("@google/gemini-cli", "bundle", "gemini.js"), "mcp", "list"],
    shows: { stdio: /workos: workos-mcp .*Connected/, http: /workos: http:.*Connected/ },
    // It starts no server in a folder that nobody trusts.
    before: (work) => ({ ".gemini/trustedFolders.json": { [work]: "TRUST_FOLDER" } }),
  },
  opencode: {
    command: () => [packaged("opencode-linux-x64-baseline", "bin", "opencode"), "mcp", "list"],
    shows: { stdio: /workos.*connected[^]*workos-mcp/, http: /workos.*connected[^]*http:/ },
  },
};

/** Returns the name of a client's file, and the configurations over stdio and HTTP, as its page has them. */
async function guide(client) {
  const page = await readFile(new URL(`${client}.md`, pages), "utf8");
  const [, file] = /writes this into\n`([^`]+)`/.exec(page);
  const [stdio, http] = [...page.matchAll(/^```(?:json|toml)\n([^]*?)^```$/gm)].map(([, text]) => text);
  assert.ok(http.includes(placeholder), `${client}.md has a variant over HTTP`);
  return { file, stdio, http };
}

async function put(text, ...file) {
  const name = path.join(...file);
  await mkdir(path.dirname(name), { recursive: true });
  await writeFile(name, text);
}

for (const [client, { command, shows, before }] of Object.entries(lists)) {
  for (const transport of ["stdio", "http"]) {
    test(`${client} reads its page over ${transport}`, async (t) => {
      await mkdir(path.join(homedir(), ".cache"), { recursive: true });
      const home = await mkdtemp(path.join(homedir(), ".cache", "workos-guide-"));
      t.after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
      const work = path.join(home, "work");
      const bin = path.join(home, "bin");
      await mkdir(work);
      await mkdir(bin);
      await symlink(binary, path.join(bin, "workos-mcp"));

      const { file, ...variants } = await guide(client);
      let text = variants[transport];
      if (transport === "http") {
        const { url, close } = await serveHTTP(upstream, ["--require-credential"]);
        t.after(close);
        text = text.replace(placeholder, url);
      }
      for (const [name, value] of Object.entries(before?.(work) ?? {})) await put(JSON.stringify(value), home, name);
      await put(text, ...(file.startsWith("~/") ? [home, file.slice(2)] : [work, file]));

      const [program, ...args] = command();
      const { stdout, stderr } = spawnSync(program, args, {
        cwd: work, encoding: "utf8", timeout: 120000,
        env: {
          PATH: `${bin}:${process.env.PATH}`, HOME: home, TERM: "dumb", NO_COLOR: "1", NO_PROXY: "127.0.0.1",
          WORKOS_API_KEY: key,
        },
      });
      const output = (stdout + stderr).replace(/\u001b\[[0-9;?]*[A-Za-z]/g, "");
      assert.match(output, shows[transport]);
      assert.ok(!output.includes(key), "the key is not shown");
      t.diagnostic(output.trim().split("\n").filter((line) => line.includes("workos")).join(" | "));
    });
  }
}
