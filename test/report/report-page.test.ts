import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { History } from "../../history/history.ts";
import type { PageModel } from "../../report/page-model.ts";
import { renderIndex } from "../../report/overview/index-page.ts";
import { renderReport } from "../../report/report-page.ts";
import type { StoredRun } from "../../store/stored-run.ts";
import { HOSTILE } from "./hostile.ts";
import { lockRun } from "./lock-run.ts";

const small = { seed: 42, workers: 3, keys: 1, loadMs: 2500 };

function block(page: string, id: string): string {
  const packed = new RegExp(`id="${id}">([A-Za-z0-9+/=]*)</script>`).exec(page)?.[1] ?? "";
  return gunzipSync(Buffer.from(packed, "base64")).toString();
}

/** What the page says that it leaves out. */
function notices(page: string): string[] {
  return [...page.matchAll(/<p class="notice warning">([^<]*)<\/p>/g)]
    .flatMap(([, text]) => text ?? [])
    .filter((text) => !text.includes("JavaScript"));
}

function model(page: string): PageModel {
  return JSON.parse(block(page, "data-model")) as PageModel;
}

describe("a report", () => {
  it("tells the verdict first, then the counterexample, the timeline, the faults, how to repeat it, and the environment", async () => {
    const page = await renderReport(lockRun(small));
    const landmarks = [
      "Two hopes were broken as expected",
      "At any moment at most one client",
      "Counterexample</h2>",
      "Timeline</h2>",
      "Faults</h2>",
      "--seed 42",
      "Environment</h2>",
    ];
    const places = landmarks.map((text) => page.indexOf(text));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  it("links every event of a finding to its operation, by the index of the invoke", async () => {
    const run = lockRun(small);
    const page = await renderReport(run);
    const finding = run.verdict?.claims[0]?.result.findings[0];
    for (const index of finding?.events ?? []) {
      const operation = run.history.operations.find(
        (op) => op.invoke.index === index || op.completion?.index === index,
      );
      expect(page).toContain(`#op=${operation?.invoke.index}&amp;t=`);
    }
    expect(model(page).findings[0]?.marks.map((mark) => mark.label)).toEqual(["1", "2", "3", "4"]);
  });

  it("lets nothing from a server or a history become markup", async () => {
    const page = await renderReport(lockRun({ ...small, hostile: HOSTILE }));
    expect(page).toContain("&lt;/script&gt;&lt;img src=x onerror=");
    expect(["<img", "<svg/onload", "\u0000", "\u2028", "\u202e"].filter((text) => page.includes(text))).toEqual([]);
    // The two blocks of code and the three of data, and no more.
    expect(page.match(/<\/script/g)).toHaveLength(4);
  });

  it("allows its own script and style only, and no network", async () => {
    const page = await renderReport(lockRun(small));
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1]?.replaceAll("&#39;", "'") ?? "";
    expect(policy).toMatch(
      /^default-src 'none'; script-src 'sha256-[^;]+'; style-src 'sha256-[^;]+'; img-src data:; base-uri 'none'/,
    );
    expect(policy).not.toContain("unsafe");
    const foreign = [' style="', '<link rel="stylesheet"', "<script src", "url("];
    expect(foreign.filter((text) => page.includes(text))).toEqual([]);
  });

  it("says so when a run was not judged, is damaged, or has nothing in it", async () => {
    const run: StoredRun = {
      ...lockRun(small),
      verdict: undefined,
      history: new History([]),
      warnings: ["run.json is damaged."],
    };
    const page = await renderReport({ ...run, plan: { ...run.plan, faults: [], claims: [] } });
    expect(page).toContain("Not judged");
    expect(page).toContain("run.json is damaged.");
    expect(page).toContain("This run injects no fault.");
    expect(page).toContain("This run tests no claim.");
  });

  it("leaves out values and then operations to stay within its budget, those far from the findings first, and says so", async () => {
    const run = lockRun({ ...small, loadMs: 9000 });
    const whole = await renderReport(run);
    expect(notices(whole)).toEqual([]);

    const packed = ["data-columns", "data-values"].map(
      (id) => new RegExp(`id="${id}">([^<]*)<`).exec(whole)?.[1] ?? "",
    );
    const room = packed.join("").length;
    const empty = Buffer.byteLength(whole) - room;
    const fewerValues = await renderReport(run, empty + Math.floor(room * 0.75));
    expect(Buffer.byteLength(fewerValues)).toBeLessThanOrEqual(empty + Math.floor(room * 0.75));
    expect(notices(fewerValues)).toEqual([
      expect.stringMatching(/^The values of [\d,]+ operations far from the findings are left out/),
    ]);
    const lines = block(fewerValues, "data-values").split("\n");
    expect(lines).toHaveLength(run.history.operations.length);
    for (const { operation } of model(fewerValues).findings[0]?.marks ?? []) expect(lines[operation]).not.toBe("");

    const fewerOperations = await renderReport(run, empty + Math.floor(room * 0.2));
    expect(Buffer.byteLength(fewerOperations)).toBeLessThanOrEqual(empty + Math.floor(room * 0.2));
    expect(notices(fewerOperations)[0]).toMatch(
      /show [\d,]+ of [\d,]+ operations, those nearest in time to the findings/,
    );
    expect(model(fewerOperations).findings[0]?.marks.length).toBeGreaterThan(0);
  });
});

describe("the list of runs", () => {
  it("has a table of locks × campaigns, each cell the last run of its lock", async () => {
    const { run, verdict } = lockRun(small);
    const of = (lock: string, name: string): Parameters<typeof renderIndex>[0][number] => ({
      folder: `/r/c/${name}`,
      campaign: "c",
      name,
      seed: 1,
      startedAt: run.startedAt,
      run: { ...run, lock },
      verdict,
      hasReport: true,
      warnings: [],
    });
    const page = await renderIndex([of("a@1.0.0", "new"), of("a@1.0.0", "old"), of(HOSTILE, "other")]);
    const table = /<section id="locks">[^]*?<\/section>/.exec(page)?.[0] ?? "";
    expect(table).toMatch(/<th scope="col">a@1\.0\.0<\/th>/);
    expect(table).toMatch(/href="\.\/c\/new\/report\.html"><span class="chip/);
    expect(table).not.toContain("c/old");
    expect(page).not.toContain("<img");
    expect(await renderIndex([of("a@1.0.0", "new")])).not.toContain('id="locks"');
  });

  it("shows what failed, and bears hostile names and missing files", async () => {
    const { run, verdict } = lockRun({ ...small, hostile: HOSTILE });
    const page = await renderIndex([
      {
        folder: `/r/c/${HOSTILE.replaceAll("/", "")}`,
        campaign: HOSTILE,
        name: "x",
        seed: undefined,
        startedAt: undefined,
        run: undefined,
        verdict: undefined,
        hasReport: false,
        warnings: ["run.json is damaged."],
      },
      {
        folder: "/r/c/2026-1",
        campaign: "c",
        name: "2026-1",
        seed: 1,
        startedAt: run.startedAt,
        run,
        verdict: verdict && { ...verdict, outcome: "failed" },
        hasReport: true,
        warnings: [],
      },
    ]);
    expect(page).toContain("2 stored runs");
    expect(page).toContain("At any moment at most one client holds the lock.");
    expect(page).toContain('href="./c/2026-1/report.html"');
    expect(page).toContain("run.json is damaged.");
    expect(page).not.toContain("<img");
  });
});
