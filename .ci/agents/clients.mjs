// How each command-line client is set up without an account: a model on loopback, one MCP server, nobody to ask.
//
// `prefix` is what the client puts before the name of a tool, and `asks` whether it has elicitation: then it declines by
// itself when nobody is there, unless a hook answers. `setUp` writes the client's files below its home and its working
// directory and returns the program, its arguments and its environment. `server` is { command, args, env } for stdio or
// { url, headers } for HTTP.
import { createRequire } from "node:module";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";

const { resolve } = createRequire(import.meta.url);
const packaged = (name, ...file) => path.join(path.dirname(resolve(`${name}/package.json`)), ...file);

const isHTTP = (server) => "url" in server;

async function put(value, ...file) {
  const name = path.join(...file);
  await mkdir(path.dirname(name), { recursive: true });
  await writeFile(name, typeof value === "string" ? value : JSON.stringify(value));
  return name;
}

const codex = {
  name: "codex",
  prefix: "",
  namespace: "mcp__workos",
  asks: true,
  async setUp({ home, model, server }) {
    const table = isHTTP(server)
      ? `url = ${JSON.stringify(server.url)}\nhttp_headers = ${inline(server.headers)}`
      : `command = ${JSON.stringify(server.command)}\nargs = ${JSON.stringify(server.args)}\nenv = ${inline(server.env)}`;
    await put(
      `model = "fake"\nmodel_provider = "fake"\n[model_providers.fake]\nname = "fake"\nbase_url = "${model}/v1"\n` +
        `wire_api = "responses"\n[mcp_servers.workos]\n${table}\n`,
      home, ".codex", "config.toml",
    );
    return {
      program: process.execPath,
      args: [packaged("@openai/codex", "bin", "codex.js"), "exec", "--skip-git-repo-check",
        "--dangerously-bypass-approvals-and-sandbox", "go"],
    };
  },
};

const inline = (table) =>
  `{ ${Object.entries(table).map(([name, value]) => `${JSON.stringify(name)} = ${JSON.stringify(value)}`).join(", ")} }`;

const claude = {
  name: "claude-code",
  prefix: "mcp__workos__",
  asks: true,
  // A hook answers in place of a person.
  consents: true,
  async setUp({ home, model, server, consent }) {
    const config = await put(
      { mcpServers: { workos: { ...(isHTTP(server) && { type: "http" }), ...server, alwaysLoad: true } } }, home, "mcp.json",
    );
    const reply = { hookSpecificOutput: { hookEventName: "Elicitation", ...consent } };
    const hook = await put(`#!/bin/sh\ncat >>"${home}/asked"\necho '${JSON.stringify(reply)}'\n`, home, "consent.sh");
    const settings = consent
      ? { hooks: { Elicitation: [{ hooks: [{ type: "command", command: `sh ${hook}` }] }] } }
      : {};
    return {
      program: packaged("@anthropic-ai/claude-code-linux-x64", "claude"),
      args: ["-p", "go", "--mcp-config", config, "--strict-mcp-config", "--allowedTools", "mcp__workos",
        "--settings", await put(settings, home, "settings.json")],
      env: {
        ANTHROPIC_BASE_URL: model, ANTHROPIC_API_KEY: "sk-ant-unused", CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
        ENABLE_TOOL_SEARCH: "false", // all tools in the request, not only those that a search of its own finds
        // By default it goes on without a server that is not there within seconds.
        MCP_CONNECTION_NONBLOCKING: "false", MCP_CONNECT_TIMEOUT_MS: "300000", MCP_TIMEOUT: "300000",
      },
    };
  },
};

const opencode = {
  name: "opencode",
  prefix: "workos_",
  asks: false,
  async setUp({ work, model, server }) {
    const mcp = isHTTP(server)
      ? { type: "remote", ...server, oauth: false }
      : { type: "local", command: [server.command, ...server.args], environment: server.env };
    await put(
      {
        model: "fake/fake", small_model: "fake/fake", autoupdate: false,
        provider: {
          fake: {
            npm: "@ai-sdk/openai-compatible", options: { baseURL: `${model}/v1`, apiKey: "unused" },
            models: { fake: { name: "fake", tool_call: true } },
          },
        },
        mcp: { workos: { ...mcp, enabled: true } },
      },
      work, "opencode.json",
    );
    return {
      program: packaged("opencode-linux-x64-baseline", "bin", "opencode"),
      args: ["run", "go"],
      env: { OPENCODE_DISABLE_MODELS_FETCH: "1", OPENCODE_DISABLE_AUTOUPDATE: "1", OPENCODE_DISABLE_LSP_DOWNLOAD: "1" },
    };
  },
};

const copilot = {
  name: "copilot",
  prefix: "workos-",
  asks: true,
  async setUp({ home, model, server }) {
    const mcp = isHTTP(server) ? { type: "http", ...server } : { type: "local", ...server };
    await put({ mcpServers: { workos: { ...mcp, tools: ["*"] } } }, home, ".copilot", "mcp-config.json");
    return {
      program: process.execPath,
      args: [packaged("@github/copilot", "npm-loader.js"), "-p", "go", "--allow-all-tools"],
      env: {
        COPILOT_OFFLINE: "true", COPILOT_PROVIDER_BASE_URL: `${model}/v1`, COPILOT_MODEL: "fake",
        COPILOT_PROVIDER_API_KEY: "unused",
      },
    };
  },
};

const gemini = {
  name: "gemini-cli",
  prefix: "mcp_workos_",
  asks: false,
  async setUp({ home, model, server }) {
    const mcp = isHTTP(server) ? { httpUrl: server.url, headers: server.headers } : server;
    await put(
      {
        security: { auth: { selectedType: "gemini-api-key" }, folderTrust: { enabled: false } },
        privacy: { usageStatisticsEnabled: false },
        mcpServers: { workos: { ...mcp, trust: true } },
      },
      home, ".gemini", "settings.json",
    );
    return {
      program: process.execPath,
      args: [packaged("@google/gemini-cli", "bundle", "gemini.js"), "-m", "gemini-2.5-pro", "-p", "go", "--yolo"],
      env: { GEMINI_API_KEY: "unused", GOOGLE_GEMINI_BASE_URL: model },
    };
  },
};

export const clients = [claude, codex, copilot, gemini, opencode];
