import { deflateRawSync } from "node:zlib";
import { expect, test } from "./playground.js";

const OWN = 'edition 2026\n\n// My own file.\nissuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "a" }\n';

function link(content: unknown): string {
  return `#s=${deflateRawSync(JSON.stringify(content)).toString("base64url")}`;
}

test("a link has the files, and the claims if they are selected", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  await playground.example("GitLab: a dangerous wildcard");
  await page.getByRole("button", { name: "Share" }).click();
  const field = page.getByRole("textbox", { name: "Link" });
  await expect(field).toHaveValue(/#s=/);
  const without = await field.inputValue();
  await page.getByRole("checkbox").check();
  await expect(field).not.toHaveValue(without);
  const withClaims = await field.inputValue();
  await page.evaluate(() => localStorage.clear());
  await playground.open(new URL(without).hash);
  await expect(playground.editor).toContainText('project like "acme*"');
  await expect(playground.token).toHaveValue("");
  await playground.open(new URL(withClaims).hash);
  await expect(playground.token).toHaveValue(/acme-evil/);
  // The files are a draft from here on: a reload does not open the link again.
  expect(page.url()).not.toContain("#");
});

const GOOD = { name: "a.policy", text: "edition 2026\n" };
const BAD: [string, string][] = [
  ["no base64url", "#s=!!!"],
  ["no deflate stream", "#s=aGVsbG8"],
  ["empty", "#s="],
  ["no JSON", `#s=${deflateRawSync("{").toString("base64url")}`],
  ["no files", link({ files: [] })],
  ["a name that is a path", link({ files: [{ ...GOOD, name: "../a.policy" }] })],
  ["a name with markup", link({ files: [{ ...GOOD, name: "<b>.policy" }] })],
  ["two files of one name", link({ files: [GOOD, GOOD] })],
  ["too many files", link({ files: Array.from({ length: 21 }, (_, index) => ({ ...GOOD, name: `${index}.policy` })) })],
  ["a text that is none", link({ files: [{ ...GOOD, text: 1 }] })],
  ["too large", link({ files: [{ ...GOOD, text: " ".repeat(300 * 1024) }] })],
];

for (const [name, hash] of BAD) {
  test(`a link is refused: ${name}`, async ({ playground }) => {
    await playground.open(hash);
    await expect(playground.notice).toContainText("The link is damaged or too large");
    await expect(playground.summary).toContainText("Allowed: deploy-production.");
  });
}

test("the user's own files come back after a reload, and after a link", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  await playground.write(OWN);
  await page.evaluate(() => dispatchEvent(new Event("pagehide")));
  await playground.open();
  await expect(playground.editor).toContainText("My own file.");
  await playground.open(link({ files: [GOOD] }));
  await expect(playground.notice).toContainText("Your own files are kept.");
  await expect(playground.editor).not.toContainText("My own file.");
  await page.getByRole("button", { name: "Go back to them" }).click();
  await expect(playground.editor).toContainText("My own file.");
});

test("files are added, renamed, deleted and restored", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  await page.getByRole("button", { name: "Add a file" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox").fill("deploy.policy");
  await dialog.getByRole("button", { name: "Add a file" }).click();
  await expect(dialog).toContainText("There is a file with this name.");
  await dialog.getByRole("textbox").fill("more.policy");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Rename the file" }).click();
  await dialog.getByRole("textbox").fill("other.policy");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "other.policy" })).toHaveAttribute("aria-selected", "true");
  await page.getByRole("button", { name: "Delete the file" }).click();
  await expect(page.getByRole("tab", { name: "other.policy" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("tab", { name: "other.policy" })).toHaveCount(1);
});

test("a browser that stores nothing is no error", async ({ playground }) => {
  await playground.page.addInitScript(() => {
    const refuse = () => {
      throw new DOMException("refused", "SecurityError");
    };
    Object.defineProperty(window, "localStorage", { get: refuse });
  });
  await playground.open();
  await playground.write(OWN);
  await expect(playground.notice).toContainText("The browser does not store the files");
});

test("keywords, strings with `//`, and comments have colours of their own", async ({ playground }) => {
  await playground.open();
  const color = (text: string) =>
    playground.editor
      .locator("span", { hasText: text })
      .last()
      .evaluate((span) => getComputedStyle(span).color);
  const colors = [await color("edition"), await color("//gitlab.com"), await color("The project: its path")];
  expect(new Set(colors).size).toBe(3);
});
