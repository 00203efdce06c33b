// Command-line agents against the server: each is given a model on loopback that asks for a list, a creation and a
// deletion. What a client sends to its model and what reaches the API are asserted; of a refused call, nothing does.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, mkdir, readFile, rm } from "node:fs/promises";
import { homedir } from "node:os";
import path from "node:path";
import { test } from "node:test";

import { binary, key, serveHTTP, upstream } from "../e2e/mcpserver.mjs";
import { record } from "../e2e/recorder.mjs";
import { clients } from "./clients.mjs";
import { startModel } from "./model.mjs";

// The longest of all names, and so the first that a client would have to cut.
const longest = "authorization.organization_memberships.resources.permissions.by_resource_id.list";
const create = "organizations.create";
const remove = "organizations.delete";

const shown = (...args) => JSON.parse(execFileSync(binary, ["tool", ...args], { maxBuffer: 64 << 20 }));

/** Runs a client once, with a home of its own, until it ends. */
async function run(client, { model, server, consent, home }) {
  const work = path.join(home, "work");
  await mkdir(work);
  const { program, args, env } = await client.setUp({ home, work, model: model.url, server, consent });
  const child = spawn(program, args, {
    cwd: work,
    env: { PATH: process.env.PATH, HOME: home, TERM: "dumb", NO_COLOR: "1", NO_PROXY: "127.0.0.1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => (output += chunk));
  const [status] = await once(child, "exit");
  assert.equal(status, 0, `${client.name} ended with ${status}: ${output}\n${model.seen.requests.join("\n")}`);
  return output;
}

/** Starts what a client talks to, runs it, and returns what the model and the API saw. */
async function scenario(t, client, transport, { consent, steps }) {
  // Below the home directory, because one client trusts no program in the directory of temporary files.
  await mkdir(path.join(homedir(), ".cache"), { recursive: true });
  const home = await mkdtemp(path.join(homedir(), ".cache", "workos-agent-"));
  t.after(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const wire = await record(upstream);
  t.after(() => wire.close());
  const model = await startModel(({ name, namespace = "" }) => /workos/.test(namespace + name), steps(wire));
  t.after(() => model.close());
  let server = { command: binary, args: ["stdio"], env: { WORKOS_API_KEY: key, WORKOS_BASE_URL: wire.url } };
  if (transport === "http") {
    const { url, close } = await serveHTTP(wire.url);
    t.after(close);
    server = { url, headers: { Authorization: `Bearer ${key}` } };
  }
  const output = await run(client, { model, server, consent, home });
  const asked = await readFile(path.join(home, "asked"), "utf8").catch(() => "");
  return { ...model.seen, sent: wire.requests, output, asked };
}

/** Returns a step of the model: a call of an operation under the name that the client has for it. */
function call(client, operation, args) {
  const name = client.prefix + shown("get", operation, "--as", client.name).name;
  return (offered, results) => {
    const tool = offered.find((tool) => tool.name === name);
    assert.ok(tool, `${client.name} offers no ${name}: ${offered.map(({ name }) => name).join(" ")}`);
    return { tool, args: typeof args === "function" ? args(results) : args };
  };
}

const deletions = (sent) => sent.filter(({ method }) => method === "DELETE").map(({ url }) => url);
const organization = (result) => /org_[0-9A-Z]+/.exec(result)[0];
const token = (result) => /token\W+([\w-]{40,})/i.exec(result)?.[1];

for (const client of clients) {
  // What the model asks for: the operation with the longest name, a creation, and a deletion that has to be confirmed.
  // A client without elicitation is told a token for that, which the model sends on, as if the person had agreed.
  const steps = () => [
    call(client, longest, { organization_membership_id: "om_1", resource_id: "authz_resource_1" }),
    call(client, create, { name: `Acme of ${client.name}` }),
    call(client, remove, (results) => ({ id: organization(results[1]) })),
  ];

  for (const transport of ["stdio", "http"]) {
    test(`${client.name} over ${transport}`, async (t) => {
      let before;
      const confirm = call(client, remove, (results) => ({
        id: organization(results[1]), confirmation: token(results[2]),
      }));
      const { offered, results, sent } = await scenario(t, client, transport, {
        steps: (wire) => [
          ...steps(),
          (offered, results) => {
            before = deletions(wire.requests);
            return token(results[2]) && confirm(offered, results);
          },
        ],
      });

      const given = shown("list", "--as", client.name, "--json").map(({ name }) => client.prefix + name);
      assert.deepEqual(offered.map(({ name }) => name).sort(), given.sort());
      for (const { name, namespace, schema } of offered) {
        assert.match(namespace ? `${namespace}__${name}` : name, /^[a-zA-Z0-9_-]{1,64}$/);
        assert.equal(schema?.type, "object", name);
      }
      assert.equal(sent[0].url.split("?")[0],
        "/authorization/organization_memberships/om_1/resources/authz_resource_1/permissions");
      assert.equal(sent[0].authorization, `Bearer ${key}`);
      assert.deepEqual(JSON.parse(sent[1].body), { name: `Acme of ${client.name}` });

      assert.deepEqual(before, [], "a deletion was sent before anybody confirmed it");
      if (token(results[2])) {
        assert.match(results[2], /confirmation_required/);
        assert.match(results[2], new RegExp(`Acme of ${client.name}`), "the question has the name");
        assert.deepEqual(deletions(sent), [`/organizations/${organization(results[1])}`]);
      } else {
        assert.ok(client.asks, "only a client with elicitation declines");
        assert.match(results[2], /not_confirmed/);
        assert.equal(results.length, 3);
        assert.deepEqual(deletions(sent), []);
      }
    });
  }

  if (client.consents) {
    test(`${client.name} with consent`, async (t) => {
      const consent = { action: "accept", content: { confirm: true } };
      const { results, sent, asked } = await scenario(t, client, "stdio", { consent, steps });
      assert.match(asked, new RegExp(`Acme of ${client.name}`), "the question has the name");
      assert.deepEqual(deletions(sent), [`/organizations/${organization(results[1])}`]);
    });
  }
}
