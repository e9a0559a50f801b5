/** The checkers of invariants against the plainest way to say the same: every operation compared with every other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MisuseError } from "../../../checkers/analysis.ts";
import type { HistoryEvent, Json } from "../../../history/operation.ts";
import { analyze, arbitraryHistory, bySessions, eventsOf, expectProofs } from "./random-operations.ts";
import type { Done } from "./random-operations.ts";

const RUNS = { numRuns: 10_000 };

describe("monotonic", () => {
  const history = bySessions(
    arbitraryHistory(
      fc.record({ f: fc.constant("read"), input: fc.constant(null), output: fc.constantFrom(null, 0, 1, 2) }),
    ),
  );

  it("finds a read that is lower than one that had ended before, and nothing else", () => {
    fc.assert(
      fc.property(history, fc.boolean(), (operations, realTime) => {
        const events = eventsOf(operations);
        const ok = operations.filter(({ type }) => type === "ok");
        const rank = (value: Json): number => [null, 0, 1, 2].indexOf(value as null | number);
        const wrong = ok.filter((read) =>
          ok.some(
            (before) =>
              (realTime || before.process === read.process) &&
              before.ret < read.call &&
              rank(before.output) > rank(read.output),
          ),
        );
        const found = analyze("monotonic", events, { realTime });
        expect(found.valid).toBe(wrong.length > 0 ? false : ok.length < 2 ? "unknown" : true);
        expect(found.counts["nonmonotonic"] ?? 0).toBe(wrong.length);
        expectProofs("monotonic", events, found, { realTime });
      }),
      RUNS,
    );
  });

  it("of single processes compares nobody else's", () => {
    const reads = [
      [0, 5],
      [1, 3],
      [0, 4],
    ];
    const events = reads.flatMap(([process = 0, value = 0], i): HistoryEvent[] => [
      { index: 2 * i, time: 2 * i, process, type: "invoke", f: "read", value: null },
      { index: 2 * i + 1, time: 2 * i + 1, process, type: "ok", f: "read", value },
    ]);
    expect(analyze("monotonic", events)).toMatchObject({ valid: false, witness: [0, 1, 4, 5] });
    expect(analyze("monotonic", events.slice(0, 4))).toMatchObject({ valid: true });
    expect(analyze("monotonic", events.slice(0, 4), { realTime: true })).toMatchObject({ valid: false });
  });
});

describe("bank", () => {
  const balance = fc.oneof({ weight: 8, arbitrary: fc.integer({ min: -1, max: 4 }) }, fc.constant(null));
  const read = fc.record({
    f: fc.constant("read"),
    input: fc.constant(null),
    output: fc.record({ a: balance, b: balance }) as fc.Arbitrary<Json>,
  });

  it("sums up every read", () => {
    fc.assert(
      fc.property(arbitraryHistory(read), fc.boolean(), (operations, negativeBalances) => {
        const events = eventsOf(operations);
        const ok = operations.filter(({ type }) => type === "ok").map(({ output }) => Object.values(output as object));
        const wrong = ok.some(
          ([a, b]) => a === null || b === null || a + b !== 4 || (!negativeBalances && (a < 0 || b < 0)),
        );
        const options = { total: 4, negativeBalances };
        const found = analyze("bank", events, options);
        expect(found.valid).toBe(wrong ? false : ok.length === 0 ? "unknown" : true);
        expectProofs("bank", events, found, options);
      }),
      RUNS,
    );
  });

  it("names what is wrong, the worst first", () => {
    const totals = [
      { a: 1, b: 3 },
      { a: 1, b: 1 },
      { a: -5, b: 0 },
      { a: -1, b: 5 },
      { a: 4, c: 0 },
    ];
    const events = totals.flatMap((value, i): HistoryEvent[] => [
      { index: 2 * i, time: 2 * i, process: i, type: "invoke", f: "read", value: null },
      { index: 2 * i + 1, time: 2 * i + 1, process: i, type: "ok", f: "read", value },
    ]);
    const { counts, anomalies } = analyze("bank", events, { total: 4, accounts: ["a", "b"] });
    expect(counts).toEqual({ "unexpected-key": 1, "wrong-total": 2, "negative-value": 1 });
    expect(anomalies["wrong-total"]?.[0]?.sentence).toBe("A read (process 2, event 4) sums up to -5 instead of 4.");
    expect(() => analyze("bank", events)).toThrow(/total/);
  });

  it("refuses balances whose sums are not exact, in which a right read could look wrong", () => {
    const read = { process: 0, f: "read", input: null, output: { a: 0.1, b: 0.2 }, type: "ok" } as const;
    const events = eventsOf([{ ...read, call: 0, ret: 1 }]);
    expect(() => analyze("bank", events, { total: 0.3 })).toThrow(/total/);
    expect(() => analyze("bank", events, { total: 1 })).toThrow(
      /event 1: bank: balances must be whole numbers whose sum is exact, and that of a is 0.1/,
    );
    const large = { ...read, output: { a: 2 ** 53 - 1, b: 2, c: 0 } };
    expect(() => analyze("bank", eventsOf([{ ...large, call: 0, ret: 1 }]), { total: 1 })).toThrow(/those up to b/);
  });
});

describe("long-fork", () => {
  const key = fc.constantFrom("x", "y");
  const seen = fc.constantFrom(null, null, 1, 1, 2);
  const step = fc.oneof(
    key.map((name): Pick<Done, "f" | "input" | "output"> => {
      const ops = [["w", name, 1]];
      return { f: "write", input: ops, output: ops };
    }),
    fc.tuple(seen, seen, fc.boolean()).map(([x, y, turned]): Pick<Done, "f" | "input" | "output"> => {
      const ops: Json[] = [
        ["r", "x", x],
        ["r", "y", y],
      ];
      return { f: "read", input: [], output: turned ? ops.reverse() : ops };
    }),
  );
  const keyOf = ({ input }: Done): Json => (input as [string, string, Json][])[0]?.[1] ?? null;
  const history = arbitraryHistory(step).filter((operations) => {
    const keys = operations.filter(({ f, type }) => f === "write" && type !== "fail").map(keyOf);
    return new Set(keys).size === keys.length;
  });

  it("compares every two reads of the same keys, and every read with what was written", () => {
    fc.assert(
      fc.property(history, (operations) => {
        const events = eventsOf(operations);
        const writes = operations.filter(({ f }) => f === "write");
        const expected = new Set<string>();
        const clean: Map<string, Json>[] = [];
        const reads = operations.filter(({ f, type }) => f === "read" && type === "ok");
        for (const { output, ret } of reads) {
          const found = new Map((output as [string, string, Json][]).map(([, name, value]) => [name, value]));
          const strangers = [...found]
            .filter(([, value]) => value !== null)
            .flatMap(([name, value]) => {
              const own = value === 1 ? writes.filter((write) => keyOf(write) === name) : [];
              const real = own.filter(({ type }) => type !== "fail");
              if (real.some(({ call }) => call < ret)) return [];
              return [real.length === 0 && own.length > 0 ? "failed-but-seen" : "unexpected"];
            });
          for (const name of strangers) expected.add(name);
          if (strangers.length === 0) clean.push(found);
        }
        const fork = (one: Map<string, Json>, other: Map<string, Json>): boolean =>
          one.get("x") === 1 && one.get("y") === null && other.get("x") === null && other.get("y") === 1;
        if (clean.some((one) => clean.some((other) => fork(one, other)))) expected.add("long-fork");
        const found = analyze("long-fork", events);
        expect(new Set(Object.keys(found.counts))).toEqual(expected);
        expect(found.valid).toBe(expected.size > 0 ? false : reads.length < 2 ? "unknown" : true);
        expectProofs("long-fork", events, found);
      }),
      RUNS,
    );
  });

  it("refuses keys that are written twice", () => {
    const events = eventsOf([
      { process: 0, f: "write", input: [["w", 1, 1]], output: [["w", 1, 1]], type: "ok", call: 0, ret: 1 },
      { process: 1, f: "write", input: [["w", 1, 2]], output: [["w", 1, 2]], type: "ok", call: 2, ret: 3 },
    ]);
    expect(() => analyze("long-fork", events)).toThrow(MisuseError);
    expect(() => analyze("long-fork", events)).toThrow(/event 2: .*1 is written here, and already in event 0/);
  });
});

describe("set-full", () => {
  const step = fc.oneof(
    fc.nat(3).map((element) => ({ f: "add", input: element, output: element })),
    fc.subarray([0, 1, 2, 3]).map((list) => ({ f: "read", input: null, output: list as Json })),
    fc.array(fc.nat(4), { maxLength: 4 }).map((list) => ({ f: "read", input: null, output: list as Json })),
  );
  const history = arbitraryHistory(step).filter(
    // Unique elements are what it needs.
    (operations) => {
      const added = operations.filter(({ f, type }) => f === "add" && type !== "fail").map(({ input }) => input);
      return new Set(added).size === added.length;
    },
  );

  /** Names of the anomalies, from every element against every read. */
  function plainly(operations: readonly Done[], linearizable: boolean): Set<string> {
    const found = new Set<string>();
    const adds = operations.filter(({ f }) => f === "add");
    const reads = operations.filter(({ f, type }) => f === "read" && type === "ok");
    const has = (read: Done, element: Json): boolean => (read.output as Json[]).includes(element);
    for (const read of reads) {
      for (const element of new Set(read.output as Json[])) {
        const own = adds.filter(({ input }) => input === element);
        const real = own.filter(({ type }) => type !== "fail");
        if (own.length === 0) found.add("unexpected");
        else if (real.length === 0) found.add("failed-but-seen");
        else if (real.every(({ call }) => call > read.ret)) found.add("unexpected");
        if (own.length > 0 && (read.output as Json[]).filter((each) => each === element).length > 1)
          found.add("duplicated");
      }
    }
    for (const { input: element, type, ret } of adds.filter((add) => add.type !== "fail")) {
      const present = reads.filter((read) => has(read, element));
      const known = Math.min(type === "ok" ? ret : Infinity, ...present.map((read) => read.ret));
      const absent = reads.filter((read) => !has(read, element) && read.call > known);
      if (absent.length === 0) continue;
      const last = Math.max(...absent.map(({ call }) => call));
      if (present.every((read) => read.ret < last)) found.add("lost");
      else if (linearizable) found.add("stale");
    }
    return found;
  }

  it("judges every element like the plain way", () => {
    fc.assert(
      fc.property(history, fc.boolean(), (operations, linearizable) => {
        const events = eventsOf(operations);
        const found = analyze("set-full", events, { linearizable });
        expect(new Set(Object.keys(found.counts))).toEqual(plainly(operations, linearizable));
        expectProofs("set-full", events, found, { linearizable });
      }),
      RUNS,
    );
  });

  it("tells how long elements were out of sight", () => {
    const events = eventsOf([
      { process: 0, f: "add", input: 1, output: 1, type: "ok", call: 0, ret: 1 },
      { process: 0, f: "read", input: null, output: [], type: "ok", call: 2, ret: 3 },
      { process: 0, f: "read", input: null, output: [1], type: "ok", call: 4, ret: 5 },
    ]);
    const found = analyze("set-full", events, { linearizable: true });
    expect(found.valid).toBe(false);
    expect(found.figures).toMatchObject({ attempts: 1, stable: 1, stale: 1, "worst stale": [[1, 1]] });
    expect(analyze("set-full", events)).toMatchObject({
      valid: true,
      reason: "1 element is there, and none was lost; reads missed 1 of them for a while",
    });
  });
});

describe("total-queue", () => {
  const step = fc.oneof(
    fc.nat(2).map((element) => ({ f: "enqueue", input: element, output: element })),
    fc.oneof(fc.nat(2), fc.constant(null)).map((output) => ({ f: "dequeue", input: null, output })),
    fc.array(fc.nat(2), { maxLength: 3 }).map((list) => ({ f: "drain", input: null, output: list as Json })),
  );

  /**
   * Tries every way to give takes to enqueues: how many of the enqueues that count are left over at the least, and how
   * many takes.
   */
  function fewestLeft(
    takes: readonly { readonly ret: number }[],
    puts: readonly Done[],
    counts: (put: Done) => boolean,
  ): { puts: number; takes: number } {
    const [take, ...others] = takes;
    if (take === undefined) return { puts: puts.filter(counts).length, takes: 0 };
    const without = fewestLeft(others, puts, counts);
    const all = [{ ...without, takes: without.takes + 1 }];
    puts.forEach((put, i) => {
      if (put.call < take.ret) all.push(fewestLeft(others, puts.toSpliced(i, 1), counts));
    });
    return { puts: Math.min(...all.map((each) => each.puts)), takes: Math.min(...all.map((each) => each.takes)) };
  }

  /** Names of the anomalies, and how many elements nothing explains. */
  function plainly(operations: readonly Done[], atMostOnce: boolean, drained: boolean): [Set<string>, number] {
    const found = new Set<string>();
    const puts = operations.filter(({ f, type }) => f === "enqueue" && type !== "fail");
    const failed = operations.filter(({ f, type }) => f === "enqueue" && type === "fail");
    const crashed = operations.filter(({ f, type }) => f !== "enqueue" && type === "info");
    const done = operations.filter(({ f, type }) => f !== "enqueue" && type === "ok");
    const empties = done.filter(({ f, output }) => f === "drain" || output === null);
    const emptyAt = drained ? Infinity : Math.max(-1, ...empties.map(({ call }) => call));
    let missing = 0;
    for (const element of [0, 1, 2]) {
      const own = puts.filter(({ input }) => input === element);
      const takes = done.flatMap(({ f, output, ret }) =>
        (f === "drain" ? (output as Json[]) : [output]).filter((each) => each === element).map(() => ({ ret })),
      );
      const early = takes.filter(({ ret }) => own.every(({ call }) => call > ret));
      if (early.length > 0)
        found.add(
          own.length === 0 && failed.some(({ input }) => input === element) ? "failed-but-dequeued" : "unexpected",
        );
      missing += fewestLeft(takes, own, ({ type, ret }) => type === "ok" && ret < emptyAt).puts;
      if (atMostOnce && fewestLeft(takes, own, () => true).takes > early.length) found.add("duplicated");
    }
    const lost = crashed.some(({ f }) => f === "drain") ? 0 : Math.max(0, missing - crashed.length);
    if (lost > 0) found.add("lost");
    return [found, lost];
  }

  it("says exactly what every way to give takes to enqueues leaves over", () => {
    fc.assert(
      fc.property(arbitraryHistory(step), fc.boolean(), fc.boolean(), (operations, atMostOnce, drained) => {
        const events = eventsOf(operations);
        const found = analyze("total-queue", events, { atMostOnce, drained });
        const [names, lost] = plainly(operations, atMostOnce, drained);
        expect(new Set(Object.keys(found.counts))).toEqual(names);
        expect(found.counts["lost"] ?? 0).toBe(lost);
        expectProofs("total-queue", events, found, { atMostOnce, drained });
      }),
      RUNS,
    );
  });

  it("calls nothing lost that a crashed dequeue can have taken", () => {
    const put = (value: number, at: number): Done => ({
      process: value,
      f: "enqueue",
      input: value,
      output: value,
      type: "ok",
      call: at,
      ret: at + 1,
    });
    const crash: Done = { process: 7, f: "dequeue", input: null, output: null, type: "info", call: 4, ret: 5 };
    const drain: Done = { process: 8, f: "drain", input: null, output: [2], type: "ok", call: 6, ret: 7 };
    const events = eventsOf([put(1, 0), put(2, 2), crash, drain]);
    expect(analyze("total-queue", events)).toMatchObject({ valid: true, figures: { "possibly taken": 1 } });
    const none = eventsOf([put(1, 0), put(2, 2), crash, { ...drain, output: [] }]);
    expect(analyze("total-queue", none)).toMatchObject({ valid: false, counts: { lost: 1 } });
  });
});

describe("stats", () => {
  it("is no pass where an operation never succeeded", () => {
    const events = eventsOf([
      { process: 0, f: "read", input: null, output: 1, type: "ok", call: 0, ret: 1 },
      { process: 1, f: "write", input: 1, output: 1, type: "fail", call: 2, ret: 3 },
    ]);
    expect(analyze("stats", events)).toMatchObject({
      valid: "unknown",
      reason: "no write was ever ok: nothing can be said of it",
      figures: { read: { ok: 1, fail: 0, info: 0 }, write: { ok: 0, fail: 1, info: 0 } },
    });
    expect(analyze("stats", events.slice(0, 2))).toMatchObject({ valid: true });
    expect(analyze("stats", [])).toMatchObject({ valid: "unknown" });
  });
});
