/** The checkers of invariants against the plainest way to say the same: every operation compared with every other. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analysis, Analyzer } from "../../../checkers/analysis.ts";
import { MisuseError } from "../../../checkers/analysis.ts";
import { INVARIANT_ANALYZERS } from "../../../checkers/invariants/analyzers.ts";
import { columnsOf } from "../../../history/columns.ts";
import type { HistoryEvent, Json } from "../../../history/operation.ts";

/** An operation with the places of its two events among all. */
interface Done {
  readonly process: number;
  readonly f: string;
  readonly input: Json;
  readonly output: Json;
  readonly type: "ok" | "fail" | "info";
  readonly call: number;
  readonly ret: number;
}

const analyzer = (name: string): Analyzer => INVARIANT_ANALYZERS.get(name) as Analyzer;

/** Operations whose intervals overlap at random: every call and every end has a rank of its own. */
function arbitraryHistory(step: fc.Arbitrary<Pick<Done, "f" | "input" | "output">>, most = 7): fc.Arbitrary<Done[]> {
  return fc
    .array(
      fc.record({
        step,
        type: fc.oneof({ weight: 4, arbitrary: fc.constant("ok" as const) }, fc.constantFrom("fail", "info")),
        a: fc.nat(1_000),
        b: fc.nat(1_000),
      }),
      { minLength: 1, maxLength: most },
    )
    .map((drawn) => {
      const ends = drawn.flatMap(({ a, b }, i) => [
        { i, at: Math.min(a, b), isCall: true },
        { i, at: Math.max(a, b) + 0.5, isCall: false },
      ]);
      ends.sort((x, y) => x.at - y.at || x.i - y.i || Number(y.isCall) - Number(x.isCall));
      const rank = (i: number, isCall: boolean): number =>
        ends.findIndex((end) => end.i === i && end.isCall === isCall);
      return drawn.map((each, i) => ({
        ...each.step,
        type: each.type,
        process: i,
        call: rank(i, true),
        ret: rank(i, false),
      }));
    });
}

function eventsOf(operations: readonly Done[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const { process, f, input, output, type, call, ret } of operations) {
    events[call] = { index: call, time: call, process, type: "invoke", f, value: input };
    events[ret] = { index: ret, time: ret, process, type, f, value: type === "ok" ? output : input };
  }
  return events;
}

const analyze = (name: string, events: readonly HistoryEvent[], options = {}): Analysis =>
  analyzer(name)(columnsOf({ events }), options);

/** The witness alone, renumbered, is judged in the same way. */
function expectProof(name: string, events: readonly HistoryEvent[], found: Analysis, options = {}): void {
  const kept = found.witness.map((at, index) => ({ ...(events[at] as HistoryEvent), index, time: index }));
  expect(analyze(name, kept, options).valid, JSON.stringify(kept)).toBe(false);
}

const RUNS = { numRuns: 10_000 };

describe("monotonic", () => {
  const history = arbitraryHistory(fc.record({ f: fc.constant("read"), input: fc.constant(null), output: fc.nat(3) }));

  it("finds a read that is lower than one that had ended before, and nothing else", () => {
    fc.assert(
      fc.property(history, (operations) => {
        const events = eventsOf(operations);
        const ok = operations.filter(({ type }) => type === "ok");
        const wrong = ok.some((read) =>
          ok.some((before) => before.ret < read.call && Number(before.output) > Number(read.output)),
        );
        const found = analyze("monotonic", events, { realTime: true });
        expect(found.valid).toBe(wrong ? false : ok.length < 2 ? "unknown" : true);
        if (wrong) expectProof("monotonic", events, found, { realTime: true });
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
        if (wrong) expectProof("bank", events, found, options);
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
});

describe("long-fork", () => {
  const seen = fc.constantFrom(null, 1);
  const read = fc.tuple(seen, seen, fc.boolean()).map(([x, y, turned]): Pick<Done, "f" | "input" | "output"> => {
    const ops: Json[] = [
      ["r", "x", x],
      ["r", "y", y],
    ];
    return { f: "read", input: [], output: turned ? ops.reverse() : ops };
  });

  it("compares every two reads of the same keys", () => {
    fc.assert(
      fc.property(arbitraryHistory(read), (operations) => {
        const events = eventsOf(operations);
        const reads = operations
          .filter(({ type }) => type === "ok")
          .map(({ output }) => new Map((output as [string, string, Json][]).map(([, key, value]) => [key, value])));
        const fork = (one: Map<string, Json>, other: Map<string, Json>): boolean =>
          one.get("x") === 1 && one.get("y") === null && other.get("x") === null && other.get("y") === 1;
        const wrong = reads.some((one) => reads.some((other) => fork(one, other)));
        const found = analyze("long-fork", events);
        expect(found.valid).toBe(wrong ? false : reads.length < 2 ? "unknown" : true);
        if (wrong) expectProof("long-fork", events, found);
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
        if (found.valid === false) expectProof("set-full", events, found, { linearizable });
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
    expect(analyze("set-full", events).valid).toBe(true);
  });
});

describe("total-queue", () => {
  const step = fc.oneof(
    fc.nat(2).map((element) => ({ f: "enqueue", input: element, output: element })),
    fc.oneof(fc.nat(2), fc.constant(null)).map((output) => ({ f: "dequeue", input: null, output })),
    fc.array(fc.nat(2), { maxLength: 3 }).map((list) => ({ f: "drain", input: null, output: list as Json })),
  );

  /** Elements, one for one: what was taken, in the order of the ends, out of what had begun to be put in. */
  function plainly(operations: readonly Done[], atMostOnce: boolean): Set<string> {
    const found = new Set<string>();
    const puts = operations.filter(({ f, type }) => f === "enqueue" && type !== "fail");
    const failed = operations.filter(({ f, type }) => f === "enqueue" && type === "fail");
    const crashed = operations.filter(({ f, type }) => f !== "enqueue" && type === "info");
    const takes = operations
      .filter(({ f, type }) => f !== "enqueue" && type === "ok")
      .flatMap(({ f, output, ret }) =>
        (f === "drain" ? (output as Json[]) : [output]).map((element) => ({ element, ret })),
      )
      .filter(({ element }) => element !== null)
      .toSorted((a, b) => a.ret - b.ret);
    const empties = operations.filter(
      ({ f, type, output }) => type === "ok" && (f === "drain" || (f === "dequeue" && output === null)),
    );
    const emptyAt = Math.max(-1, ...empties.map(({ call }) => call));
    let missing = 0;
    for (const element of [0, 1, 2]) {
      const own = puts.filter(({ input }) => input === element);
      const taken = takes.filter((take) => take.element === element);
      taken.forEach(({ ret }, i) => {
        const begun = own.filter(({ call }) => call < ret).length;
        const before = taken
          .slice(0, i)
          .filter((_, j) => own.filter(({ call }) => call < (taken[j]?.ret ?? 0)).length > 0);
        if (begun === 0) {
          if (own.length === 0 && failed.some(({ input }) => input === element)) found.add("failed-but-dequeued");
          else found.add("unexpected");
        } else if (atMostOnce && before.length >= begun) found.add("duplicated");
      });
      const acknowledged = own.filter(({ type, ret }) => type === "ok" && ret < emptyAt);
      // Takes may have been of enqueues that do not count here: those are not held against the queue.
      const certain = acknowledged.filter(() => true).length - taken.length;
      if (certain > 0) missing += certain;
    }
    if (missing > (crashed.some(({ f }) => f === "drain") ? Infinity : crashed.length)) found.add("lost");
    return found;
  }

  it("finds at least what a plain count proves, and proves what it finds", () => {
    fc.assert(
      fc.property(arbitraryHistory(step), fc.boolean(), (operations, atMostOnce) => {
        const events = eventsOf(operations);
        const found = analyze("total-queue", events, { atMostOnce });
        const names = new Set(Object.keys(found.counts));
        const plain = plainly(operations, atMostOnce);
        for (const name of plain) if (name !== "duplicated") expect(names, JSON.stringify(events)).toContain(name);
        expect(names.has("unexpected")).toBe(plain.has("unexpected"));
        expect(names.has("failed-but-dequeued")).toBe(plain.has("failed-but-dequeued"));
        expect(names.has("duplicated")).toBe(plain.has("duplicated"));
        if (found.valid === false) expectProof("total-queue", events, found, { atMostOnce });
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
