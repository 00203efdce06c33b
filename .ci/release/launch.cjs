#!/usr/bin/env node
// Starts the binary of this machine, which is in a package of its own.
"use strict";

const { spawn } = require("node:child_process");
const { join, dirname } = require("node:path");

const name = `@seed-f165d83c/workos-mcp-${process.platform}-${process.arch}`;
let binary;
try {
  const folder = dirname(require.resolve(`${name}/package.json`));
  binary = join(folder, "bin", process.platform === "win32" ? "workos-mcp.exe" : "workos-mcp");
} catch {
  console.error(
    `workos-mcp: the package ${name} is missing. Install with optional dependencies, without --omit=optional. ` +
      "Systems: linux, darwin and win32 on x64 and arm64.",
  );
  process.exit(1);
}

const child = spawn(binary, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`workos-mcp: ${error.message}`);
  process.exit(1);
});
child.on("exit", (code, signal) => {
  process.exitCode = signal ? 1 : code;
});
