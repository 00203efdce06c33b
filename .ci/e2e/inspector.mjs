// The MCP Inspector in CLI mode: one process, and so one connection, a request. Nobody is there to be asked, and over
// stdio the call that confirms another one reaches another process than that one.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createRequire } from "node:module";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { after } from "node:test";

import { binary, key } from "./mcpserver.mjs";
import { bounds } from "./bounds.mjs";
import { scenarios } from "./scenario.mjs";

const launcher = createRequire(import.meta.url).resolve("@modelcontextprotocol/inspector/clients/launcher/build/index.js");

// It keeps a catalog of servers below the home directory.
const home = await mkdtemp(path.join(tmpdir(), "inspector-"));
after(() => rm(home, { recursive: true }));

const confirmKey = randomBytes(32).toString("base64");

const toolError = 5; // exit status of a result with isError

function inspect(args) {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [launcher, "--cli", "--format", "json", ...args],
      { env: { ...process.env, HOME: home }, maxBuffer: 64 << 20 },
      (err, stdout, stderr) => {
        const status = err?.code ?? 0;
        if (status !== 0 && (status !== toolError || stdout === "")) {
          reject(new Error(`the inspector ended with ${status}: ${stderr}`));
          return;
        }
        const { result, schemaFindings = [] } = JSON.parse(stdout);
        assert.equal(status === toolError, result.isError === true, "exit status and isError agree");
        resolve({ result, schemaFindings });
      },
    );
  });
}

function session(target) {
  return {
    asks: false,
    callsListedOnly: true,
    async listTools() {
      // --strict applies what model providers ask of schemas. A type that may be null is written as a list of types, the
      // shorter of the two legal ways.
      const { result, schemaFindings } = await inspect(["--method", "tools/list", "--strict", ...target]);
      const findings = schemaFindings.flatMap(({ toolName, findings }) =>
        findings.filter(({ rule }) => rule !== "type-union").map(({ path, rule }) => `${toolName} ${path}: ${rule}`),
      );
      assert.deepEqual(findings, []);
      return result;
    },
    async call(name, args) {
      const json = JSON.stringify(args);
      const method = ["--method", "tools/call", "--tool-name", name, "--tool-args-json", json];
      return (await inspect([...method, ...target])).result;
    },
    async read(uri) {
      return (await inspect(["--method", "resources/read", "--uri", uri, ...target])).result.contents[0].text;
    },
    async close() {},
  };
}

const connect = {
  dots: true,
  stdio: ({ baseURL, args = [] }) =>
    session([
      ...["-e", `WORKOS_API_KEY=${key}`, "-e", `WORKOS_BASE_URL=${baseURL}`],
      ...["-e", `WORKOS_MCP_CONFIRM_KEY=${confirmKey}`, "--", binary, "stdio", ...args],
    ]),
  http: ({ url, key, headers = {} }) =>
    session([
      ...["--transport", "http", "--stored-auth-only", "--header", `Authorization: Bearer ${key}`],
      ...Object.entries(headers).flatMap(([name, value]) => ["--header", `${name}: ${value}`]),
      ...["--", url],
    ]),
};

scenarios("@modelcontextprotocol/inspector", connect);
bounds("@modelcontextprotocol/inspector", connect);
