// What every MCP client does with the server, whatever its SDK, protocol era and transport.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";

import { refusals, yes } from "./person.mjs";
import { record } from "./recorder.mjs";
import { key, serveHTTP, upstream } from "./mcpserver.mjs";

export const toolCount = 263;

/**
 * Declares the tests of one client. `connect` gets { baseURL } to start the server over stdio, or { url, key } to
 * reach it over HTTP, and returns { listTools(), call(name, arguments), close() } with the protocol's own results, and
 * `asks`: whether the server can ask `person` in the course of a call.
 */
export function scenarios(client, { stdio, http, dots = false }) {
  test(`${client} over stdio`, async (t) => {
    const wire = await record(upstream);
    t.after(() => wire.close());
    const session = await stdio({ baseURL: wire.url });
    t.after(() => session.close());
    await scenario(t, wire, session, dots);
  });

  test(`${client} over HTTP`, async (t) => {
    const wire = await record(upstream);
    t.after(() => wire.close());
    const server = await serveHTTP(wire.url);
    t.after(() => server.close());
    const session = await http({ url: server.url, key });
    t.after(() => session.close());
    await scenario(t, wire, session, dots);

    await t.test("each request brings its own key", async () => {
      const stranger = await http({ url: server.url, key: "sk_test_stranger" });
      const refused = await stranger.call("organizations.get", { id: "org_missing" });
      await stranger.close();
      assert.equal(wire.requests.at(-1).authorization, "Bearer sk_test_stranger");
      assert.equal(refused.isError, true);
      assert.match(text(refused), /401/);
      assert.doesNotMatch(text(refused), /sk_test_stranger/);
    });

    await t.test("the server stops on SIGTERM and has logged no key", async () => {
      assert.equal(await server.close(), 0);
      assert.doesNotMatch(server.log(), /sk_test/);
    });
  });
}

async function scenario(t, wire, session, dots) {
  let org, user;

  await t.test(`lists ${toolCount} tools`, async () => {
    const { tools } = await session.listTools();
    assert.equal(tools.length, toolCount);
    assert.equal(new Set(tools.map((tool) => tool.name)).size, toolCount, "names differ");
    for (const { name, description, inputSchema } of tools) {
      assert.match(name, dots ? /^[a-z0-9_.]+$/ : /^[a-z0-9_]{1,51}$/, "a client that is not known gets short names");
      assert.ok(description, `${name} has a description`);
      assert.equal(inputSchema.type, "object", `${name} takes an object`);
      for (const word of ["oneOf", "anyOf", "allOf"]) assert.ok(!(word in inputSchema), `${name} has a root ${word}`);
    }
    assert.deepEqual(wire.requests, [], "listing sends nothing");
  });

  await t.test("creates an organization", async () => {
    const name = `Acme ${randomUUID()}`;
    org = await ok(session, "organizations.create", { name, metadata: { plan: "team" } });
    assert.equal(org.object, "organization");
    assert.equal(org.name, name);
    const sent = wire.requests.at(-1);
    assert.equal(`${sent.method} ${sent.url}`, "POST /organizations");
    assert.equal(sent.authorization, `Bearer ${key}`);
    assert.deepEqual(JSON.parse(sent.body), { name, metadata: { plan: "team" } });
  });

  await t.test("lists organizations with limit and cursor", async () => {
    const more = [];
    for (const n of [1, 2]) more.push(await ok(session, "organizations.create", { name: `Page ${n} ${randomUUID()}` }));
    const first = await ok(session, "organizations.list", { limit: 1, order: "desc" });
    assert.deepEqual(first.data.map((o) => o.id), [more[1].id]);
    const after = first.list_metadata.after;
    assert.ok(after, "there is another page");
    const second = await ok(session, "organizations.list", { limit: 2, order: "desc", after });
    assert.deepEqual(second.data.map((o) => o.id), [more[0].id, org.id]);
    assert.equal(new URL(wire.requests.at(-1).url, upstream).searchParams.get("after"), after);
  });

  await t.test("asks for a part of an answer, and for all pages with their progress", async () => {
    const part = await ok(session, "organizations.list", { limit: 2, fields: "data.id" });
    assert.deepEqual(Object.keys(part).sort(), ["data", "list_metadata"]);
    for (const one of part.data) assert.deepEqual(Object.keys(one), ["id"]);
    const sent = new URL(wire.requests.at(-1).url, upstream);
    assert.deepEqual([...sent.searchParams.keys()], ["limit"], "the API is not told");
    if (!session.follow) return; // the client cannot ask for it

    const told = [];
    const before = wire.requests.length;
    const result = await session.follow(
      "organizations.list",
      { all_pages: true, limit: 1, jq: "[.data[].id] | length, (unique | length)" },
      (progress) => told.push(progress.progress),
    );
    const [all, different] = result.structuredContent.jq;
    assert.equal(different, all, "no organization comes twice");
    assert.equal(wire.requests.length - before, all, "one page each");
    assert.ok(told.length > 0, "progress is told");
    assert.deepEqual(told, [...told].sort((a, b) => a - b), "it goes up");
    assert.ok(told.every((n) => n >= 1 && n < all));
  });

  await t.test("a program that may not run is refused before anything is sent", async () => {
    const before = wire.requests.length;
    const result = await session.call("organizations.list", { jq: "env" });
    assert.equal(result.isError, true);
    assert.match(text(result), /may not call env/);
    assert.deepEqual(wire.requests.slice(before), []);
  });

  await t.test("creates a user, a membership and an invitation", async () => {
    const email = `ada@${randomUUID()}.example.com`;
    user = await ok(session, "user_management.users.create", { email, first_name: "Ada", last_name: null });
    assert.equal(user.email, email);
    assert.deepEqual(JSON.parse(wire.requests.at(-1).body), { email, first_name: "Ada", last_name: null });
    const organization_id = org.id;
    const member = await ok(session, "user_management.organization_memberships.create", {
      organization_id,
      user_id: user.id,
    });
    assert.equal(member.object, "organization_membership");
    assert.equal(member.status, "active");
    const invitee = `grace@${randomUUID()}.example.com`;
    const invitation = await confirmed(wire, session, "user_management.invitations.create", {
      email: invitee,
      organization_id,
    });
    assert.equal(invitation.state, "pending");
    assert.equal(invitation.email, invitee);
  });

  await t.test("updates an organization", async () => {
    const updated = await ok(session, "organizations.update", { id: org.id, name: "Renamed" });
    assert.equal(updated.id, org.id);
    assert.equal(updated.name, "Renamed");
    assert.deepEqual(JSON.parse(wire.requests.at(-1).body), { name: "Renamed" }, "the path's id is not in the body");
  });

  await t.test("a missing organization is a tool error with 404", async () => {
    const result = await session.call("organizations.get", { id: "org_missing" });
    assert.equal(result.isError, true);
    assert.match(text(result), /404/);
    assert.match(text(result), /not_found/);
  });

  await t.test("a name that the API refuses is a tool error with 422", async () => {
    const result = await session.call("organizations.create", { name: " " });
    assert.equal(result.isError, true);
    assert.match(text(result), /422/);
    assert.match(text(result), /name/);
  });

  for (const [what, tool, args, named] of [
    ["an unknown argument", "organizations.create", { name: "Acme", nmae: "Acme" }, /nmae/],
    ["a missing argument", "organizations.get", {}, /\bid\b/],
    ["a wrong type", "organizations.list", { limit: "ten" }, /limit/],
    ["a value outside its enum", "organizations.list", { order: "sideways" }, /order/],
    ["an empty path value", "organizations.get", { id: "" }, /\bid\b/],
    ["a path value that climbs", "organizations.delete", { id: ".." }, /\bid\b/],
    ["a path value with slashes", "organizations.delete", { id: "../users/user_01" }, /\bid\b/],
  ]) {
    await t.test(`${what} is refused before anything is sent`, async () => {
      const before = wire.requests.length;
      const result = await session.call(tool, args);
      assert.equal(result.isError, true);
      assert.match(text(result), named);
      assert.deepEqual(wire.requests.slice(before), []);
    });
  }

  await confirmations(t, wire, session, org);

  await t.test("deletes an organization", async () => {
    assert.deepEqual(await confirmed(wire, session, "organizations.delete", { id: org.id }), {});
    const gone = await session.call("organizations.get", { id: org.id });
    assert.equal(gone.isError, true);
    assert.match(text(gone), /404/);
    await confirmed(wire, session, "user_management.users.delete", { id: user.id });
  });
}

/** What is no confirmation sends nothing. */
async function confirmations(t, wire, session, org) {
  if (session.asks) {
    for (const [how, answer] of Object.entries(refusals)) {
      await t.test(`a deletion that is ${how} is not sent`, async () => {
        const before = wire.requests.length;
        const asked = session.person.asked.length;
        session.person.answer = answer;
        const result = await session.call("organizations.delete", { id: org.id });
        assert.equal(result.isError, true);
        assert.match(text(result), /not_confirmed/);
        assert.equal(session.person.asked.length, asked + 1, "the person is asked once");
        assert.match(session.person.asked.at(-1).message, /Delete an organization\?/);
        assert.match(session.person.asked.at(-1).message, /name: "Renamed"/, "it says which");
        assert.deepEqual(changes(wire, before), []);
      });
    }
    return;
  }

  await t.test("a token confirms the call that it was given for, and no other", async () => {
    const before = wire.requests.length;
    const { token } = await question(session, "organizations.delete", { id: org.id });
    const other = await ok(session, "organizations.create", { name: `Other ${randomUUID()}` });
    for (const [what, tool, args] of [
      ["another argument", "organizations.delete", { id: other.id, confirmation: token }],
      ["another tool", "organizations.audit_logs_retention.update", { id: org.id, retention_period_in_days: 30, confirmation: token }],
      ["a changed token", "organizations.delete", { id: org.id, confirmation: `${token.slice(0, -2)}${token.endsWith("AA") ? "QQ" : "AA"}` }],
      ["half a token", "organizations.delete", { id: org.id, confirmation: token.slice(0, 30) }],
      ["a word", "organizations.delete", { id: org.id, confirmation: "yes" }],
    ]) {
      const result = await session.call(tool, args);
      assert.equal(result.isError, true, what);
      assert.match(text(result), /confirmation_invalid/, what);
    }
    assert.deepEqual(
      changes(wire, before).map(({ method }) => method),
      ["POST"],
      "nothing but the other organization was sent",
    );
  });
}

/** Calls a tool that must be confirmed, and confirms it in the client's way. Nothing is sent before. */
async function confirmed(wire, session, name, args) {
  if (session.asks) {
    const asked = session.person.asked.length;
    session.person.answer = yes;
    const answer = await ok(session, name, args);
    assert.equal(session.person.asked.length, asked + 1, "the person is asked once");
    session.person.answer = undefined;
    return answer;
  }
  const before = wire.requests.length;
  const { token } = await question(session, name, args);
  assert.deepEqual(changes(wire, before), []);
  return ok(session, name, { ...args, confirmation: token });
}

/** The question that a first call is answered with. */
export async function question(session, name, args) {
  const result = await session.call(name, args);
  const { code, confirmation } = result.structuredContent.error;
  assert.equal(result.isError, true, "it does not look done");
  assert.equal(code, "confirmation_required");
  assert.match(text(result), /nothing was sent yet/);
  assert.ok(text(result).includes(confirmation.token), "a client that shows text alone can go on");
  assert.ok(Date.parse(confirmation.expires) > Date.now());
  assert.equal(session.person?.asked.length ?? 0, 0, "nobody is asked over a transport that cannot");
  return confirmation;
}

/** The requests since then that may have changed something. */
function changes(wire, since) {
  return wire.requests.slice(since).filter(({ method }) => method !== "GET");
}

/** Calls a tool that must succeed, and returns its structured content, which its text must repeat. */
export async function ok(session, name, args) {
  const result = await session.call(name, args);
  assert.ok(!result.isError, `${name}: ${text(result)}`);
  assert.deepEqual(JSON.parse(text(result)), result.structuredContent);
  return result.structuredContent;
}

export function text(result) {
  return result.content.map((block) => block.text).join("\n");
}
