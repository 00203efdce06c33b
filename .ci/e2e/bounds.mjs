// Filters and the dynamic mode: what a client is told of, and that nothing else reaches the wire.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { record } from "./recorder.mjs";
import { key, serveHTTP, upstream } from "./mcpserver.mjs";
import { yes } from "./person.mjs";
import { ok, question, text } from "./scenario.mjs";

const dynamic = ["--mode", "dynamic"];
const callers = ["call_destructive_operation", "call_read_operation", "call_write_operation"];
const finders = ["describe_operations", "search_operations"];

/**
 * Declares the tests of one client, with `connect` as for scenarios(); it also takes `args` of the server over stdio and
 * `headers` of each request over HTTP. Its sessions have read(uri), and `callsListedOnly` if the client refuses itself
 * to call what is not listed; `dots` if it gets the names of tools as they are.
 */
export function bounds(client, { stdio, http, dots = false }) {
  const as = (name) => (dots ? name : name.replaceAll(".", "_"));
  test(`${client} within filters over stdio`, async (t) => {
    const wire = await recorded(t);
    const args = ["--toolsets", "organizations,events", "--deny", "*.delete", "--confirm", "none"];
    const session = await opened(t, stdio({ baseURL: wire.url, args }));
    const names = await listed(session);
    assert.ok(names.includes(as("organizations.create")) && names.includes(as("events.list")));
    assert.ok(!names.includes(as("organizations.delete")) && !names.includes(as("connections.list")));
    await filtered(wire, session, "organizations.delete", { id: "org_01" }, /--deny has \*\.delete/);
    await filtered(wire, session, "connections.list", {}, /--toolsets permits nothing of the toolset sso/);
    await ok(session, "organizations.list", {});
  });

  test(`${client} within filters of its requests over HTTP`, async (t) => {
    const wire = await recorded(t);
    const server = await serveHTTP(wire.url, ["--deny", "vault.*", "--confirm", "none"]);
    t.after(() => server.close());
    const headers = { "X-MCP-Readonly": "true", "X-MCP-Toolsets": "organizations, vault" };
    const session = await opened(t, http({ url: server.url, key, headers }));
    const names = await listed(session);
    assert.deepEqual(names, ["organizations.external_id.get", "organizations.get", "organizations.list"].map(as));
    await filtered(wire, session, "organizations.create", { name: "Acme" }, /X-MCP-Readonly/);
    await filtered(wire, session, "vault.kv.list", {}, /--deny has vault\.\*/);
    await ok(session, "organizations.list", {});
    const other = await opened(t, http({ url: server.url, key }));
    assert.ok((await listed(other)).includes(as("organizations.create")), "another request is not narrowed");
    await assert.rejects(async () => {
      const misspelt = await http({ url: server.url, key, headers: { "X-MCP-Toolsets": "organisations" } });
      await misspelt.listTools();
    }, "a mistake in a header is no wider set");
  });

  test(`${client} in dynamic mode over stdio`, async (t) => {
    const wire = await recorded(t);
    await discovers(wire, await opened(t, stdio({ baseURL: wire.url, args: dynamic })));
  });

  test(`${client} in dynamic mode over HTTP`, async (t) => {
    const wire = await recorded(t);
    const server = await serveHTTP(wire.url, dynamic);
    t.after(() => server.close());
    await discovers(wire, await opened(t, http({ url: server.url, key })));
    const session = await opened(t, http({ url: server.url, key, headers: { "X-MCP-Readonly": "true" } }));
    assert.deepEqual(await listed(session), ["call_read_operation", ...finders]);
    const create = { operation: "organizations.create", arguments: { name: "Acme" } };
    await filtered(wire, session, "call_write_operation", create, /X-MCP-Readonly/);
    assert.match(await session.read("workos://catalogue"), /^organizations: list external_id\.get get$/m);
  });
}

/** From a wish to a call: search, describe, create, read, delete, each by the tool that is meant for it. */
async function discovers(wire, session) {
  assert.deepEqual(await listed(session), [...callers, ...finders]);
  assert.match(await session.read("workos://catalogue"), /^organizations: list create/m);
  const { operations } = await ok(session, "search_operations", { query: "onboard a new customer" });
  const line = operations.find((text) => text.startsWith("organizations.create({name, "));
  assert.ok(line, `organizations.create is among ${operations}`);
  assert.ok(line.endsWith(" // Create an organization [call_write_operation]"), line);
  const create = "organizations.create";
  const described = await ok(session, "describe_operations", { operations: [create] });
  assert.ok("metadata" in described.operations[0].input_schema.properties);
  assert.deepEqual(wire.requests, [], "finding sends nothing");

  const name = `Acme ${randomUUID()}`;
  const org = await ok(session, "call_write_operation", { operation: create, arguments: { name } });
  assert.equal(org.name, name);
  const one = { operation: "organizations.get", arguments: { id: org.id } };
  assert.equal((await ok(session, "call_read_operation", one)).id, org.id);

  const remove = { operation: "organizations.delete", arguments: { id: org.id } };
  const before = wire.requests.length;
  for (const [tool, args, told] of [
    ["call_read_operation", remove, /call it with call_destructive_operation/],
    ["call_write_operation", remove, /call it with call_destructive_operation/],
    ["call_destructive_operation", one, /call it with call_read_operation/],
    ["call_destructive_operation", { operation: remove.operation, arguments: { id: ".." } }, /\bid\b/],
    ["call_destructive_operation", { operation: remove.operation, id: org.id }, /belongs inside arguments/],
    ["call_read_operation", { operation: "organization.get" }, /did you mean organizations\.get/],
  ]) {
    const refused = await session.call(tool, args);
    assert.equal(refused.isError, true, `${tool} ${JSON.stringify(args)}`);
    assert.match(text(refused), told);
  }
  assert.deepEqual(wire.requests.slice(before), [], "what is refused is not sent");
  await confirmed(session, "call_destructive_operation", remove);
  const sent = wire.requests.slice(before).filter(({ method }) => method !== "GET");
  assert.deepEqual(sent.map(({ method, url }) => `${method} ${url}`), [`DELETE /organizations/${org.id}`]);
}

/** Calls a destructive operation, which is confirmed in the client's way. */
async function confirmed(session, tool, { operation, arguments: args }) {
  if (session.asks) {
    session.person.answer = yes;
    await ok(session, tool, { operation, arguments: args });
    assert.equal(session.person.asked.length, 1, "the person is asked once");
    return;
  }
  const { token } = await question(session, tool, { operation, arguments: args });
  await ok(session, tool, { operation, arguments: { ...args, confirmation: token } });
}

/** Calls what a filter keeps out of the list. */
async function filtered(wire, session, name, args, by) {
  const before = wire.requests.length;
  if (session.callsListedOnly) {
    await assert.rejects(() => session.call(name, args), /not found/);
  } else {
    const result = await session.call(name, args);
    assert.equal(result.isError, true);
    assert.equal(result.structuredContent.error.code, "filtered");
    assert.match(text(result), by);
  }
  assert.deepEqual(wire.requests.slice(before), [], "what is filtered is not sent");
}

async function listed(session) {
  return (await session.listTools()).tools.map(({ name }) => name).sort();
}

async function recorded(t) {
  const wire = await record(upstream);
  t.after(() => wire.close());
  return wire;
}

async function opened(t, opening) {
  const session = await opening;
  t.after(() => session.close());
  return session;
}
