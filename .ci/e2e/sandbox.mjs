// A tour of @workos-inc/node, unmodified, through the sandbox that workos-mcp serves: sign-in with a redirect, a
// password and a sealed session, organizations, a directory, audit logs, authorization, the vault, events and webhooks.
import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";

import { auth } from "@modelcontextprotocol/sdk/client/auth.js";
import { WorkOS } from "@workos-inc/node";
import { chromium } from "playwright-core";

import { serve } from "./served.mjs";

const seed = `
users:
- {email: ada@acme.com, first_name: Ada, password: correct horse, email_verified: true}
organizations:
- {name: Acme, domains: [{domain: acme.com, state: verified}], memberships: [{user_id: user_1, role: admin}]}
connections:
- {name: Okta, organization: Acme, connection_type: OktaSAML, domains: [acme.com]}
directory:
- {id: directory_1, organization_id: org_1, name: Acme Okta, state: active}
directory_user:
- {id: directory_user_1, directory_id: directory_1, organization_id: org_1, email: ada@acme.com, idp_id: "1"}
directory_group:
- {id: directory_group_1, directory_id: directory_1, organization_id: org_1, name: Staff, idp_id: "2"}
`;

let sandbox, base, workos;
const clientId = "client_1";
const redirectUri = "https://app.example.com/callback";

before(async () => {
  sandbox = await serve(seed);
  base = sandbox.base;
  workos = new WorkOS("sk_test_1", {
    apiHostname: base.hostname, port: Number(base.port), https: false, clientId, maxRetries: 0,
  });
});

after(() => sandbox?.close());

// redirected follows the browser to the code that a sign-in ends with.
async function redirected(url) {
  const response = await fetch(url, { redirect: "manual" });
  assert.equal(response.status, 302, await response.text());
  return new URL(response.headers.get("location")).searchParams;
}

test("sign-in by redirect, with a sealed session", async () => {
  const url = workos.userManagement.getAuthorizationUrl({
    provider: "authkit", clientId, redirectUri, state: "s", loginHint: "ada@acme.com",
  });
  const parameters = await redirected(url);
  assert.equal(parameters.get("state"), "s");
  const cookiePassword = "a password of thirty-two letters!";
  const signedIn = await workos.userManagement.authenticateWithCode({
    clientId, code: parameters.get("code"), session: { sealSession: true, cookiePassword },
  });
  assert.equal(signedIn.user.email, "ada@acme.com");
  assert.equal(signedIn.organizationId, "org_1");
  const session = workos.userManagement.loadSealedSession({ sessionData: signedIn.sealedSession, cookiePassword });
  const authenticated = await session.authenticate(); // fetches the keys and checks the signature
  assert.equal(authenticated.authenticated, true, authenticated.reason);
  assert.equal(authenticated.role, "admin");
  const refreshed = await session.refresh();
  assert.equal(refreshed.authenticated, true, refreshed.reason);
  await assert.rejects(workos.userManagement.authenticateWithCode({ clientId, code: parameters.get("code") }));
});

test("sign-in by password, and a wrong one", async () => {
  const credentials = { clientId, email: "ada@acme.com", password: "correct horse" };
  const { user } = await workos.userManagement.authenticateWithPassword(credentials);
  assert.equal(user.id, "user_1");
  await assert.rejects(workos.userManagement.authenticateWithPassword({ ...credentials, password: "wrong horse" }));
});

test("sign-in by an emailed code, refresh, sessions", async () => {
  const { code } = await workos.userManagement.createMagicAuth({ email: "ada@acme.com" });
  const wrong = workos.userManagement.authenticateWithMagicAuth({ clientId, email: "ada@acme.com", code: "x" });
  await assert.rejects(wrong, { status: 400 });
  const signedIn = await workos.userManagement.authenticateWithMagicAuth({ clientId, email: "ada@acme.com", code });
  assert.equal(signedIn.authenticationMethod, "MagicAuth");
  const refresh = (refreshToken) => workos.userManagement.authenticateWithRefreshToken({ clientId, refreshToken });
  const refreshed = await refresh(signedIn.refreshToken);
  assert.notEqual(refreshed.refreshToken, signedIn.refreshToken);
  const { sid } = JSON.parse(Buffer.from(refreshed.accessToken.split(".")[1], "base64url"));
  const active = async () => (await workos.userManagement.listSessions("user_1")).data.map(({ id }) => id);
  assert.ok((await active()).includes(sid));
  await workos.userManagement.revokeSession({ sessionId: sid });
  assert.ok(!(await active()).includes(sid));
  await assert.rejects(refresh(refreshed.refreshToken), { error: "invalid_grant" });
});

test("single sign-on", async () => {
  const parameters = await redirected(workos.sso.getAuthorizationUrl({ connection: "conn_1", clientId, redirectUri }));
  const { profile } = await workos.sso.getProfileAndToken({ clientId, code: parameters.get("code") });
  assert.equal(profile.connectionId, "conn_1");
});

test("organizations", async () => {
  const made = await workos.organizations.createOrganization({
    name: "Globex", domainData: [{ domain: "globex.com", state: "verified" }], externalId: "globex",
  });
  assert.equal((await workos.organizations.getOrganizationByExternalId("globex")).id, made.id);
  await workos.organizations.updateOrganization({ organization: made.id, metadata: { tier: "gold" } });
  assert.deepEqual((await workos.organizations.getOrganization(made.id)).metadata, { tier: "gold" });
  const listed = await workos.organizations.listOrganizations({ domains: ["globex.com"] });
  assert.deepEqual(listed.data.map(({ id }) => id), [made.id]);
  await assert.rejects(
    workos.organizations.createOrganization({ name: "Other", externalId: "globex" }), { status: 400 });
  await workos.organizations.deleteOrganization(made.id);
  await assert.rejects(workos.organizations.getOrganization(made.id), { status: 404 });
});

test("a directory", async () => {
  const directories = await workos.directorySync.listDirectories({ organizationId: "org_1" });
  assert.deepEqual(directories.data.map(({ id }) => id), ["directory_1"]);
  const users = await workos.directorySync.listUsers({ directory: "directory_1" });
  assert.deepEqual(users.data.map(({ email }) => email), ["ada@acme.com"]);
  const groups = await workos.directorySync.listGroups({ directory: "directory_1" });
  assert.deepEqual(groups.data.map(({ name }) => name), ["Staff"]);

  // What the provider syncs is told to the sandbox.
  const sync = async (method, thing, fields) => {
    const response = await fetch(new URL(`/_sandbox/things/${thing}`, base), { method, body: JSON.stringify(fields) });
    assert.equal(response.status, 204, await response.text());
  };
  await sync("PATCH", "directory_user/directory_user_1", { first_name: "Ada", groups: [{ id: "directory_group_1" }] });
  assert.equal((await workos.directorySync.getUser("directory_user_1")).firstName, "Ada");
  const members = await workos.directorySync.listUsers({ group: "directory_group_1" });
  assert.deepEqual(members.data.map(({ id }) => id), ["directory_user_1"]);
  await sync("DELETE", "directory_group/directory_group_1");
  await assert.rejects(workos.directorySync.getGroup("directory_group_1"), { status: 404 });
  const { data } = await workos.events.listEvents({
    events: ["dsync.user.updated", "dsync.group.user_added", "dsync.group.user_removed", "dsync.group.deleted"],
    order: "asc",
  });
  assert.deepEqual(data.map(({ event }) => event),
    ["dsync.group.user_added", "dsync.user.updated", "dsync.group.user_removed", "dsync.group.deleted"]);
  assert.equal(data[0].data.group.name, "Staff");
  assert.ok("first_name" in data[1].data.previousAttributes);
});

test("audit logs", async () => {
  await workos.auditLogs.createSchema({ action: "doc.read", targets: [{ type: "doc" }] });
  await workos.auditLogs.createEvent("org_1", {
    action: "doc.read", occurredAt: new Date(), actor: { id: "user_1", type: "user" },
    targets: [{ id: "doc_1", type: "doc" }], context: { location: "192.0.2.1" },
  });
  const hour = 3_600_000;
  const asked = await workos.auditLogs.createExport({
    organizationId: "org_1", rangeStart: new Date(Date.now() - hour), rangeEnd: new Date(Date.now() + hour),
  });
  const ready = await workos.auditLogs.getExport(asked.id);
  assert.equal(ready.state, "ready");
  assert.match(await (await fetch(ready.url)).text(), /doc\.read/);
});

test("authorization", async () => {
  const { authorization } = workos;
  await authorization.createPermission({ slug: "doc:read", name: "Read", resourceTypeSlug: "doc" });
  await authorization.createEnvironmentRole({ slug: "reader", name: "Reader", resourceTypeSlug: "doc" });
  await authorization.setEnvironmentRolePermissions("reader", { permissions: ["doc:read"] });
  const resource = await authorization.createResource({
    externalId: "doc-1", name: "Doc", resourceTypeSlug: "doc", organizationId: "org_1",
  });
  const memberships = await workos.userManagement.listOrganizationMemberships({ userId: "user_1" });
  const who = { organizationMembershipId: memberships.data[0].id, resourceId: resource.id };
  const check = () => authorization.check({ ...who, permissionSlug: "doc:read" });
  assert.equal((await check()).authorized, false);
  await authorization.assignRole({ ...who, roleSlug: "reader" });
  assert.equal((await check()).authorized, true);

  // The role reaches what is below the resource, and goes with its assignment.
  await authorization.createPermission({ slug: "page:read", name: "Read a page", resourceTypeSlug: "page" });
  await authorization.setEnvironmentRolePermissions("reader", { permissions: ["doc:read", "page:read"] });
  const page = await authorization.createResource({
    externalId: "page-1", name: "Page", resourceTypeSlug: "page", organizationId: "org_1", parentResourceId: resource.id,
  });
  const below = { ...who, resourceId: page.id, permissionSlug: "page:read" };
  assert.equal((await authorization.check(below)).authorized, true);
  const assigned = await authorization.listRoleAssignments({ organizationMembershipId: who.organizationMembershipId });
  assert.deepEqual(assigned.data.map(({ role }) => role.slug).filter((slug) => slug === "reader"), ["reader"]);
  await authorization.removeRole({ ...who, roleSlug: "reader" });
  assert.equal((await check()).authorized, false);
  assert.equal((await authorization.check(below)).authorized, false);
  await authorization.deleteResource({ resourceId: resource.id, cascadeDelete: true });
  await assert.rejects(authorization.getResource(page.id), { status: 404 });
});

test("the vault", async () => {
  const context = { organization_id: "org_1" };
  const made = await workos.vault.createObject({ name: "card", value: "4242", context });
  assert.equal((await workos.vault.readObject({ id: made.id })).value, "4242");
  const before = (await workos.vault.describeObject({ id: made.id })).metadata.versionId;
  await workos.vault.updateObject({ id: made.id, value: "4343" });
  await assert.rejects(workos.vault.updateObject({ id: made.id, value: "0", versionCheck: before }), { status: 409 });
  assert.equal((await workos.vault.readObjectByName("card")).value, "4343");
  assert.equal((await workos.vault.listObjectVersions({ id: made.id })).length, 2);
  await workos.vault.deleteObject({ id: made.id });
  await assert.rejects(workos.vault.readObject({ id: made.id }), { status: 404 });
  const sealed = await workos.vault.encrypt("a secret", context);
  assert.equal(await workos.vault.decrypt(sealed), "a secret");
});

test("events and webhooks", async () => {
  const received = [];
  const hook = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    received.push({ body: Buffer.concat(parts).toString(), signature: request.headers["workos-signature"] });
    response.end();
    hook.emit("received");
  }).listen(0, "127.0.0.1");
  await once(hook, "listening");
  const endpoint = await workos.webhooks.createWebhookEndpoint({
    endpointUrl: `http://127.0.0.1:${hook.address().port}`, events: ["user.created"],
  });
  const arrival = once(hook, "received");
  const user = await workos.userManagement.createUser({ email: "bea@acme.com" });
  await arrival;
  hook.close();
  const [{ body, signature }] = received;
  const event = await workos.webhooks.constructEvent({
    payload: JSON.parse(body), sigHeader: signature, secret: endpoint.secret,
  });
  assert.equal(event.event, "user.created");
  assert.equal(event.data.id, user.id);
  const listed = await workos.events.listEvents({ events: ["user.created"], order: "desc" });
  assert.equal(listed.data[0].id, event.id);
});

test("a fault over HTTP is retried by the SDK", async () => {
  const patient = new WorkOS("sk_test_1", {
    apiHostname: base.hostname, port: Number(base.port), https: false, clientId,
  });
  const fault = await fetch(new URL("/_sandbox/faults", base), {
    method: "POST", body: JSON.stringify({ operation: "organizations.list", status: 503, times: 1 }),
  });
  assert.equal(fault.status, 201, await fault.text());
  const listed = await patient.organizations.listOrganizations();
  assert.deepEqual(listed.data.map(({ id }) => id), ["org_1"]);
  const requests = await (await fetch(new URL("/_sandbox/requests?operation=organizations.list", base))).json();
  assert.deepEqual(requests.slice(-2).map(({ status }) => status), [503, 200]);
});

const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

test("the page, in a browser", { skip: !existsSync(executablePath) && `no ${executablePath}` }, async () => {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  try {
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 } });
    page.setDefaultTimeout(60_000);
    const errors = []; // such as what the policy blocks
    page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
    page.on("pageerror", (error) => errors.push(String(error)));
    const home = new URL("/_sandbox/", base).href;
    await page.goto(home);
    for (const scheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme: scheme });
      if (process.env.SCREENSHOTS) await page.screenshot({ path: join(process.env.SCREENSHOTS, `${scheme}.png`) });
    }
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    assert.equal(background, "rgb(20, 22, 27)", "the style of the dark mode");

    await page.getByRole("link", { name: "organization", exact: true }).click(); // and from things to others by links
    await page.locator("summary").first().waitFor();
    assert.match(await page.locator("main").textContent(), /org_1/);
    await page.goto(`${home}?environment=0&type=organization_membership`);
    await page.locator("summary").first().focus();
    await page.keyboard.press("Enter"); // opens it
    await page.getByRole("link", { name: "org_1" }).click();
    await page.locator("details#org_1[open]").waitFor();

    await page.goto(home);
    await page.getByLabel("Operation").fill("users.*");
    await page.keyboard.press("Enter"); // submits the form
    const rule = page.getByRole("row", { name: "users.*" });
    await rule.getByRole("button", { name: "Remove" }).click();
    await rule.waitFor({ state: "detached" });

    const time = () => page.locator("time").textContent().then((text) => Date.parse(text));
    const then = await time();
    await page.getByLabel("Move by").fill("soon");
    await page.getByRole("button", { name: "Move", exact: true }).click();
    await page.getByText("invalid duration").waitFor(); // in the place for messages
    await page.getByLabel("Move by").fill("48h");
    await Promise.all([page.waitForEvent("load"), page.getByRole("button", { name: "Move", exact: true }).click()]);
    assert.ok(await time() >= then + 48 * 3_600_000);
    await page.getByRole("button", { name: "Send again" }).first().click();
    assert.deepEqual(errors.filter((text) => !text.includes("status of 400")), []);
  } finally {
    await browser.close();
  }
});

// The client of the official MCP SDK finds everything by the URL of an MCP server that names the sandbox as its
// authorization server: it registers, sends the browser, and gets and refreshes a token for that server.
for (const method of ["none", "client_secret_post", "client_secret_basic"]) {
  test(`MCP authorization by a client that authenticates by ${method}`, async () => {
    const server = createServer((request, response) => {
      const known = request.url.startsWith("/.well-known/oauth-protected-resource");
      response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
      response.end(JSON.stringify(known ? { resource, authorization_servers: [base.origin] } : {}));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const resource = `http://127.0.0.1:${server.address().port}/mcp`;
    const kept = {};
    const provider = {
      redirectUrl: "http://localhost:7777/callback",
      clientMetadata: {
        client_name: "SDK", redirect_uris: ["http://localhost:7777/callback"], response_types: ["code"],
        grant_types: ["authorization_code", "refresh_token"], token_endpoint_auth_method: method,
      },
      state: () => "s", clientInformation: () => kept.client, tokens: () => kept.tokens,
      codeVerifier: () => kept.verifier, saveClientInformation: (client) => { kept.client = client; },
      saveTokens: (tokens) => { kept.tokens = tokens; }, saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
      redirectToAuthorization: (url) => { kept.url = url; },
    };
    try {
      const scope = "openid offline_access";
      assert.equal(await auth(provider, { serverUrl: resource, scope }), "REDIRECT");
      const parameters = await redirected(kept.url);
      const authorizationCode = parameters.get("code");
      assert.equal(await auth(provider, { serverUrl: resource, authorizationCode }), "AUTHORIZED");
      const claims = JSON.parse(Buffer.from(kept.tokens.access_token.split(".")[1], "base64url"));
      assert.equal(claims.aud, resource);
      assert.equal(claims.org_id, "org_1");
      const first = kept.tokens.access_token;
      assert.equal(await auth(provider, { serverUrl: resource }), "AUTHORIZED");
      assert.notEqual(kept.tokens.access_token, first);
    } finally {
      server.close();
    }
  });
}
