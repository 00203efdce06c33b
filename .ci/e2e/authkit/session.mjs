// A sign-in with @workos/authkit-session, unmodified, through the sandbox that workos-mcp serves: the redirect with
// PKCE, the callback, the sealed session in a cookie, refresh, another organization, and sign-out.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";

import { CookieSessionStorage, configure, createAuthService } from "@workos/authkit-session";

import { serve } from "../served.mjs";

const seed = `
users:
- {email: ada@acme.com, first_name: Ada, password: correct horse, email_verified: true}
organizations:
- {name: Acme, memberships: [{user_id: user_1, role: admin}]}
- {name: Globex, memberships: [{user_id: user_1, role: member}]}
`;

// Cookies keeps the session in the cookies of web requests, as an adapter for a framework does.
class Cookies extends CookieSessionStorage {
  async getCookie(request, name) {
    for (const part of (request.headers.get("cookie") ?? "").split("; ")) {
      const [key, ...value] = part.split("=");
      if (key === name) return decodeURIComponent(value.join("="));
    }
    return null;
  }
}

let sandbox, service;
const jar = new Map();

// keep stores the cookies that a result sets, and drops those that it deletes.
function keep({ headers }) {
  for (const line of [headers?.["Set-Cookie"] ?? []].flat()) {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
    if (/max-age=0/i.test(line)) jar.delete(name);
    else jar.set(name, value);
  }
}

const page = () => new Request("https://app.example.com/", {
  headers: { cookie: [...jar].map(([name, value]) => `${name}=${value}`).join("; ") },
});

before(async () => {
  sandbox = await serve(seed);
  configure({
    clientId: "client_1", apiKey: "sk_test_1", redirectUri: "https://app.example.com/callback",
    cookiePassword: "a password of thirty-two letters!",
    apiHostname: sandbox.base.hostname, apiPort: Number(sandbox.base.port), apiHttps: false,
  });
  service = createAuthService({ sessionStorageFactory: (config) => new Cookies(config) });
});

after(() => sandbox?.close());

// signIn follows the browser to the code and the state that a sign-in ends with.
async function signIn(options) {
  const begun = await service.createSignIn(undefined, options);
  keep(begun);
  const response = await fetch(begun.url, { redirect: "manual" });
  assert.equal(response.status, 302, await response.text());
  const callback = new URL(response.headers.get("location"));
  return { code: callback.searchParams.get("code"), state: callback.searchParams.get("state") };
}

test("nobody is signed in at first", async () => {
  assert.deepEqual(await service.withAuth(page()), { auth: { user: null } });
});

test("a callback without the cookie of its sign-in is refused", async () => {
  const callback = await signIn({ loginHint: "ada@acme.com", organizationId: "org_1" });
  jar.clear();
  await assert.rejects(service.handleCallback(page(), undefined, callback), { name: "PKCECookieMissingError" });
  assert.equal((await service.withAuth(page())).auth.user, null);
});

test("sign-in, refresh, another organization, sign-out", async () => {
  const callback = await signIn({
    loginHint: "ada@acme.com", organizationId: "org_1", returnPathname: "/reports", state: "mine",
  });
  const handled = await service.handleCallback(page(), undefined, callback);
  keep(handled);
  assert.equal(handled.returnPathname, "/reports");
  assert.equal(handled.state, "mine");
  await assert.rejects(service.getWorkOS().userManagement.authenticateWithCode({
    code: callback.code, clientId: "client_1",
  }), { error: "invalid_grant" });

  const { auth } = await service.withAuth(page()); // fetches the keys and checks the signature
  assert.equal(auth.user.email, "ada@acme.com");
  assert.equal(auth.organizationId, "org_1");
  assert.equal(auth.role, "admin");
  assert.deepEqual(auth.roles, ["admin"]);
  assert.deepEqual(auth.permissions, []);
  assert.equal(auth.claims.sub, auth.user.id);
  assert.equal(auth.claims.sid, auth.sessionId);
  assert.equal(auth.impersonator, undefined);

  const before = await service.getSession(page());
  const refreshed = await service.refreshSession(before);
  keep(await service.saveSession(undefined, refreshed.encryptedSession));
  assert.equal(refreshed.auth.sessionId, auth.sessionId);
  assert.equal(refreshed.auth.organizationId, "org_1");
  assert.notEqual(refreshed.auth.refreshToken, before.refreshToken);

  const switched = await service.switchOrganization(await service.getSession(page()), "org_2");
  keep(await service.saveSession(undefined, switched.encryptedSession));
  const there = (await service.withAuth(page())).auth;
  assert.equal(there.organizationId, "org_2");
  assert.equal(there.role, "member");
  await assert.rejects(service.switchOrganization(await service.getSession(page()), "org_none"), {
    name: "TokenRefreshError",
  });

  const last = await service.getSession(page());
  const out = await service.signOut(there.sessionId, { returnTo: "https://app.example.com/bye" });
  keep(out);
  const response = await fetch(out.logoutUrl, { redirect: "manual" });
  assert.equal(response.status, 302);
  assert.equal(response.headers.get("location"), "https://app.example.com/bye");
  assert.equal((await service.withAuth(page())).auth.user, null);
  await assert.rejects(service.refreshSession(last), { name: "TokenRefreshError" });
});
