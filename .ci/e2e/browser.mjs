// Drives an application in a real browser, as a person does, and prints what happened as JSON.
//   node browser.mjs '{"origin": "http://localhost:8080", "login": "ada@acme.example", ...}'
import { chromium } from "playwright-core";

const task = JSON.parse(process.argv[2]);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const result = { navigations: 0 };
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  page.on("request", (request) => { if (request.isNavigationRequest()) result.navigations++; });
  const texts = async () => ({
    user: await page.locator("#user").textContent(),
    organization: await page.locator("#organization").textContent(),
    banner: (await page.locator("#banner").count()) ? await page.locator("#banner").textContent() : "",
  });
  const start = task.login
    ? `${task.origin}/sign-in?return_to=%2Faccount&login_hint=${encodeURIComponent(task.login)}`
    : `${task.origin}/account`;
  const response = await page.goto(start);
  result.status = response.status();
  result.url = page.url();
  if (result.status !== 200) {
    result.text = await response.text();
  } else {
    result.account = await texts();
    result.admin = (await page.goto(`${task.origin}/admin`)).status();
    await page.goto(`${task.origin}/account`);
    if (task.organization) {
      await page.fill("input[name=organization_id]", task.organization);
      await Promise.all([page.waitForURL("**/account"), page.click("#switch")]);
      result.switched = await texts();
      result.adminAfter = (await page.goto(`${task.origin}/admin`)).status();
      await page.goto(`${task.origin}/account`);
    }
    result.api = await page.evaluate(async () => {
      const { access_token } = await (await fetch("/token", { method: "POST" })).json();
      const response = await fetch("/api/me", { headers: { Authorization: `Bearer ${access_token}` } });
      return { status: response.status, user: await response.text(), token: access_token };
    });
    result.cookies = (await context.cookies()).filter(({ name }) => name.startsWith("wos-session"))
      .map(({ name, value }) => ({ name, value }));
    if (task.signOut) {
      await Promise.all([page.waitForURL("**/bye"), page.click("#out")]);
      result.left = (await context.cookies()).filter(({ name }) => name.startsWith("wos-session")).length;
      result.after = (await texts()).user;
    }
  }
} finally {
  await browser.close();
}
console.log(JSON.stringify(result));
