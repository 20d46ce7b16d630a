import { expect, test } from "./playground.js";

const MARKUP = '<img src=x onerror="document.title=1"><script>document.title=1</script>';

test("markup in policies, documents and claims stays text", async ({ playground }) => {
  const { page } = playground;
  await playground.open();
  const title = await page.title();
  const quoted = MARKUP.replaceAll('"', "'");
  await playground.write(
    `edition 2026
issuer gitlab { url "https://gitlab.com" profile gitlab-ci audience "a" }
role deploy { allow from gitlab when user_login == "${quoted}" && project like "acme*" }
test "${quoted}" { token gitlab { user_login = "${quoted}" } expect allow deploy }
`,
  );
  await playground.paste(JSON.stringify({ iss: "https://gitlab.com", aud: MARKUP, sub: MARKUP, user_login: MARKUP }));
  for (const tab of ["Decisions", "Findings", "Tests and proofs", "Witness"] as const) {
    const panel = await playground.tab(tab);
    await expect(panel.locator("img, script, iframe, object, style")).toHaveCount(0);
  }
  await expect(await playground.tab("Decisions")).toContainText("<img src=x onerror=");
  expect(await page.title()).toBe(title);
});

test("characters that hide or reorder text are shown as escapes", async ({ playground }) => {
  await playground.open();
  const claims = { iss: "https://gitlab.com", aud: "https://sts.acme.example", sub: "acme\u202eniam\u200b" };
  await playground.paste(JSON.stringify(claims));
  await expect(await playground.tab("Decisions")).toContainText("acme\\u{202e}niam\\u{200b}");
});

test("a question that takes too long is ended, and the next one is answered", async ({ playground }) => {
  const { page } = playground;
  await page.clock.install();
  // A worker that never answers `prove`.
  await page.route("**/worker.js", async (route) => {
    const response = await route.fetch();
    const hangs = 'addEventListener("message", ({ data }) => { if (data.question === "prove") for (;;); });';
    await route.fulfill({ response, body: `${hangs}\n${await response.text()}` });
  });
  await playground.open();
  await playground.prove("possible plan");
  await page.clock.fastForward(10_000);
  await expect(page.locator(".ask .failure")).toContainText("took more than 10 s");
  await playground.prove("");
  await playground.example("GitLab: a dangerous wildcard");
  await expect(playground.summary).toContainText("7 findings");
});

test.describe("without the WebAssembly", () => {
  test.use({ mayFail: true });

  test("the page says why there is no answer", async ({ playground }) => {
    await playground.page.route("**/rolecall.wasm", (route) => route.fulfill({ status: 404 }));
    await playground.open();
    await expect(await playground.tab("Findings")).toContainText("the WebAssembly cannot be loaded");
  });
});
