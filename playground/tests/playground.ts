// The page in a browser. Each test fails if the page reports an error, or asks another host.

import { expect, test as base, type Locator, type Page } from "@playwright/test";
import { serve } from "./server.mjs";

export { expect } from "@playwright/test";

/** The page, with names for its parts. */
export class Playground {
  /** The paths of the requests. */
  readonly requests: string[] = [];

  constructor(
    readonly page: Page,
    readonly url: string,
  ) {}

  /** Opens the page, and waits for its answers. */
  async open(hash = ""): Promise<void> {
    await this.page.goto("about:blank");
    await this.page.goto(this.url + hash);
    await this.settle();
  }

  /** Waits until the answers are about the inputs. */
  async settle(): Promise<void> {
    await expect(this.summary).not.toHaveText("Loading…");
    await expect(this.page.locator('[role="tabpanel"]:visible [aria-busy="true"]')).toHaveCount(0);
  }

  async example(title: string): Promise<void> {
    await this.page.getByRole("button", { name: "Examples" }).click();
    await this.page.getByRole("button", { name: title }).click();
    await this.settle();
  }

  async tab(name: "Decisions" | "Findings" | "Tests and proofs" | "Witness"): Promise<Locator> {
    const tab = this.page.getByRole("tab", { name });
    await tab.click();
    await this.settle();
    return this.page.getByRole("tabpanel", { name });
  }

  /** Replaces the text of the file in the editor. */
  async write(text: string): Promise<void> {
    await this.editor.press("Control+a");
    await this.editor.evaluate((editor, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", text);
      editor.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
    }, text);
    await this.settle();
  }

  /** Proves a statement. Returns the place of the result. */
  async prove(statement: string): Promise<Locator> {
    const proofs = await this.tab("Tests and proofs");
    await this.statement.fill(statement);
    await this.statement.press("Enter");
    return proofs.locator(".ask .result");
  }

  get statement(): Locator {
    return this.page.getByRole("textbox", { name: "Statement about all tokens" });
  }

  async paste(token: string): Promise<void> {
    await this.token.fill(token);
    await this.settle();
  }

  get editor(): Locator {
    return this.page.getByRole("textbox", { name: /^Text of / });
  }

  get token(): Locator {
    return this.page.getByRole("textbox", { name: "Token or claims" });
  }

  get summary(): Locator {
    return this.page.locator("#summary");
  }

  get notice(): Locator {
    return this.page.locator("#notice");
  }
}

interface Fixtures {
  playground: Playground;
  /** True if the test makes the page report errors. */
  mayFail: boolean;
}

export const test = base.extend<Fixtures, { server: string }>({
  mayFail: [false, { option: true }],
  server: [
    async ({}, use) => {
      const { url, end } = await serve();
      await use(url);
      end();
    },
    { scope: "worker" },
  ],
  playground: async ({ page, server, mayFail }, use) => {
    const errors: string[] = [];
    const playground = new Playground(page, server);
    page.on("console", (message) => {
      if (message.type() === "error" || message.type() === "warning") errors.push(message.text());
    });
    page.on("pageerror", (error) => errors.push(error.message));
    page.context().on("request", (request) => playground.requests.push(request.url()));
    await use(playground);
    if (!mayFail) expect(errors).toEqual([]);
    const isOwn = (url: string) => url.startsWith(server) || url.startsWith(`blob:${server}`) || url === "about:blank";
    expect(playground.requests.filter((url) => !isOwn(url))).toEqual([]);
  },
});
