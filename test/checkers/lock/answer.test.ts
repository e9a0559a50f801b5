/** What clients are told that ask for a lock, against the definition. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lockAnswer } from "../../../checkers/lock/answer.ts";
import type { History } from "../../../history/history.ts";
import type { Operation } from "../../../history/operation.ts";
import { HELD_BY_ANOTHER } from "../../../history/refusal.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { faultRow, historyOf, MS, row } from "../history-of.ts";
import type { Row } from "../history-of.ts";

const TTL_MS = 12;

const turn = fc.record({
  gap: fc.integer({ min: 1, max: 25 }),
  asks: fc.integer({ min: 1, max: 6 }),
  ends: fc.constantFrom("ok" as const, "fail" as const, "fail" as const, "info" as const),
  holds: fc.integer({ min: 1, max: 8 }),
  freed: fc.constantFrom(true, true, null, false, "info" as const, "never" as const),
});
type Turn = typeof turn extends fc.Arbitrary<infer T> ? T : never;

/** One worker's turns; its process changes when it does not know what became of something. */
function rowsOf(turns: readonly Turn[], worker: number): Row[] {
  const rows: Row[] = [];
  let [ms, process] = [0, worker];
  turns.forEach(({ gap, asks, ends, holds, freed }, i) => {
    const own = { key: "a", grant: `w${worker}-${i}` };
    ms += gap;
    rows.push(row(ms, process, "invoke", "acquire", "a"));
    ms += asks;
    if (ends === "fail") rows.push(row(ms, process, "fail", "acquire", "a", { error: HELD_BY_ANOTHER }));
    if (ends === "info") rows.push(row(ms, process, "info", "acquire", "a"));
    if (ends === "ok") {
      rows.push(row(ms, process, "ok", "acquire", { ...own, ttlMs: TTL_MS }));
      ms += holds;
      if (freed === "never") return;
      rows.push(row(ms, process, "invoke", "release", own));
      ms += 1;
      if (freed === "info") rows.push(row(ms, process, "info", "release", own));
      else rows.push(row(ms, process, "ok", "release", { ...own, freed }));
    }
    if (ends === "info" || (ends === "ok" && freed === "info")) process += 10;
  });
  return rows;
}

/** The definition, one acquire after the other. */
function falseRefusals(history: History): number {
  const acquires = history.operations.filter(({ f }) => f === "acquire");
  const field = (operation: Operation | undefined, name: string): unknown =>
    (operation?.completion?.value as { [name: string]: unknown } | undefined)?.[name];
  const releaseOf = (acquire: Operation): Operation | undefined =>
    history.operations.find(
      ({ f, invoke }) => f === "release" && (invoke.value as { grant: string }).grant === field(acquire, "grant"),
    );
  const lastSignOf = (acquire: Operation): number => {
    const later = history.events.filter(({ process }) => process === acquire.process);
    const next = later.find(
      ({ f, type, index }) => f === "acquire" && type === "invoke" && index > (acquire.completion?.index ?? 0),
    );
    return next?.time ?? later.at(-1)?.time ?? 0;
  };
  const ttl = acquires.some(({ completion }) => completion?.type === "ok") ? TTL_MS * MS : Infinity;
  const isRefusal = ({ completion }: Operation): boolean => completion?.type === "fail";
  const traces = acquires.map((acquire) => {
    const [from, type] = [acquire.invoke.time, acquire.completion?.type];
    const end = acquire.completion?.time ?? Infinity;
    if (type === "fail") return { acquire, from, to: end, known: true };
    if (type !== "ok") return { acquire, from, to: end + ttl, known: false };
    const release = releaseOf(acquire);
    const told = release?.completion;
    const known = told?.type === "ok";
    if (told !== undefined && field(release, "freed") === true) return { acquire, from, to: told.time, known };
    return { acquire, from, to: (told?.time ?? lastSignOf(acquire)) + ttl, known };
  });
  return acquires.filter(isRefusal).filter((refusal) =>
    traces.every(({ acquire, from, to, known }) => {
      const isOwn = acquire.invoke.worker === refusal.invoke.worker;
      const overlaps = from <= (refusal.completion?.time ?? 0) && to >= refusal.invoke.time;
      return acquire === refusal || !overlaps || (isOwn && known);
    }),
  ).length;
}

describe("lock-answer, true", () => {
  const judged = { property: "true" };

  it("counts exactly the refusals at whose time nobody else can have had the lock", () => {
    let found = 0;
    fc.assert(
      fc.property(fc.array(fc.array(turn, { maxLength: 4 }), { minLength: 1, maxLength: 3 }), (workers) => {
        const history = historyOf(workers.flatMap(rowsOf));
        const { count } = lockAnswer(history, judged);
        expect(count).toBe(falseRefusals(history));
        found += count;
        expectFindingsToSuffice(lockAnswer, history, judged);
      }),
      { numRuns: 2_000 },
    );
    expect(found).toBeGreaterThan(100);
  });

  it("says nothing of refusals after a fault of a node, and tells who was refused when", () => {
    const rows = [row(10, 1, "invoke", "acquire", "a"), row(12, 1, "fail", "acquire", "a", { error: HELD_BY_ANOTHER })];
    expect(lockAnswer(historyOf(rows), judged)).toMatchObject({ verdict: "broken", count: 1 });
    expect(lockAnswer(historyOf(rows), judged).findings[0]?.sentence).toMatch(
      /^w1 asked for a at 0\.010 s and was told at 0\.012 s that another client has it; no other client/,
    );
    const after = [...rows, faultRow(5, "clock-jump", "inject", ["n1"])];
    expect(lockAnswer(historyOf(after), judged)).toMatchObject({ verdict: "vacuous", count: 0 });
  });
});

describe("lock-answer, prompt", () => {
  const judged = { property: "prompt", boundMs: 5 };

  it("counts the answers that took longer than the bound, but not those of a client that was stopped", () => {
    const turns = [3, 7, 9].map((asks, i): Turn => ({
      gap: 10,
      asks,
      ends: i === 1 ? "ok" : "fail",
      holds: 1,
      freed: true,
    }));
    const history = historyOf(rowsOf(turns, 1));
    expect(lockAnswer(history, judged)).toMatchObject({ verdict: "broken", count: 2 });
    expect(lockAnswer(history, judged).findings[0]?.sentence).toMatch(/was told only 9 ms later/);
    expectFindingsToSuffice(lockAnswer, history, judged);
    const stopped = [faultRow(40, "pause", "inject", ["w1"]), faultRow(45, "pause", "healed", ["w1"])];
    expect(lockAnswer(historyOf([...rowsOf(turns, 1), ...stopped]), judged).count).toBe(1);
  });

  it("is vacuous where nobody was answered", () => {
    expect(lockAnswer(historyOf([]), judged).verdict).toBe("vacuous");
  });
});
