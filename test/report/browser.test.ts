/** The pages in a real browser, opened from disk as a user does. */
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Browser, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { subjectOf } from "../../history/vocabulary/read.ts";
import { writeIndex, writeReport } from "../../report/report.ts";
import { SIZE_BUDGET } from "../../report/report-page.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { launchChromium } from "../support/chromium.ts";
import { HOSTILE } from "./hostile.ts";
import type { LockRunOptions } from "./lock-run.ts";
import { lockRun, storeRun } from "./lock-run.ts";

let browser: Browser;
let results: string;
let page: Page;
/** Everything that the page complained about or asked the network for. */
let complaints: string[];

beforeAll(async () => {
  browser = await launchChromium();
  results = await mkdtemp(join(tmpdir(), "redquake-pages-"));
});

afterAll(async () => {
  await browser?.close();
  if (results !== undefined) await rm(results, { recursive: true, force: true });
});

afterEach(() => page?.close());

const small: LockRunOptions = { seed: 42, workers: 5, keys: 2, loadMs: 9000 };

async function writtenRun(options: LockRunOptions, name: string): Promise<{ run: StoredRun; url: string }> {
  const run = lockRun(options, join(results, "lock-paused-holder", name));
  await storeRun(run);
  return { run, url: pathToFileURL(await writeReport(run)).href };
}

async function open(url: string, colorScheme: "light" | "dark" = "light"): Promise<void> {
  page = await browser.newPage({ viewport: { width: 1300, height: 900 }, colorScheme });
  complaints = [];
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("request", (request) => {
    if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
  });
  await page.goto(url);
  await page.waitForSelector("html[data-ready=true]");
}

// What runs inside the page is text here: the types of a browser are not those of Node.js.

/** How many different colours a canvas shows; one means that nothing was drawn. */
function colours(canvas: string): Promise<number> {
  return page.evaluate<number>(
    `new Set(new Uint32Array(${canvas}.getContext("2d").getImageData(0, 0, ${canvas}.width, ${canvas}.height).data.buffer)).size`,
  );
}

function picture(canvas: string): Promise<string> {
  return page.evaluate<string>(`${canvas}.toDataURL()`);
}

async function hash(): Promise<URLSearchParams> {
  return new URLSearchParams(await page.evaluate<string>("location.hash.slice(1)"));
}

async function stretch(): Promise<[number, number]> {
  const [from = NaN, to = NaN] = ((await hash()).get("t") ?? "").split("-").map(Number);
  return [from, to];
}

/** Waits until a condition holds in the page, such as a drawing after the next frame. */
async function eventually(condition: () => Promise<boolean>): Promise<void> {
  await expect.poll(condition, { interval: 20 }).toBe(true);
}

async function centre(locator: Locator): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error("the element is not on the page");
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

describe("a report in the browser", () => {
  let run: StoredRun;
  let url: string;
  beforeAll(async () => {
    ({ run, url } = await writtenRun(small, "2026-11-25T00-40-12Z-42"));
  });

  it("opens from disk without complaint and without the network, and draws everything", async () => {
    await open(url);
    expect(await page.textContent("h1")).toBe("A paused holder of a Redis lock");
    expect(await page.textContent(".outcome-word")).toBe("Passed");
    expect(await page.textContent(".outcome-sentence")).toContain("Two hopes were broken as expected");
    expect(await page.locator(".broken .finding-sentence").first().textContent()).toContain("w1 was stopped for 3 s");
    for (const canvas of ["timeline", "overview", "throughput", "latency"])
      expect(await colours(canvas)).toBeGreaterThan(4);
    expect(await page.textContent("#matches")).toBe(
      `${run.history.operations.length.toLocaleString("en-US")} operations`,
    );
    expect(complaints).toEqual([]);
  });

  it("jumps from an event of the counterexample to its operation", async () => {
    await open(url);
    const before = await picture("timeline");
    await page.locator(".steps .jump").first().click();
    const acquired = run.verdict?.claims[0]?.result.findings[0]?.events[0];
    const operation = run.history.operations.find((op) => op.completion?.index === acquired);
    await eventually(async () => (await page.locator("#detail").textContent())?.includes("validForMs") === true);
    expect((await hash()).get("op")).toBe(String(operation?.invoke.index));
    expect(await page.textContent("#detail h3")).toBe(`acquire ${subjectOf(operation?.invoke ?? { value: null })}`);
    const [from, to] = await stretch();
    expect(from).toBeLessThan((operation?.invoke.time ?? 0) / 1000);
    expect(to).toBeGreaterThan((operation?.completion?.time ?? 0) / 1000);
    await eventually(async () => (await picture("timeline")) !== before);
    expect(await page.evaluate("document.activeElement.id")).toBe("timeline");
    expect(complaints).toEqual([]);
  });

  it("zooms with the wheel and the keyboard, moves by dragging, and goes back to the whole run", async () => {
    await open(url);
    const timeline = page.locator("#timeline");
    await timeline.scrollIntoViewIfNeeded();
    const { x, y } = await centre(timeline);
    const charts = await picture("latency");
    await timeline.focus();
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, -600);
    await eventually(async () => (await hash()).has("t"));
    const [from, to] = await stretch();
    expect(to - from).toBeLessThan(6e6);
    await eventually(async () => (await picture("latency")) !== charts);

    await page.mouse.down();
    await page.mouse.move(x - 200, y, { steps: 4 });
    await page.mouse.up();
    const [movedFrom, movedTo] = await stretch();
    expect(movedFrom).toBeGreaterThan(from);
    expect(Math.abs(movedTo - movedFrom - (to - from))).toBeLessThan(5);

    await page.keyboard.press("+");
    const [, closeTo] = await stretch();
    expect(closeTo).toBeLessThan(movedTo);
    await page.keyboard.press("0");
    expect((await hash()).has("t")).toBe(false);

    await page.keyboard.down("Shift");
    await page.mouse.down();
    await page.mouse.move(x + 100, y, { steps: 4 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    const [chosenFrom, chosenTo] = await stretch();
    expect(chosenTo - chosenFrom).toBeLessThan(3e6);
    expect(complaints).toEqual([]);
  });

  it("leaves the plain wheel to the page while the timeline has no focus", async () => {
    await open(url);
    await page.locator("#timeline").scrollIntoViewIfNeeded();
    const { x, y } = await centre(page.locator("#timeline"));
    const scrolled = (): Promise<number> => page.evaluate<number>("scrollY");
    const before = await scrolled();
    await page.mouse.move(x, y);
    await page.mouse.wheel(0, 200);
    await eventually(async () => (await scrolled()) > before);
    expect((await hash()).has("t")).toBe(false);
  });

  it("shows what lies under the pointer, and keeps it after a click until Escape", async () => {
    // The paused worker's lane, in the middle of the pause of a run whose counterexample is in view.
    await open(`${url}#finding=1.1`);
    const timeline = page.locator("#timeline");
    const box = await timeline.boundingBox();
    if (box === null) throw new Error("there is no timeline");
    const tooltip = page.locator("#tooltip");
    for (let y = 10; y < box.height && !(await tooltip.textContent())?.startsWith("acquire"); y += 8) {
      await page.mouse.move(box.x + box.width * 0.3, box.y + y);
    }
    expect(await tooltip.textContent()).toMatch(/^acquire lock:.*outcome/);
    expect(await page.locator("#cursor").isVisible()).toBe(true);
    await page.mouse.down();
    await page.mouse.up();
    expect(await page.locator("#detail").isVisible()).toBe(true);
    expect((await hash()).get("op")).toMatch(/^\d+$/);
    const first = (await hash()).get("op");
    await page.keyboard.press("n");
    expect((await hash()).get("op")).not.toBe(first);
    await page.keyboard.press("Escape");
    expect(await page.locator("#detail").isVisible()).toBe(false);
    expect(complaints).toEqual([]);
  });

  it("filters, and finds the same place again from the address", async () => {
    await open(url);
    const all = run.history.operations;
    await page.fill("#filter", "outcome:info -worker:w9");
    const unknown = all.filter((op) => op.completion?.type === "info").length;
    expect(unknown).toBeGreaterThan(0);
    expect(await page.textContent("#matches")).toBe(`${unknown} of ${all.length.toLocaleString("en-US")} operations`);
    await page.fill("#filter", "w1-3 f:write,release");
    expect(await page.textContent("#matches")).toMatch(/^\d+ of/);
    await page.click("#operations summary");
    await eventually(async () => (await page.locator("#operations tbody tr").count()) > 0);
    expect(await page.locator("#operations tbody tr").first().textContent()).toContain("w1-3");

    await page.click("#theme");
    await page.click('[data-zoom="in"]');
    const address = await page.evaluate<string>("location.href");
    await page.close();
    await open(address);
    expect(await page.inputValue("#filter")).toBe("w1-3 f:write,release");
    expect(await page.getAttribute("html", "data-theme")).toBe("dark");
    expect(await page.evaluate<string>("location.href")).toBe(address);
    expect(complaints).toEqual([]);
  });

  it("follows the system's colours, and the switch turns them around", async () => {
    const paper = (): Promise<string> => page.evaluate<string>("getComputedStyle(document.body).backgroundColor");
    await open(url, "dark");
    const dark = await paper();
    await page.click("#theme");
    expect(await paper()).not.toBe(dark);
    expect((await hash()).get("theme")).toBe("light");
  });

  it("copies the command that repeats the run, or selects it where copying is not allowed", async () => {
    await open(url);
    await page.click('[data-copy="command"]');
    await eventually(async () => /Copied|Selected/.test((await page.textContent('[data-copy="command"]')) ?? ""));
    expect(await page.textContent("#command")).toContain("--seed 42");
  });

  it("keeps hostile text inert, also in the parts that its script writes", async () => {
    const hostile = await writtenRun({ ...small, loadMs: 3000, hostile: HOSTILE }, "2026-11-25T00-41-00Z-43");
    await open(hostile.url);
    const nodes = hostile.run.history.operations.filter((op) => op.completion?.node === HOSTILE);
    expect(nodes.length).toBeGreaterThan(0);
    await page.evaluate(`location.hash = "#op=${nodes[0]?.invoke.index}"`);
    await eventually(() => page.locator("#detail").isVisible());
    await page.click("#operations summary");
    await eventually(async () => (await page.locator("#operations tbody tr").count()) > 0);
    expect(await page.textContent("#detail")).toContain("</script><img src=x onerror=");
    expect(await page.locator("img, [onerror], [onload]").count()).toBe(0);
    expect(await page.title()).not.toContain("broken out");
    expect(complaints).toEqual([]);
  });

  it("draws 200,000 operations within its budget, and moves through them", { timeout: 180_000 }, async () => {
    const large = await writtenRun({ seed: 7, workers: 24, keys: 12, loadMs: 39_000 }, "2026-11-25T00-42-00Z-7");
    expect(large.run.history.operations.length).toBeGreaterThan(200_000);
    expect((await stat(fileURLToPath(large.url))).size).toBeLessThanOrEqual(SIZE_BUDGET);
    await open(large.url);
    expect(await page.textContent("#matches")).toBe(
      `${large.run.history.operations.length.toLocaleString("en-US")} operations`,
    );
    expect(await colours("timeline")).toBeGreaterThan(4);
    // The script's own time for one drawing of everything, the fastest of some: a busy machine must not decide.
    const fastest = await page.evaluate<number>(`(async () => {
      let least = Infinity;
      for (const key of ["+", "-", "+", "-", "0", "+", "0"]) {
        timeline.dispatchEvent(new KeyboardEvent("keydown", { key }));
        const before = performance.now();
        await new Promise((resolve) => requestAnimationFrame(resolve));
        least = Math.min(least, performance.now() - before);
      }
      return least;
    })()`);
    expect(fastest).toBeLessThan(500);
    expect(complaints).toEqual([]);
  });
});

describe("the list of runs in the browser", () => {
  it("lists, filters and links its runs", async () => {
    await writtenRun({ ...small, loadMs: 1500, seed: 44 }, "2026-11-25T00-43-00Z-44");
    const url = pathToFileURL(await writeIndex(results)).href;
    await open(url);
    const rows = page.locator("table.runs tbody tr");
    const count = await rows.count();
    expect(count).toBeGreaterThan(0);
    await page.fill("#filter", "no such campaign");
    expect(await page.textContent("#matches")).toBe(`0 of ${count} runs`);
    await page.fill("#filter", "lock-paused 44 passed");
    await page.locator("a.run:visible").first().click();
    await page.waitForSelector("html[data-ready=true] #timeline");
    expect(page.url()).toContain("2026-11-25T00-43-00Z-44/report.html");
    expect(complaints).toEqual([]);
  });
});
