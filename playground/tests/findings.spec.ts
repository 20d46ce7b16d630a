import { expect, test } from "./playground.js";

test("a fix is applied, undone with the keyboard, and offered in the editor", async ({ playground }) => {
  await playground.open();
  await playground.example("GitLab: a dangerous wildcard");
  const findings = await playground.tab("Findings");
  await expect(findings).toContainText("also matches other owners, such as acme-evil");
  await findings.getByRole("button", { name: "Apply fix: require a branch" }).click();
  await playground.settle();
  await expect(playground.editor).toContainText('ref == "main" && ref_type == "branch"');
  await expect(findings).not.toContainText("a tag also matches");
  await playground.editor.press("Control+z");
  await expect(findings).toContainText("a tag also matches");
  // The same fix in the tooltip of the editor.
  await playground.page.keyboard.press("Control+Shift+M");
  await expect(playground.page.getByRole("listbox")).toContainText("also matches other owners");
});

test("a place is shown in the editor, and a rule has a page", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  await playground.example("GitLab: a dangerous wildcard");
  const findings = await playground.tab("Findings");
  await findings.getByRole("button", { name: "wildcard-owner" }).click();
  const dialog = page.getByRole("dialog", { name: "wildcard-owner" });
  await expect(dialog).toContainText("acme");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await findings.getByRole("button", { name: "deploy.policy:13" }).first().click();
  await expect(playground.editor).toBeFocused();
});

test("the token of a finding can be used", async ({ playground }) => {
  await playground.open();
  await playground.example("GitLab: a dangerous wildcard");
  await playground.paste("");
  const findings = await playground.tab("Findings");
  const finding = findings.locator(".finding", { hasText: "also matches other owners" });
  await finding.locator("summary").click();
  await finding.getByRole("button", { name: "Use this token" }).click();
  await playground.settle();
  await expect(playground.token).toHaveValue(/acme-evil/);
  await expect(playground.summary).toContainText("Allowed: deploy.");
});

test("an error has its place, and is gone when it is mended", async ({ playground }) => {
  await playground.open();
  await playground.write('edition 2026\nissuer gitlab { url "https://gitlab.com" profile gitlab-cii audience "a" }\n');
  await expect(playground.summary).toContainText("1 error.");
  const findings = await playground.tab("Findings");
  await expect(findings).toContainText("gitlab-cii");
  await playground.write('edition 2026\nissuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "a" }\n');
  await expect(findings).not.toContainText("gitlab-cii");
});

test("a cloud's document has findings, and becomes policies with the same decisions", async ({ playground }) => {
  await playground.open();
  await playground.example("AWS: a trust policy that lets strangers in");
  await expect(playground.summary).toContainText("Allowed: aws:trust.");
  const findings = await playground.tab("Findings");
  await expect(findings).toContainText("1 role translated exactly");
  await playground.page.getByRole("button", { name: "Translate to policies" }).click();
  await playground.page.getByRole("button", { name: "Remove the documents" }).click();
  await playground.settle();
  await expect(playground.editor).toContainText("role trust");
  await expect(playground.summary).toContainText("Allowed: trust.");
});

test("policies are formatted", async ({ playground }) => {
  await playground.open();
  await playground.write('edition 2026\ncondition   is-main=ref=="main"\n');
  await playground.editor.focus();
  await playground.page.keyboard.press("Control+s");
  await expect(playground.editor).toContainText('condition is-main = ref == "main"');
});
