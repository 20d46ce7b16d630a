// Takes the pictures of the page.

import { chromium } from "@playwright/test";
import { serve } from "../tests/server.mjs";

const { url, end } = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });

async function take(name, colorScheme, viewport, act = async () => {}) {
  const context = await browser.newContext({ colorScheme, viewport });
  const page = await context.newPage();
  await page.goto(url);
  await page.locator("#panel-decisions .role").first().waitFor();
  await act(page);
  await page.locator("#summary", { hasText: "." }).waitFor();
  // The caret blinks, and a message of the page is not part of the picture.
  await page.evaluate(() => document.activeElement?.blur());
  await page.screenshot({ path: `pictures/${name}.png` });
  await context.close();
}

const WIDE = { width: 1280, height: 800 };
await take("light", "light", WIDE);
await take("dark", "dark", WIDE, async (page) => {
  await page.getByRole("button", { name: "Examples" }).click();
  await page.getByRole("button", { name: "GitLab: a dangerous wildcard" }).click();
  await page.getByRole("button", { name: "Close the message" }).click();
  await page.getByRole("tab", { name: "Findings" }).click();
  await page.locator(".finding summary").nth(1).click();
});
await take("phone", "light", { width: 360, height: 740 });
await browser.close();
end();
