// The page of workos-mcp for people, in a real browser: with the mouse, the keyboard, in both color schemes, on a narrow
// screen and without script.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { chromium } from "playwright-core";

const binary = process.env.WORKOS_MCP;
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const skip = !existsSync(executablePath) && `no ${executablePath}`;
const shots = process.env.SCREENSHOTS; // a directory, to look at the page

let child, browser, base;

before(async () => {
  if (skip) return;
  assert.ok(binary, "WORKOS_MCP is not set: .ci/run builds the program that it names");
  child = spawn(binary, ["http", "--sandbox", "--addr", "127.0.0.1:0", "--deny", "*.delete", "--log-format", "json"], {
    env: { ...process.env, WORKOS_API_KEY: "sk_test_never_shown" }, stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface(child.stderr)) {
    const { msg, url } = JSON.parse(line);
    if (msg === "serving MCP") { base = new URL("/", url).href; break; }
  }
  child.stderr.resume();
  browser = await chromium.launch({
    executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
});

after(async () => {
  await browser?.close();
  if (child?.kill()) await once(child, "exit");
});

// opened opens the page in a context of its own. What the policy blocks, what fails and what leaves the site ends a test.
async function opened(options = {}, path = "") {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems = [];
  page.on("console", (message) => { if (message.type() === "error") problems.push(message.text()); });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => { if (!request.url().startsWith(base)) problems.push(request.url()); });
  await page.goto(base + path);
  return {
    page,
    end: async (name) => {
      if (shots && name) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: !name.startsWith("home") });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name}: the page is ${wide} pixels wider than the window`);
      assert.doesNotMatch(await page.content(), /sk_test_/);
      assert.deepEqual(problems, []);
      await context.close();
    },
  };
}

test("a person connects a client", { skip }, async () => {
  const { page, end } = await opened({ permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByText("Cursor", { exact: true }).click();
  assert.match(await page.getByRole("link", { name: "Add to Cursor" }).getAttribute("href"), /^cursor:\/\//);
  await page.locator("[data-copy=config-cursor]").click();
  await page.getByText("Copied.").waitFor();
  const entry = JSON.parse(await page.evaluate(() => navigator.clipboard.readText())).mcpServers.workos;
  assert.deepEqual(entry, { url: `${base}mcp`, headers: { Authorization: "Bearer ${env:WORKOS_API_KEY}" } });
  await page.getByText("VS Code", { exact: true }).click();
  const install = await page.getByRole("link", { name: "Add to VS Code" }).getAttribute("href");
  const server = JSON.parse(decodeURIComponent(install.replace("vscode:mcp/install?", "")));
  assert.equal(server.name, "workos");
  assert.equal(server.url, `${base}mcp`);
  await end("home-connect");
});

test("a person finds an operation with the keyboard", { skip }, async () => {
  const { page, end } = await opened();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to content");
  await page.keyboard.press("/");
  await page.keyboard.type("invitations.create");
  assert.equal(await page.locator(".tools li:visible").count(), 1);
  await page.getByRole("searchbox").fill("");
  await page.keyboard.type("who is a member");
  await Promise.all([page.waitForURL("**/?q=*"), page.keyboard.press("Enter")]);
  const found = page.locator(".tools li").first();
  assert.match(await found.textContent(), /memberships/);
  await Promise.all([page.waitForURL("**/page/operations/*"), found.getByRole("link").press("Enter")]);
  await page.getByText("JSON Schema of the arguments").click();
  JSON.parse(await page.locator("#schema").textContent());
  await end("operation");
});

test("what a filter rejects is not there", { skip }, async () => {
  const { page, end } = await opened();
  assert.equal(await page.getByText("organizations.delete", { exact: true }).count(), 0);
  assert.match(await page.locator("#limits").textContent(), /\*\.delete/);
  await end();
});

for (const colorScheme of ["light", "dark"]) {
  test(`${colorScheme}, wide and narrow`, { skip }, async () => {
    for (const width of [1100, 400]) {
      for (const [name, path] of [["home", ""], ["operation", "page/operations/user_management.invitations.create"]]) {
        const { page, end } = await opened({ colorScheme, viewport: { width, height: 1300 } }, path);
        const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
        assert.equal(background === "rgb(255, 255, 255)", colorScheme === "light");
        await end(`${name}-${colorScheme}-${width}`);
      }
    }
  });
}

test("without script", { skip }, async () => {
  const { page, end } = await opened({ javaScriptEnabled: false }, "?q=onboard+a+customer");
  assert.ok(await page.locator(".tools li").count() > 1);
  assert.equal(await page.locator("button[data-copy]:visible").count(), 0);
  await page.getByText("Codex", { exact: true }).click();
  assert.match(await page.locator("#config-codex").textContent(), /^\[mcp_servers\.workos\]/);
  await end().catch((error) => { if (!/evaluate|JavaScript/i.test(String(error))) throw error; });
});
