import { expect, test } from "./playground.js";

const CLAIMS = {
  iss: "https://gitlab.com",
  aud: "https://sts.acme.example",
  sub: "project_path:acme/shop:ref_type:branch:ref:main",
  project_id: "4242",
  project_path: "acme/shop",
  job_project_id: "4242",
  pipeline_source: "merge_request_event",
  ref: "main",
  ref_type: "branch",
  secret_marker: "only-in-the-token",
};

function signed(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", kid: "1" })}.${part(claims)}.${"c2ln".repeat(80)}`;
}

test("the page opens with a decision and its reasons", async ({ playground }) => {
  await playground.open();
  await expect(playground.summary).toContainText("Allowed: deploy-production. No findings.");
  const decisions = await playground.tab("Decisions");
  await expect(decisions).toContainText("Not verified, so this is not a decision");
  const row = decisions.locator(".comparison", { hasText: "environment == env" });
  await expect(row.first()).toContainText("true");
  await expect(row.first()).toContainText('"production"');
});

test("a token that is pasted is read in the page, and goes nowhere", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  const before = playground.requests.length;
  const token = signed(CLAIMS);
  await playground.paste(token);
  await expect(playground.summary).toContainText("Allowed: plan.");
  await page.getByRole("button", { name: "Share" }).click();
  const link = page.getByRole("textbox", { name: "Link" });
  await expect(link).toHaveValue(/#s=/);
  await page.getByRole("button", { name: "Close" }).click();
  await playground.write("edition 2026\n\n// A comment.\n");
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  const stored = await page.evaluate(() => JSON.stringify({ ...localStorage }) + JSON.stringify({ ...sessionStorage }) + document.cookie);
  expect(stored).toContain("A comment.");
  expect(stored).not.toContain("only-in-the-token");
  expect(stored).not.toContain(token.split(".")[1]);
  expect(page.url()).toBe(playground.url);
  expect(playground.requests.slice(before)).toEqual([]);
});

test("a token becomes its claims, which can be edited", async ({ playground }) => {
  await playground.open();
  await playground.paste(signed(CLAIMS));
  await playground.page.getByRole("button", { name: "Show claims" }).click();
  await expect(playground.token).toHaveValue(/"project_path": "acme\/shop"/);
  await playground.paste(JSON.stringify({ ...CLAIMS, project_id: "666" }));
  await expect(playground.summary).toContainText("No role allowed.");
});

test("the changed claims get the role", async ({ playground }) => {
  await playground.open();
  const decisions = await playground.tab("Decisions");
  const staging = decisions.locator("details", { hasText: "deploy-staging" });
  await staging.locator("summary").first().click();
  await expect(staging).toContainText("would be allowed with 1 other claim");
  await staging.getByRole("button", { name: "Use the changed claims" }).click();
  await playground.settle();
  await expect(playground.summary).toContainText("Allowed: deploy-staging.");
  await expect(playground.token).toHaveValue(/"environment": "staging"/);
});

test("what is no token is said to be none", async ({ playground }) => {
  await playground.open();
  const decisions = await playground.tab("Decisions");
  for (const [pasted, message] of [
    ['{ "ref": "main" }', "no iss"],
    ["{ oops", "JSON"],
    ["a.b.c", "token"],
  ] as const) {
    await playground.paste(pasted);
    await expect(decisions.locator(".failure")).toContainText(message);
  }
  await playground.page.getByRole("button", { name: "Clear the token" }).click();
  await expect(decisions).toContainText("Paste a token or its claims");
});
