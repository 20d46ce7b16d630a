// Prints the time from the start of loading to the first decision: cold loads from loopback, with and without a slow processor.

import { chromium } from "@playwright/test";
import { serve } from "./tests/server.mjs";

const LOADS = 7;

const { url, end } = await serve();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium" });
for (const [label, rate] of [
  ["this processor", 1],
  ["4 times slower", 4],
]) {
  const times = [];
  for (let load = 0; load < LOADS; load += 1) {
    // A context has a cache of its own.
    const context = await browser.newContext();
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send("Emulation.setCPUThrottlingRate", { rate });
    await page.addInitScript(() => {
      new MutationObserver((_, observer) => {
        if (!document.querySelector("#panel-decisions .role")) return;
        window.decided = performance.now();
        observer.disconnect();
      }).observe(document, { childList: true, subtree: true });
    });
    await page.goto(url);
    times.push(await (await page.waitForFunction(() => window.decided)).jsonValue());
    await context.close();
  }
  times.sort((left, right) => left - right);
  const [least, median, most] = [0, LOADS >> 1, LOADS - 1].map((at) => `${Math.round(times[at])} ms`);
  console.log(`first decision, ${label}: median ${median} (${least} to ${most}, ${LOADS} cold loads)`);
}
await browser.close();
end();
