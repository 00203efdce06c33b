// The command line of WorkOS, unmodified, against the sandbox that workos-mcp serves.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

import { serve } from "./served.mjs";

const run = promisify(execFile);
const program = join(import.meta.dirname, "node_modules", ".bin", "workos");

let sandbox, folder;

before(async () => {
  sandbox = await serve("users:\n- {email: ada@acme.test, email_verified: true}\n");
  folder = await mkdtemp(join(tmpdir(), "workos-cli-"));
  await workos("env", "add", "sandbox", "sk_test_1", "--endpoint", sandbox.base.origin);
});

after(async () => {
  await sandbox?.close();
  if (folder) await rm(folder, { recursive: true });
});

// workos runs a command and returns its JSON.
async function workos(...args) {
  const { stdout } = await run(process.execPath, [program, ...args, "--json", "--insecure-storage"], {
    cwd: folder,
    env: {
      PATH: dirname(process.execPath) + delimiter + process.env.PATH, HOME: folder, WORKOS_TELEMETRY: "false",
      WORKOS_NO_PROMPT: "1", CI: "1",
    },
  });
  return JSON.parse(stdout);
}

test("an environment is seeded from a file, once", async () => {
  await writeFile(join(folder, "seed.yml"), `
permissions: [{name: Read posts, slug: "posts:read"}, {name: Write posts, slug: "posts:write"}]
roles: [{name: Editor, slug: editor, permissions: ["posts:read", "posts:write"]}]
organizations: [{name: Acme, domains: [acme.test]}]
config:
  redirect_uris: ["http://localhost:3000/callback"]
  cors_origins: ["http://localhost:3000"]
  homepage_url: http://localhost:3000
`);
  const first = await workos("seed", "--file", "seed.yml");
  assert.equal(first.status, "ok");
  assert.deepEqual(first.state.roles, [{ slug: "editor" }]);
  const again = await workos("seed", "--file", "seed.yml"); // what exists already is left as it is
  assert.deepEqual([again.status, again.state.permissions, again.state.organizations], ["ok", [], []]);
  const { data } = await workos("role", "list");
  assert.deepEqual(data.find((role) => role.slug === "editor").permissions, ["posts:read", "posts:write"]);
});

test("an organization is set up, and a user comes on board", async () => {
  const made = await workos("setup-org", "Beta", "--domain", "beta.test", "--roles", "editor");
  assert.deepEqual([made.status, made.domainVerified], ["ok", true]);
  const page = await (await fetch(made.portalLink)).text();
  assert.match(page, /Admin Portal of Beta/);

  const user = (await workos("user", "list", "--email", "ada@acme.test")).data[0];
  const membership = (await workos("membership", "create", "--org", made.organizationId, "--user", user.id)).data;
  assert.equal(membership.role.slug, "member");
  const changed = (await workos("membership", "update", membership.id, "--role", "editor")).data;
  assert.equal(changed.role.slug, "editor");
  assert.equal((await workos("membership", "deactivate", membership.id)).data.status, "inactive");

  const { invitationId } = await workos("onboard-user", "eve@beta.test", "--org", made.organizationId, "--role", "editor");
  const invitation = await workos("invitation", "get", invitationId);
  assert.equal(invitation.state, "pending");
  assert.match(await (await fetch(invitation.acceptInvitationUrl)).text(), /To join Beta as eve@beta\.test/);
  assert.equal((await workos("invitation", "revoke", invitationId)).data.state, "revoked");

  const { data } = await workos("event", "list", "--events", "invitation.created,invitation.revoked");
  assert.deepEqual(data.map((event) => event.event).sort(), ["invitation.created", "invitation.revoked"]);
});

test("vault, API keys, webhooks and audit logs", async () => {
  const org = (await workos("org", "create", "Gamma")).data.id;
  await workos("vault", "create", "--name", "token", "--value", "s3cret", "--org", org);
  assert.equal((await workos("vault", "get-by-name", "token")).value, "s3cret");
  const key = (await workos("api-key", "create", "--org", org, "--name", "ci")).data;
  assert.equal((await workos("api-key", "validate", key.value)).apiKey.id, key.id);
  const hook = (await workos("webhook", "create", "--url", "https://example.test/hook", "--events", "user.created")).data;
  assert.deepEqual((await workos("webhook", "list")).data.map((endpoint) => endpoint.id), [hook.id]);
  await writeFile(join(folder, "schema.json"), '{"targets":[{"type":"team"}]}');
  await workos("audit-log", "create-schema", "team.renamed", "--file", "schema.json");
  assert.deepEqual((await workos("audit-log", "list-actions")).data.map((action) => action.name), ["team.renamed"]);
});

test("what is not there is an error of the API", async () => {
  await assert.rejects(workos("org", "get", "org_nothing"), (error) => {
    assert.match(error.stdout + error.stderr, /"code":"entity_not_found"/);
    return error.code === 1;
  });
});
