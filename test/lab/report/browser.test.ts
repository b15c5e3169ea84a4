import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { renderReport } from "../../../src/lab/report/mod.ts";
import { tempDir } from "../../support/temp_dir.ts";
import { sampleInput } from "./sample.ts";

/** Debian's, unless told where another one is. */
const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
/** Where nobody promised a browser, its absence is no failure. */
const skip = existsSync(CHROMIUM) || process.env["CI"] ? false : `there is no ${CHROMIUM}`;

function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
}

/** Opens the report from disk; gives what went wrong on the page. */
async function open(browser: Browser, path: string): Promise<{ page: Page; wrong: string[] }> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  const wrong: string[] = [];
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  page.on("pageerror", (error) => wrong.push(error.message));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) wrong.push(`asks for ${request.url()}`);
  });
  await page.goto(pathToFileURL(path).href);
  return { page, wrong };
}

test(
  "a report opened from disk shows what a message was when pointed at, and what led to a win when clicked",
  { skip },
  async () => {
    await using dir = await tempDir();
    const path = await dir.write("report.html", renderReport(sampleInput(50)));
    const browser = await launch();
    try {
      const { page, wrong } = await open(browser, path);
      const figure = page.locator(".diagram").first();
      await figure.locator("svg").waitFor();
      await figure.focus();
      for (let i = 0; i < 12; i++) await page.keyboard.press("+");
      const view = await figure.locator("svg .tick").first().textContent();
      await page.keyboard.press("n");
      await figure.locator(".details", { hasText: /peer-/ }).waitFor();
      await page.keyboard.press("Escape");
      await figure.locator(".details:empty").waitFor({ state: "attached" });
      await page.keyboard.press("0");
      await page.waitForFunction(
        `document.querySelector(".diagram svg .tick").textContent !== ${JSON.stringify(view)}`,
      );

      await figure.locator(".hit").first().dispatchEvent("pointermove", { bubbles: true });
      await figure.locator(".details", { hasText: "vote of epoch 2" }).waitFor();

      const win = figure.locator(".mark.win").last();
      await win.dispatchEvent("pointerdown", { bubbles: true });
      await win.dispatchEvent("pointerup", { bubbles: true });
      await figure.locator(".details li").first().waitFor();
      const story = await figure.locator(".details").textContent() ?? "";
      assert.match(story, /election\.win.*vote_reply.*election\.grant.*election\.candidate/s);
      await figure.locator(".arrow.cause").nth(1).waitFor({ state: "attached" });
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
    }
  },
);

test(
  "a report changes its colours with the system's, and prints without its buttons",
  { skip },
  async () => {
    await using dir = await tempDir();
    const path = await dir.write("report.html", renderReport(sampleInput(3)));
    const browser = await launch();
    try {
      const { page, wrong } = await open(browser, path);
      const ground = (): Promise<string> =>
        page.evaluate("getComputedStyle(document.body).backgroundColor");
      await page.emulateMedia({ colorScheme: "light" });
      const light = await ground();
      await page.emulateMedia({ colorScheme: "dark" });
      assert.notEqual(await ground(), light);
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("button.copy").isVisible(), false);
      assert.deepEqual(wrong, []);
    } finally {
      await browser.close();
    }
  },
);
