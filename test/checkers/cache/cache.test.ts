/** The checker of caches against its definitions, on simulated caches, and on histories with one thing wrong. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cache } from "../../../checkers/cache/cache.ts";
import { arbitraryCaches } from "../arbitrary-caches.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";
import type { Row } from "../history-of.ts";
import { backCount, phantomCount, staleCount } from "../oracle/cache.ts";
import { GRACE_MS, simulatedCache } from "../simulated-cache.ts";

const RUNS = { numRuns: 1_000 };
const SMALL = { minReads: 1 };
const FRESH = "fresh-when-it-says-so";

describe("caches on random histories", () => {
  it("finds exactly the stale gets, the steps back and the phantoms", () => {
    fc.assert(
      fc.property(arbitraryCaches(), fc.nat(8), (history, graceMs) => {
        const count = (property: string): number => cache(history, { ...SMALL, property, graceMs }).count;
        expect(count("never-stale")).toBe(staleCount(history, graceMs, false));
        expect(count(FRESH)).toBe(staleCount(history, graceMs, true));
        expect(count("never-back")).toBe(backCount(history));
        expect(count("no-phantom")).toBe(phantomCount(history));
        for (const property of ["never-stale", FRESH, "never-back", "no-phantom"])
          expectFindingsToSuffice(cache, history, { ...SMALL, property, graceMs });
      }),
      RUNS,
    );
  });
});

describe("a cache that is right", () => {
  it.each([
    ["keeps", false],
    ["may-lose", true],
    ["may-lose", false],
  ])("is never blamed on a store that %s what it acknowledged (it loses: %s)", (store, loses) => {
    fc.assert(
      fc.property(simulatedCache({ loses }), (history) => {
        for (const property of ["never-stale", FRESH, "never-back", "no-phantom"]) {
          const { verdict, findings } = cache(history, { ...SMALL, property, store, graceMs: GRACE_MS });
          expect(findings).toEqual([]);
          expect(verdict).not.toBe("broken");
        }
        const converges = { ...SMALL, property: "converges", boundMs: GRACE_MS, store };
        expect(cache(history, converges).verdict).not.toBe("broken");
      }),
      RUNS,
    );
  });
});

describe("a cache that is wrong", () => {
  it("is found where its copies stay as they are, whatever the store may lose", () => {
    let [keeping, losing] = [0, 0];
    fc.assert(
      fc.property(simulatedCache({ loses: false, freezes: true }), (history) => {
        const stale = (store: string): number =>
          cache(history, { ...SMALL, property: "never-stale", store, graceMs: GRACE_MS }).count;
        keeping += stale("keeps");
        losing += stale("may-lose");
        expect(stale("may-lose")).toBeLessThanOrEqual(stale("keeps"));
      }),
      RUNS,
    );
    expect(keeping).toBeGreaterThan(1_000);
    // What lies between two looks that found the same is known all the same.
    expect(losing).toBeGreaterThan(keeping / 10);
  });
});

const KEY = { key: "k" };
const written = (ms: number, version: number): Row[] => [
  row(ms, 1, "invoke", "write", { ...KEY, version, how: "set" }),
  row(ms + 1, 1, "ok", "write", { ...KEY, version, how: "set" }),
];
const got = (ms: number, process: number, version: number | null, said?: boolean): Row[] => [
  row(ms, process, "invoke", "read", KEY),
  row(ms + 1, process, "ok", "read", {
    ...KEY,
    version,
    ...(said === undefined ? {} : { before: said, after: said }),
  }),
];
const stored = (ms: number, version: number): Row[] => [
  row(ms, 9, "invoke", "read-store", KEY),
  row(ms + 1, 9, "ok", "read-store", { ...KEY, version }),
];
const phases = [phaseRow(0, "load"), phaseRow(5_000, "heal"), phaseRow(9_000, "final")];
const judged = (rows: readonly Row[], options: { readonly [option: string]: unknown }) =>
  cache(historyOf([...phases, ...rows]), { ...SMALL, ...options });

describe("what the store has in the end", () => {
  const base = [...written(10, 1), ...written(100, 2), ...stored(200, 2), ...stored(9_010, 2)];

  it("reaches every user, and a copy that stays stale is a finding of its own", () => {
    const rows = [...base, ...got(300, 2, 2), ...got(9_010, 2, 2), ...got(300, 3, 1, true), ...got(9_010, 3, 1, true)];
    const { verdict, count, findings } = judged(rows, { property: "converges" });
    expect({ verdict, count }).toEqual({ verdict: "broken", count: 1 });
    expect(findings[0]?.kind).toBe("stale-for-ever");
    expect(findings[0]?.sentence).toContain("w3 got version 1 of k");
    expect(findings[0]?.sentence).toContain("while w2 had what the store has, and its cache said that it was fresh");
  });

  it("is late where it comes after the bound", () => {
    const rows = [...base, ...got(8_000, 2, 1), ...got(9_010, 2, 2)];
    expect(judged(rows, { property: "converges" }).findings[0]?.kind).toBe("late");
    expect(judged(rows, { property: "converges", boundMs: 3_500 }).verdict).toBe("holds");
  });

  it("never reaches a user who gets no answer any more", () => {
    const silent = [row(9_010, 2, "invoke", "read", KEY), row(9_020, 2, "fail", "read", KEY, { error: "gone" })];
    const { findings } = judged([...base, ...got(300, 2, 2), ...silent], { property: "converges" });
    expect(findings[0]?.kind).toBe("silent");
  });

  it("is not asked of a user who was killed, and unknown of one who did not ask", () => {
    const rows = [...base, ...got(300, 2, 2), ...got(9_010, 2, 2), ...got(300, 3, 1)];
    const killed = faultRow(400, "kill", "inject", ["w3"]);
    expect(judged([...rows, killed], { property: "converges" }).verdict).toBe("holds");
    expect(judged(rows, { property: "converges" }).verdict).toBe("unknown");
  });

  it("may be less than a user has, whose copy is of what the store has lost", () => {
    const rows = [...base.slice(0, 4), ...stored(300, 0), ...stored(9_010, 0), ...got(9_010, 2, 2)];
    const { verdict, findings } = judged(rows, { property: "converges", store: "may-lose" });
    expect(verdict).toBe("broken");
    expect(findings[0]?.sentence).toContain("the store had nothing");
  });
});

describe("what cannot be judged", () => {
  it("is unknown where the store itself has lost what it acknowledged", () => {
    const rows = [...written(10, 1), ...written(100, 2), ...stored(200, 1), ...got(3_000, 2, 1, true)];
    const { verdict, reason } = judged(rows, { property: FRESH });
    expect(verdict).toBe("unknown");
    expect(reason).toContain("version 2 of k was acknowledged");
  });

  it("is not applicable where the cache does not say whether it is fresh", () => {
    const rows = [...written(10, 1), ...written(100, 2), ...got(3_000, 2, 1)];
    expect(judged(rows, { property: FRESH })).toMatchObject({ verdict: "vacuous", inapplicable: true });
    expect(judged(rows, { property: "never-stale" }).verdict).toBe("broken");
  });

  it("is vacuous where the cache never said that it was fresh after the fault", () => {
    const fault = faultRow(2_000, "link", "inject", ["w2"]);
    const rows = [...written(10, 1), ...got(1_000, 2, 1, true), fault, ...got(3_000, 2, 1, false)];
    expect(judged(rows, { property: FRESH }).verdict).toBe("vacuous");
  });
});

describe("what the writer knows", () => {
  it("leaves no gap where each write tells what it replaced", () => {
    const direct = (ms: number, version: number): Row[] => [
      row(ms, 1, "invoke", "write", { ...KEY, version, how: "direct" }),
      row(ms + 1, 1, "ok", "write", { ...KEY, version, how: "direct", before: version - 1 }),
    ];
    const rows = [1, 2, 3, 4, 5].flatMap((version) => direct(version * 100, version));
    const late = [...rows, ...got(490, 2, 1, true)];
    expect(judged(late, { property: FRESH, store: "may-lose", graceMs: 200 }).count).toBe(1);
  });

  it("counts from when the caches were told, where that comes after the write", () => {
    const told = [
      row(1_500, 1, "invoke", "invalidate", { ...KEY, version: 2 }),
      row(1_501, 1, "ok", "invalidate", { ...KEY, version: 2 }),
    ];
    const rows = [...written(10, 1), ...written(100, 2), ...got(2_000, 2, 1, true)];
    expect(judged(rows, { property: FRESH }).verdict).toBe("broken");
    expect(judged([...rows, ...told], { property: FRESH }).verdict).toBe("holds");
  });
});
