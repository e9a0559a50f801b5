/** Analyses of whole histories as the claims of a campaign, whose history is about other things too. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge } from "../../checkers/judge/judge.ts";
import { checkerNamed } from "../../checkers/registry.ts";
import { columnsOf } from "../../history/columns/columns.ts";
import { History } from "../../history/history.ts";
import type { HistoryEvent, Json } from "../../history/operation.ts";
import { NEMESIS } from "../../history/operation.ts";
import type { Claim } from "../../history/plan.ts";
import { arbitraryValues } from "./arbitrary-values.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

const STALE = historyOf([
  phaseRow(0, "load"),
  row(1, 3, "invoke", "add", ["set:a", 7]),
  row(2, 0, "invoke", "write", ["r", 1]),
  row(3, 0, "ok", "write", ["r", 1]),
  row(4, 3, "ok", "add", ["set:a", 7]),
  row(5, 0, "invoke", "write", ["r", 2]),
  row(6, 0, "ok", "write", ["r", 2]),
  row(7, 1, "invoke", "read", ["r", null]),
  row(8, 1, "ok", "read", ["r", 1]),
  row(9, 1, "invoke", "read", ["set:a", null]),
  row(10, 1, "ok", "read", ["set:a", [7]]),
]);

/** The history in which events about something else are not those of a client. */
function filtered({ events }: History, isPart: (event: HistoryEvent) => boolean): History {
  return new History(events.map((event) => (isPart(event) ? event : { ...event, process: NEMESIS })));
}

function keyOf({ value }: HistoryEvent): Json | undefined {
  return Array.isArray(value) ? (value as readonly Json[])[0] : undefined;
}

describe("claims about a part of a run", () => {
  it("are judged as by a history of nothing but the operations and keys that they name", () => {
    const parts = fc.record({
      operations: fc.option(fc.subarray(["read", "write", "add"], { minLength: 1 }), { nil: undefined }),
      keys: fc.option(fc.subarray(["x", "y"], { minLength: 1 }), { nil: undefined }),
    });
    const CLAIMS: readonly (readonly [checker: string, kind: "register" | "set", options: { [name: string]: Json }])[] =
      [
        ["linearizable", "register", { model: "register", byKey: true }],
        ["linearizable", "set", { model: "set", byKey: true }],
        ["invariant", "set", { model: "set-full", byKey: true }],
        ["invariant", "register", { model: "stale-reads", byKey: true, realTime: true }],
        ["invariant", "register", { model: "stats" }],
      ];
    for (const [checker, kind, options] of CLAIMS) {
      fc.assert(
        fc.property(arbitraryValues(kind), parts, (history, { operations, keys }) => {
          const isPart = (event: HistoryEvent): boolean =>
            operations?.includes(event.f) !== false && keys?.some((key) => key === keyOf(event)) !== false;
          const named = { ...(operations && { operations }), ...(keys && { keys }) };
          const check = checkerNamed(checker);
          expect(check(history, { ...options, ...named })).toEqual(check(filtered(history, isPart), options));
        }),
        { numRuns: 300 },
      );
    }
  });

  it("about some workers tell of their events by the numbers of the whole history", () => {
    const { findings } = checkerNamed("linearizable")(STALE.ofWorkers(["w0", "w1"]), {
      model: "register",
      byKey: true,
      keys: ["r"],
    });
    expect(findings[0]?.events).toEqual([2, 3, 5, 6, 7, 8]);
  });

  it("of one run share its columns, which are made once", () => {
    let packed = 0;
    const history = new History({
      events: () => STALE.events,
      columns: () => {
        packed += 1;
        return columnsOf({ events: STALE.events });
      },
    });
    const claim = (id: string, checker: string, options: Claim["options"], more: Partial<Claim> = {}): Claim => ({
      id,
      statement: id,
      standing: "promised",
      source: "",
      checker,
      options,
      ...more,
    });
    const { claims } = judge(
      {
        version: 1,
        campaign: "several-claims",
        title: "",
        description: "",
        seed: 1,
        system: { kind: "single", options: {} },
        workload: "register",
        options: {},
        profile: "raw",
        workers: [],
        loadMs: 1,
        settleMs: 0,
        faults: [],
        claims: [
          claim("one register", "linearizable", { model: "register", byKey: true, keys: ["r"] }),
          claim(
            "one register for two",
            "linearizable",
            { model: "register", byKey: true, keys: ["r"] },
            { workers: ["w0", "w1"] },
          ),
          claim("set", "invariant", { model: "set-full", byKey: true, keys: ["set:a"] }),
          claim("all", "invariant", { model: "stats" }),
        ],
      },
      history,
    );
    expect(claims.map(({ result }) => result.figures["operations"])).toEqual([3, 3, 2, 5]);
    expect(packed).toBe(1);
  });

  it("make no objects of a history that was read as columns", () => {
    const { columns } = STALE;
    const history = new History({
      events: () => expect.unreachable("nobody needs objects"),
      columns: () => columns,
    });
    const check = checkerNamed("linearizable");
    expect(check(history, { model: "register", byKey: true, keys: ["r"] }).verdict).toBe("broken");
  });
});

describe("the claim linearizable", () => {
  it("is about the operations and keys that it names, and tells their events by the history's numbers", () => {
    const result = checkerNamed("linearizable")(STALE, { model: "register", byKey: true, keys: ["r"] });
    expect(result).toMatchObject({ verdict: "broken", count: 1 });
    expect(result.findings[0]?.events).toEqual([2, 3, 5, 6, 7, 8]);
    expect(result.reason).toContain("(event 3)");
  });

  it("is unknown where an operation is none of the model's, and says which", () => {
    const { verdict, reason } = checkerNamed("linearizable")(STALE, { model: "register", byKey: true });
    expect(verdict).toBe("unknown");
    expect(reason).toMatch(/^The history is not one of the model register: event 1: .*add/);
  });

  it("is vacuous where too little was done", () => {
    const options = { model: "register", byKey: true, keys: ["other"], minOperations: 1 };
    expect(checkerNamed("linearizable")(STALE, options)).toMatchObject({ verdict: "vacuous" });
  });

  it("holds where a legal order exists", () => {
    const history = historyOf([
      row(1, 0, "invoke", "acquire", "lock"),
      row(2, 0, "ok", "acquire", { key: "lock", grant: "g1" }),
      row(3, 0, "invoke", "write", { key: "lock", grant: "g1", value: 1 }),
      row(4, 0, "ok", "write", { key: "lock", grant: "g1", value: 1 }),
      row(5, 0, "invoke", "release", { key: "lock", grant: "g1" }),
      row(6, 1, "invoke", "acquire", "lock"),
      row(7, 1, "ok", "acquire", { key: "lock", grant: "g2" }),
      row(8, 0, "ok", "release", { key: "lock", grant: "g1" }),
    ]);
    const options = { model: "mutex", operations: ["acquire", "release"] };
    expect(checkerNamed("linearizable")(history, options)).toMatchObject({
      verdict: "holds",
      figures: { operations: 3 },
    });
  });

  it("refuses a model that there is not", () => {
    expect(() => checkerNamed("linearizable")(STALE, { model: "heap" })).toThrow(TypeError);
  });
});

describe("the claim elle", () => {
  it("finds what the consistency model forbids", () => {
    const history = historyOf([
      row(1, 0, "invoke", "txn", [
        ["r", "x", null],
        ["append", "y", 1],
      ]),
      row(2, 1, "invoke", "txn", [
        ["r", "y", null],
        ["append", "x", 1],
      ]),
      row(3, 0, "ok", "txn", [
        ["r", "x", []],
        ["append", "y", 1],
      ]),
      row(4, 1, "ok", "txn", [
        ["r", "y", []],
        ["append", "x", 1],
      ]),
      row(5, 2, "invoke", "txn", [
        ["r", "x", null],
        ["r", "y", null],
      ]),
      row(6, 2, "ok", "txn", [
        ["r", "x", [1]],
        ["r", "y", [1]],
      ]),
    ]);
    const claim = checkerNamed("elle");
    expect(claim(history, { model: "list-append", consistencyModel: "serializable" })).toMatchObject({
      verdict: "broken",
      findings: [{ kind: "G2-item" }],
    });
    expect(claim(history, { model: "list-append", consistencyModel: "snapshot-isolation" })).toMatchObject({
      verdict: "holds",
    });
  });
});
