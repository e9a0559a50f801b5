/** The lock checkers against their definitions, on thousands of random histories. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CheckResult } from "../../../checkers/checker.ts";
import { lockOverlap } from "../../../checkers/lock/overlap.ts";
import { lockProgress } from "../../../checkers/lock/progress.ts";
import { lockRelease } from "../../../checkers/lock/release.ts";
import { lockResource } from "../../../checkers/lock/resource.ts";
import { lockTokenOrder } from "../../../checkers/lock/token-order.ts";
import { faultMoment } from "../../../history/nemesis-event.ts";
import { arbitraryGrants, arbitraryLocks, arbitraryLogs, arbitraryTokens } from "../arbitrary-locks.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";
import type { Json } from "../../../history/operation.ts";
import type { Row } from "../history-of.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import {
  freedByOthers,
  freeWaits,
  overlapCount,
  resourceViolations,
  supersededWrites,
  tokenInversions,
  tokenViolations,
} from "../oracle/locks.ts";

const RUNS = { numRuns: 2_000 };

describe("lock-overlap", () => {
  for (const level of ["grant", "belief"] as const) {
    it(`finds at level ${level} exactly the grants that its definition calls overlapping`, () => {
      fc.assert(
        fc.property(arbitraryLocks({ faults: true, log: false }), (history) => {
          const result = lockOverlap(history, { level });
          expect(result.count).toBe(overlapCount(history, level));
          expect(result.verdict === "broken").toBe(result.count > 0);
          expectFindingsToSuffice(lockOverlap, history, { level });
        }),
        RUNS,
      );
    });
  }

  it("of a semaphore finds exactly the holders too many", () => {
    let found = 0;
    fc.assert(
      fc.property(
        arbitraryLocks({ faults: true, log: false }),
        fc.constantFrom("grant", "belief"),
        (history, level) => {
          const options = { level, limit: 2 };
          const result = lockOverlap(history, options);
          found += result.count;
          expect(result.count).toBe(overlapCount(history, level, -Infinity, 2));
          expectFindingsToSuffice(lockOverlap, history, options);
        },
      ),
      RUNS,
    );
    expect(found).toBeGreaterThan(50);
  });

  it("looks only at grants after the fault it is told", () => {
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), (history) => {
        const inject = history.nemesis.find((event) => faultMoment(event)?.fault === "pause-w0");
        const options = { level: "grant", fromFault: "pause-w0" };
        const result = lockOverlap(history, options);
        if (inject === undefined) expect(result.verdict).toBe("vacuous");
        else expect(result.count).toBe(overlapCount(history, "grant", inject.time));
        expectFindingsToSuffice(lockOverlap, history, options);
      }),
      RUNS,
    );
  });
});

describe("an extension", () => {
  const grant = (ms: number, worker: number, validForMs: number): Row[] => [
    row(ms - 1, worker, "invoke", "acquire", "a"),
    row(ms, worker, "ok", "acquire", { key: "a", grant: `g${worker}`, validForMs }),
  ];
  const extension = (ms: number, worker: number, type: "ok" | "fail" | "info", validForMs?: number): Row[] => [
    row(ms - 1, worker, "invoke", "extend", { key: "a", grant: `g${worker}` }),
    row(ms, worker, type, "extend", {
      key: "a",
      grant: `g${worker}`,
      ...(validForMs === undefined ? {} : { validForMs }),
    }),
  ];
  const release = (ms: number, worker: number): Row[] => [
    row(ms, worker, "invoke", "release", { key: "a", grant: `g${worker}` }),
    row(ms + 1, worker, "ok", "release", { key: "a", grant: `g${worker}`, freed: true }),
  ];
  const overlaps = (rows: readonly Row[], options: { [key: string]: Json } = {}): string[] => {
    const history = historyOf(rows);
    const result = lockOverlap(history, { level: "belief", ...options });
    expectFindingsToSuffice(lockOverlap, history, { level: "belief", ...options });
    return result.findings.map(({ sentence }) => sentence);
  };

  it("prolongs the belief", () => {
    const rows = [...grant(10, 0, 50), ...grant(100, 1, 50), ...release(140, 1), ...release(160, 0)];
    expect(overlaps(rows)).toEqual([]);
    const [found] = overlaps([...rows, ...extension(30, 0, "ok", 60), ...extension(40, 0, "ok", 100)]);
    expect(found).toMatch(
      /w0 got it at 0\.010 s \(valid, it said, until 0\.140 s\) and had not let go when w1 got it at 0\.100 s/,
    );
  });

  it.each(["fail", "info"] as const)("that ends with %s ends it", (type) => {
    const rows = [...grant(10, 0, 200), ...grant(50, 1, 50), ...release(90, 1), ...release(160, 0)];
    expect(overlaps(rows)).toHaveLength(1);
    expect(overlaps([...rows, ...extension(40, 0, type)])).toEqual([]);
  });

  it("counts from its answer on, whichever of two was sent first", () => {
    const sentFirst: Row[] = [
      row(12, 0, "invoke", "extend", { key: "a", grant: "g0" }),
      row(60, 0, "ok", "extend", { key: "a", grant: "g0", validForMs: 40 }),
    ];
    const answeredFirst: Row[] = [
      row(13, 7, "invoke", "extend", { key: "a", grant: "g0" }),
      row(14, 7, "ok", "extend", { key: "a", grant: "g0", validForMs: 10 }),
    ];
    const rows = [...grant(10, 0, 5), ...sentFirst, ...answeredFirst, ...release(120, 0)];
    expect(overlaps([...rows, ...grant(22, 1, 5), ...release(40, 1)])).toHaveLength(1);
    expect(overlaps([...rows, ...grant(30, 1, 5), ...release(40, 1)])).toEqual([]);
  });

  it("after the end of the validity begins it anew", () => {
    const rows = [...grant(10, 0, 20), ...extension(60, 0, "ok", 50), ...release(120, 0)];
    expect(overlaps([...rows, ...grant(35, 1, 20), ...release(58, 1)])).toEqual([]);
    const [found] = overlaps([...rows, ...grant(50, 1, 40), ...release(80, 1)]);
    expect(found).toMatch(/w1 got it at 0\.050 s .* when w0 extended it, after its end, at 0\.060 s/);
  });

  it("and a limit: only one holder too many is a finding", () => {
    const two = [...grant(10, 0, 100), ...grant(20, 1, 100), ...release(90, 0), ...release(95, 1)];
    expect(overlaps(two, { limit: 2 })).toEqual([]);
    const [found] = overlaps([...two, ...grant(40, 2, 30), ...release(60, 2)], { limit: 2 });
    expect(found).toMatch(/w0 and w2 were both told .* that they held a for 20 ms, as did 1 other/);
  });

  it("or a word of the library that it was asked for: it is believed until it was last heard", () => {
    const says = { key: "a", grant: "g0", says: ["signal"] };
    const heard = (ms: number, held: boolean): Row[] => [
      row(ms - 1, 0, "invoke", "belief", { key: "a", grant: "g0" }),
      row(ms, 0, "ok", "belief", { key: "a", grant: "g0", held }),
    ];
    const rows = [row(9, 0, "invoke", "acquire", "a"), row(10, 0, "ok", "acquire", says), ...release(90, 0)];
    const rival = [...grant(50, 1, 30), ...release(80, 1)];
    expect(overlaps([...rows, ...rival])).toEqual([]);
    expect(overlaps([...rows, ...rival, ...heard(40, true), ...heard(70, false)])).toEqual([]);
    expect(overlaps([...rows, ...rival, ...heard(70, true)])).toHaveLength(1);
  });

  describe("or a loss that the library signals by itself", () => {
    const says = { key: "a", grant: "g0", says: ["signal"] };
    const rows = [row(9, 0, "invoke", "acquire", "a"), row(10, 0, "ok", "acquire", says), ...release(90, 0)];
    const rival = [...grant(50, 1, 30), ...release(80, 1)];
    const lost = (ms: number): Row[] => [
      row(ms, 7, "invoke", "lost", { key: "a", grant: "g0" }, { worker: "w0" }),
      row(ms, 7, "ok", "lost", { key: "a", grant: "g0" }, { worker: "w0" }),
    ];
    const stopped = (from: number, to: number): Row[] => [
      faultRow(from, "pause", "inject", ["w0"]),
      faultRow(to, "pause", "healed", ["w0"]),
    ];

    it("is believed until it is signalled", () => {
      expect(overlaps([...rows, ...rival, ...lost(70)])).toHaveLength(1);
      expect(overlaps([...rows, ...rival, ...lost(45)])).toEqual([]);
    });

    it("is not, where its client was stopped meanwhile and could not be told", () => {
      expect(overlaps([...rows, ...rival, ...lost(70), ...stopped(40, 69)])).toEqual([]);
      expect(overlaps([...rows, ...rival, ...lost(70), ...stopped(2, 8)])).toHaveLength(1);
    });

    it("is not, where it could have been asked as well, and was not", () => {
      const asked = { ...says, says: ["signal", "isHeld"] };
      const [invoke, , ...rest] = rows;
      if (invoke === undefined) throw new Error("no row");
      expect(overlaps([invoke, row(10, 0, "ok", "acquire", asked), ...rest, ...rival, ...lost(70)])).toEqual([]);
    });
  });

  it("or a library that takes back what it had called valid for longer: it is believed until it was last heard", () => {
    const fields = { key: "a", grant: "g0" };
    const heard = (ms: number, held: boolean): Row[] => [
      row(ms - 1, 0, "invoke", "belief", fields),
      row(ms, 0, "ok", "belief", { ...fields, held }),
    ];
    const rows = [...grant(10, 0, 100), ...release(90, 0)];
    const rival = [...grant(50, 1, 30), ...release(80, 1)];
    expect(overlaps([...rows, ...rival])).toHaveLength(1);
    // Its clock was set ahead at some time: nobody knows whether before the other one got the lock.
    expect(overlaps([...rows, ...rival, ...heard(70, false)])).toEqual([]);
    expect(overlaps([...rows, ...rival, ...heard(40, true), ...heard(70, false)])).toEqual([]);
    expect(overlaps([...rows, ...rival, ...heard(60, true), ...heard(70, false)])).toHaveLength(1);
    expect(overlaps([...rows, ...rival, row(85, 7, "invoke", "write", { ...fields, value: 1, held: false })])).toEqual(
      [],
    );
  });

  it("nothing is known of: the result says that a silent library was taken to vouch until the release", () => {
    const says = { key: "a", grant: "g0", says: [] };
    const rows = [row(9, 0, "invoke", "acquire", "a"), row(10, 0, "ok", "acquire", says), ...release(90, 0)];
    const result = lockOverlap(historyOf([...rows, ...grant(95, 1, 10), ...release(99, 1)]), { level: "belief" });
    expect(result).toMatchObject({ verdict: "holds" });
    expect(result.reason).toMatch(/The library says nothing of a lock between its grant and its release/);
  });
});

describe("a finding of two holders", () => {
  // w0 reads, w1 reads and writes, and w0 writes after that.
  const held = { key: "a", grant: "g0" };
  const other = { key: "a", grant: "g1" };
  const story = (write: "ok" | "fail"): Row[] => [
    row(1, 0, "invoke", "acquire", "a"),
    row(2, 0, "ok", "acquire", { ...held, validForMs: 10, says: ["validUntil"] }),
    row(3, 0, "invoke", "read", held),
    row(4, 0, "ok", "read", { ...held, value: 0, seq: 1 }),
    row(5, 0, "invoke", "belief", held),
    row(6, 0, "ok", "belief", { ...held, held: true, remainingMs: 7 }),
    row(20, 1, "invoke", "acquire", "a"),
    row(21, 1, "ok", "acquire", { ...other, validForMs: 30, says: ["validUntil"] }),
    row(22, 1, "invoke", "write", { ...other, value: 1 }),
    row(23, 1, "ok", "write", { ...other, value: 1, seq: 2 }),
    row(25, 0, "invoke", "write", { ...held, value: 1, held: true, remainingMs: 7 }),
    row(26, 0, write, "write", { ...held, value: 1, seq: 3 }),
    row(30, 0, "invoke", "release", held),
    row(31, 1, "invoke", "release", other),
  ];
  const said = (write: "ok" | "fail"): string | undefined =>
    lockOverlap(historyOf(story(write)), { level: "grant" }).findings[0]?.sentence;
  const until =
    "w0 and w1 both held a for 9 ms: w0 got it at 0.002 s (valid, it said, until 0.012 s) and had not let go when w1 got it at 0.021 s (valid, it said, until 0.051 s); " +
    "when w0 wrote at 0.025 s, its library, asked at 0.005 s, had said that it held the lock, for 7 ms more, and that write the resource";

  it("tells what both libraries said, and which write should not have been accepted", () => {
    expect(said("ok")).toBe(`${until} should not have accepted, as w1 had used it since w0 began.`);
  });

  it("tells which write the resource refused", () => {
    expect(said("fail")).toBe(`${until} refused, as w1 had used it since w0 began.`);
  });
});

describe("lock-token-order", () => {
  it("finds exactly the missing, repeated and falling tokens", () => {
    fc.assert(
      fc.property(arbitraryLocks({ faults: false, log: false }), (history) => {
        expect(lockTokenOrder(history, {}).count).toBe(tokenViolations(history));
        expectFindingsToSuffice(lockTokenOrder, history, {});
      }),
      RUNS,
    );
  });
});

describe("lock-token-order of locks that are granted late", () => {
  it("finds exactly the tokens that are less than that of a lock which was over before", () => {
    let inversions = 0;
    fc.assert(
      fc.property(arbitraryTokens(), (history) => {
        const inverted = tokenInversions(history);
        inversions += inverted;
        const result = lockTokenOrder(history, {});
        expect(result.count).toBe(tokenViolations(history) + inverted);
        expectFindingsToSuffice(lockTokenOrder, history, {});
      }),
      RUNS,
    );
    expect(inversions).toBeGreaterThan(100);
  });
});

describe("lock-resource", () => {
  for (const log of [true, false]) {
    it(`finds exactly the harm at the resource, ${log ? "from its log" : "from what clients saw"}`, () => {
      fc.assert(
        fc.property(arbitraryLocks({ faults: false, log }), (history) => {
          const expected = resourceViolations(history);
          const result = lockResource(history, {});
          expect(result.count).toBe(Object.values(expected).reduce((a, b) => a + b));
          for (const kind of new Set(result.findings.map((finding) => finding.kind)))
            expect(expected[kind]).toBeGreaterThan(0);
          if (!log) expect(result.verdict).not.toBe("holds");
          expectFindingsToSuffice(lockResource, history, {});
        }),
        RUNS,
      );
    });
  }
});

describe("lock-resource since the grant", () => {
  it("also finds exactly the writes that were sent after a later grant", () => {
    let superseded = 0;
    fc.assert(
      fc.property(arbitraryLocks({ faults: false, log: true }), (history) => {
        const others = Object.values(resourceViolations(history)).reduce((a, b) => a + b);
        const expected = supersededWrites(history);
        expect(lockResource(history, { since: "grant" }).count).toBe(others + expected);
        superseded += expected;
        expectFindingsToSuffice(lockResource, history, { since: "grant" });
      }),
      RUNS,
    );
    expect(superseded).toBeGreaterThan(100);
  });

  it("tells who had been granted the lock, and when", () => {
    const access = (grant: string, op: "read" | "write", seq: number) => ({ seq, op, grant, value: 1, accepted: true });
    const fields = { key: "a", grant: "g0" };
    const history = historyOf([
      row(0, 0, "invoke", "acquire", "a"),
      row(1, 0, "ok", "acquire", fields),
      row(2, 1, "invoke", "acquire", "a"),
      row(5, 1, "ok", "acquire", { key: "a", grant: "g1" }),
      row(6, 0, "invoke", "write", { ...fields, value: 1 }),
      row(7, 0, "ok", "write", { ...fields, value: 1, seq: 1 }),
      row(8, 1, "invoke", "read", { key: "a", grant: "g1" }),
      row(9, 1, "ok", "read", { key: "a", grant: "g1", value: 1, seq: 2 }),
      row(10, 2, "invoke", "log", "a"),
      row(11, 2, "ok", "log", { key: "a", entries: [access("g0", "write", 1), access("g1", "read", 2)] }),
    ]);
    expect(lockResource(history, {}).verdict).toBe("holds");
    const { verdict, findings } = lockResource(history, { since: "grant" });
    expect(verdict).toBe("broken");
    expect(findings[0]?.sentence).toMatch(
      /^w0 \(grant g0\) wrote 1 to a \(access 1\), which the resource should not have accepted: w1 \(grant g1\) had been granted the lock at /,
    );
  });
});

describe("lock-resource on logs alone", () => {
  it("finds exactly the harm that its definition names", () => {
    fc.assert(
      fc.property(arbitraryLogs(), (history) => {
        const expected = resourceViolations(history);
        expect(lockResource(history, {}).count).toBe(Object.values(expected).reduce((a, b) => a + b));
        expectFindingsToSuffice(lockResource, history, {});
      }),
      RUNS,
    );
  });
});

describe("lock-release", () => {
  const expectWithin = (result: CheckResult, expected: ReturnType<typeof freedByOthers>): void => {
    if (expected === undefined) return expect(result.verdict).toBe("unknown");
    expect(result.verdict === "broken").toBe(expected.least > 0);
    expect(result.count).toBeGreaterThanOrEqual(expected.least);
    expect(result.count).toBeLessThanOrEqual(expected.most);
  };

  it("blames a release exactly where its definition does, on grants alone", () => {
    let blamed = 0;
    fc.assert(
      fc.property(arbitraryGrants(), (history) => {
        const expected = freedByOthers(history);
        const result = lockRelease(history, {});
        expectWithin(result, expected);
        blamed += result.count;
        expectFindingsToSuffice(lockRelease, history, {});
      }),
      { numRuns: 5_000 },
    );
    expect(blamed).toBeGreaterThan(500);
  });

  it("blames a release exactly where its definition does", () => {
    let blamed = 0;
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), (history) => {
        const expected = freedByOthers(history);
        const result = lockRelease(history, {});
        blamed += result.count;
        expectWithin(result, expected);
        expectFindingsToSuffice(lockRelease, history, {});
      }),
      { numRuns: 5_000 },
    );
    expect(blamed).toBeGreaterThan(0);
  });
});

describe("lock-release of cascades", () => {
  it("does not blame a release that would have to come of a later one", () => {
    const turn = (worker: number, got: number, sent: number | undefined, validForMs: number): Row[] => [
      row(got - 1, worker, "invoke", "acquire", "a"),
      row(got, worker, "ok", "acquire", { key: "a", grant: `g${worker}`, validForMs }),
      ...(sent === undefined ? [] : [row(sent, worker, "invoke", "release", { key: "a", grant: `g${worker}` })]),
    ];
    // w1 still has its lock when w2 gets one at 40. Only w0's release runs then, and its own lock is alive until 90,
    // unless w1's, sent at 50, has freed it.
    const ended = row(60, 0, "ok", "release", { key: "a", grant: "g0", freed: true });
    const history = historyOf([...turn(0, 10, 20, 80), ended, ...turn(1, 30, 50, 80), ...turn(2, 40, 70, 80)]);
    expect(lockRelease(history, {})).toMatchObject({ verdict: "unknown", count: 0 });
  });
});

describe("lock-release of locks that were asked for in the same moment", () => {
  it("does not say which of the two was freed", () => {
    const own = (worker: number) => ({ key: "a", grant: `g${worker}` });
    const grant = (worker: number) => ({ ...own(worker), ttlMs: 6, attemptMs: 1 });
    const history = historyOf([
      row(0, 0, "invoke", "acquire", "a"),
      row(1, 0, "ok", "acquire", grant(0)),
      row(30, 1, "invoke", "acquire", "a"),
      row(30, 0, "invoke", "release", own(0)),
      row(30, 0, "ok", "release", { ...own(0), freed: true }),
      row(30, 2, "invoke", "acquire", "a"),
      // It may have asked when the other had its lock already, but not certainly so.
      row(30, 2, "ok", "acquire", { ...grant(2), attemptMs: 0 }),
      row(31, 1, "ok", "acquire", grant(1)),
      row(33, 1, "invoke", "release", own(1)),
      row(33, 2, "invoke", "release", own(2)),
    ]);
    const { verdict, findings } = lockRelease(history, {});
    expect(verdict).toBe("broken");
    expect(findings[0]?.sentence).toMatch(/freed one of two locks that nobody had let go/);
  });
});

describe("lock-release of locks without a known end", () => {
  it("does not call a release late because it got no answer", () => {
    const says = (worker: number, ms: number): Row[] => [
      row(ms - 1, worker, "invoke", "acquire", "a"),
      row(ms, worker, "ok", "acquire", { key: "a", grant: `g${worker}`, says: [] }),
    ];
    const history = historyOf([
      ...says(0, 10),
      row(20, 0, "invoke", "release", { key: "a", grant: "g0" }),
      ...says(1, 30),
      ...says(2, 40),
      row(50, 1, "invoke", "release", { key: "a", grant: "g1" }),
      row(60, 2, "invoke", "release", { key: "a", grant: "g2" }),
    ]);
    // Nobody knows, either, whether the second lock was still there when the third was granted.
    expect(lockRelease(history, {})).toMatchObject({ verdict: "vacuous", count: 0 });
    expect(lockRelease(history, {}).figures["late releases"]).toBe(0);
  });
});

describe("lock-progress", () => {
  it("measures exactly the time in which a free lock was waited for", () => {
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), fc.integer({ min: 1, max: 12 }), (history, boundMs) => {
        const expected = freeWaits(history);
        const result = lockProgress(history, { boundMs });
        expect(result.figures["longest wait for a free lock ms"]).toBe(Math.max(0, ...expected));
        expect(result.count).toBe(expected.filter((wait) => wait > boundMs).length);
        expectFindingsToSuffice(lockProgress, history, { boundMs });
      }),
      RUNS,
    );
  });

  it("counts the time that releases take, where a hold is to end when they are sent", () => {
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), fc.integer({ min: 1, max: 12 }), (history, boundMs) => {
        const expected = freeWaits(history, undefined, "sent");
        const options = { boundMs, untilRelease: "sent" };
        const result = lockProgress(history, options);
        expect(result.figures["longest wait for a free lock ms"]).toBe(Math.max(0, ...expected));
        expect(result.count).toBe(expected.filter((wait) => wait > boundMs).length);
        expectFindingsToSuffice(lockProgress, history, options);
      }),
      RUNS,
    );
  });

  it("counts the time of a hold that lasts for too long, where it is told for how long a hold counts", () => {
    const spans = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), spans, spans, (history, boundMs, holdAtMostMs) => {
        const expected = freeWaits(history, undefined, "completed", holdAtMostMs);
        const options = { boundMs, holdAtMostMs };
        const result = lockProgress(history, options);
        expect(result.figures["longest wait for a free lock ms"]).toBe(Math.max(0, ...expected));
        expect(result.count).toBe(expected.filter((wait) => wait > boundMs).length);
        expectFindingsToSuffice(lockProgress, history, options);
      }),
      RUNS,
    );
  });

  it("does not count the time in which the waiting client is stalled, which ends by itself and not with the fault", () => {
    // Waits from 10 on; its event loop is busy from 20 to 120 at the latest; the fault is looked at again at 900.
    const waitedMs = (...faults: Row[]): unknown => {
      const history = historyOf([
        phaseRow(0, "load"),
        row(10, 1, "invoke", "acquire", "a"),
        ...faults,
        row(400, 1, "ok", "acquire", { key: "a", grant: "w1-1", validForMs: 100 }),
        phaseRow(1_000, "heal"),
      ]);
      return lockProgress(history, { boundMs: 1_000, minGrants: 1 }).figures["longest wait for a free lock ms"];
    };
    expect(waitedMs()).toBe(390);
    const detail = { ms: 100 };
    const stall = [
      faultRow(20, "stall", "inject", ["w1"], { detail }),
      faultRow(25, "stall", "active", ["w1"], { detail }),
      faultRow(900, "stall", "healed", ["w1"], { detail }),
    ];
    expect(waitedMs(...stall)).toBe(390 - 105);
    expect(waitedMs(...stall.map((each) => ({ ...each, value: { ...(each.value as object), target: ["w2"] } })))).toBe(
      390,
    );
  });

  it("does not say that nobody held the lock where it is shown one client only", () => {
    const history = historyOf([
      phaseRow(0, "load"),
      row(10, 1, "invoke", "acquire", "a"),
      row(15, 2, "invoke", "acquire", "a"),
      row(20, 2, "ok", "acquire", { key: "a", grant: "w2-1", validForMs: 100 }),
      row(980, 2, "invoke", "release", { key: "a", grant: "w2-1" }),
      phaseRow(1_000, "heal"),
    ]);
    const { reason, findings } = lockProgress(history.ofWorkers(["w1"]), { boundMs: 500, minGrants: 1 });
    expect(reason).toBe("w1 waited for a lock in vain for 990 ms; the bound is 500 ms.");
    expect(findings[0]?.sentence).toBe(
      "Between 0.010 s and 1.000 s w1 waited for a for 990 ms: it had never held it before; it did not get it until the end of the load.",
    );
  });

  it("looks only at the time after the fault it is told", () => {
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), (history) => {
        const expected = freeWaits(history, "pause-w1");
        const options = { boundMs: 2, afterFault: "pause-w1" };
        const result = lockProgress(history, options);
        expect(result.count).toBe(expected.filter((wait) => wait > 2).length);
        expectFindingsToSuffice(lockProgress, history, options);
      }),
      RUNS,
    );
  });
});
