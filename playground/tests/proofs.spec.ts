import { expect, test } from "./playground.js";

test("a statement is refuted with a token, or proved", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  const result = await playground.prove("plan implies ref_protected");
  await expect(result).toContainText("refuted");
  await result.locator("summary").click();
  await expect(result.locator("pre")).toContainText('"pipeline_source": "merge_request_event"');
  await playground.statement.fill('plan implies project under "acme"');
  await page.getByRole("button", { name: "Prove" }).click();
  await expect(result).toContainText("proved");
  await playground.prove("plan implies");
  await expect(page.locator(".ask .failure")).toBeVisible();
});

test("a token that refutes becomes a test", async ({ playground }) => {
  await playground.open();
  const result = await playground.prove("plan implies ref_protected");
  await result.locator("summary").click();
  await result.getByRole("button", { name: "Add as test" }).click();
  await expect(playground.notice).toContainText("Added a test to deploy.policy");
  await playground.settle();
  // The test says what the statement does, so it fails until the policies change.
  await expect(playground.page.locator("#panel-proofs .result.no", { hasText: "failed" })).toContainText("plan is allowed");
});

test("the token that refutes an assertion can be used", async ({ playground }) => {
  await playground.open();
  await playground.example("GitLab: a dangerous wildcard");
  await playground.paste("");
  const proofs = await playground.tab("Tests and proofs");
  const assertion = proofs.locator(".result.no", { hasText: "only projects of acme are deployed" });
  await assertion.locator("summary").click();
  await assertion.getByRole("button", { name: "Use this token" }).click();
  await playground.settle();
  await expect(playground.summary).toContainText("Allowed: deploy.");
});

test("a witness gets the role, and a near miss does not", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  const witness = await playground.tab("Witness");
  await page.getByRole("combobox", { name: "Tokens that get the role" }).selectOption("plan");
  const near = witness.locator("li.result", { hasText: "project_id" }).first();
  await expect(near).toContainText("denied");
  const granted = witness.locator(".clause > details");
  await granted.locator("summary").click();
  await granted.getByRole("button", { name: "Use this token" }).click();
  await playground.settle();
  await expect(playground.summary).toContainText("Allowed: plan.");
  await playground.tab("Witness");
  await near.locator("summary").click();
  await near.getByRole("button", { name: "Use this token" }).click();
  await playground.settle();
  await expect(playground.summary).toContainText("No role allowed.");
});
