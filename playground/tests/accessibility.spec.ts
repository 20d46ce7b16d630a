import AxeBuilder from "@axe-core/playwright";
import { expect, test, type Playground } from "./playground.js";

async function check(playground: Playground): Promise<void> {
  const { violations } = await new AxeBuilder({ page: playground.page }).analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  expect(found).toEqual([]);
}

const LOOKS = [
  { name: "light", use: {} },
  { name: "dark", use: { colorScheme: "dark" } },
  { name: "on a phone", use: { viewport: { width: 360, height: 740 }, hasTouch: true } },
] as const;

for (const { name, use } of LOOKS) {
  test.describe(name, () => {
    test.use(use);

    for (const example of ["GitLab: deploy from main", "GitLab: a dangerous wildcard", "AWS: a trust policy that lets strangers in"]) {
      test(`each tab is accessible: ${example}`, async ({ playground }) => {
        await playground.open();
        await playground.example(example);
        for (const tab of ["Decisions", "Findings", "Tests and proofs", "Witness"] as const) {
          const panel = await playground.tab(tab);
          await panel.locator("details").evaluateAll((all) => all.forEach((details) => details.setAttribute("open", "")));
          await check(playground);
        }
        const overflow = await playground.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect(overflow).toBeLessThanOrEqual(0);
      });
    }

    test("dialogs and messages are accessible", async ({ playground }) => {
      const { page } = playground;
      await playground.open();
      for (const button of ["Share", "Help", "Add a file"]) {
        await page.getByRole("button", { name: button }).click();
        await expect(page.getByRole("dialog")).toBeVisible();
        await check(playground);
        await page.keyboard.press("Escape");
      }
      await page.getByRole("button", { name: "Examples" }).click();
      await check(playground);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Reset" }).click();
      await check(playground);
    });
  });
}

test("the keyboard alone reaches everything", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the results" })).toBeFocused();
  // Into the editor, where Tab indents, and out of it again.
  await playground.editor.focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("Tab");
  await expect(playground.editor).toBeFocused();
  await expect(playground.editor).toContainText("  edition 2026");
  await page.keyboard.press("Control+z");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Tab");
  await expect(playground.editor).not.toBeFocused();
  // The arrows select a tab, and Enter proves.
  await page.getByRole("tab", { name: "Decisions" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Tests and proofs" })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("textbox", { name: "Statement about all tokens" })).toBeFocused();
  await page.keyboard.type("possible plan");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tabpanel", { name: "Tests and proofs" }).locator(".ask .result")).toContainText("proved");
});
