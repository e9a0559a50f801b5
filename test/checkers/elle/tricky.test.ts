/**
 * Histories that other tools got wrong or argued about, assumptions that do not hold, and sizes that break recursion.
 */
import { describe, expect, it } from "vitest";
import type { AnalysisOptions } from "../../../checkers/analysis.ts";
import { MisuseError } from "../../../checkers/analysis.ts";
import { listAppend } from "../../../checkers/elle/list-append.ts";
import { rwRegister } from "../../../checkers/elle/rw-register.ts";
import { columnsOf } from "../../../history/columns/columns.ts";
import type { MicroOperation, TxnEvent } from "./txn-history.ts";
import { columnsOfTxns, overlapping, txnEvent } from "./txn-history.ts";

const serializable = { consistencyModel: "serializable" };

describe("cases from the trackers of other checkers", () => {
  it("a G-single that there is only if an append that nobody read comes after the longest read", () => {
    const found = listAppend(overlapping("a x1", "a x2", "r x[1,2] a y5 a x4", "a x5", "r x[1,2,5]"), serializable);
    expect(Object.keys(found.anomalies)).toContain("G-single");
    expect(found.not).toEqual(["consistent-view", "repeatable-read"]);
  });

  it("a write of what was there before any write is no lost update: nobody can tell the two apart", () => {
    const found = rwRegister(overlapping("r x0 w x1", "|", "r x1 w x0", "|", "r x0 w x2"), { init: 0 });
    expect(found.valid).toBe("unknown");
    expect(Object.keys(found.anomalies)).toEqual(["duplicate-writes"]);
  });

  it("completions without invocations say nothing of real time: strict models are refused, others judged", () => {
    const events: TxnEvent[] = [
      txnEvent(0, "ok", [["append", "x", 1]]),
      txnEvent(1, "ok", [["r", "x", []]]),
      txnEvent(2, "ok", [["r", "x", [1]]]),
    ];
    expect(() => listAppend(columnsOfTxns(events), {})).toThrow(
      /event 0: 3 completions have no invocation.*"serializable"/,
    );
    expect(listAppend(columnsOfTxns(events), serializable).valid).toBe(true);
  });

  it("a read from nowhere is a finding", () => {
    expect(Object.keys(rwRegister(overlapping("w x1", "r x2"), {}).anomalies)).toEqual(["garbage-read"]);
    expect(Object.keys(listAppend(overlapping("a x1", "r x[2]"), {}).anomalies)).toEqual(["garbage-read"]);
  });

  it("1 and the text 1 are two values", () => {
    const text: MicroOperation = ["w", "x", "1"];
    const read: MicroOperation = ["r", "x", 1];
    const events = [
      txnEvent(0, "invoke", [text]),
      txnEvent(0, "ok", [text]),
      txnEvent(1, "invoke", [read]),
      txnEvent(1, "ok", [read]),
    ];
    expect(Object.keys(rwRegister(columnsOfTxns(events), {}).anomalies)).toEqual(["garbage-read"]);
  });
});

describe("transactions whose outcome is not known", () => {
  it("have happened where their writes were read, and then all of them count", () => {
    const info = "info w x1 w y1";
    expect(rwRegister(overlapping(info, "r x1 r yN"), serializable).alsoNot).toContain("snapshot-isolation");
    expect(listAppend(overlapping("info a x1 a y1", "r x[1] r y[]"), serializable).alsoNot).toContain(
      "snapshot-isolation",
    );
  });

  it("may never have happened where nobody saw them", () => {
    expect(rwRegister(overlapping("info w x1", "|", "r xN", "w y1", "|", "r y1"), {}).valid).toBe(true);
    expect(listAppend(overlapping("info a x1", "|", "r x[]", "a y1", "|", "r y[1]"), {}).valid).toBe(true);
  });
});

describe("what is not judged", () => {
  it("is vacuous where no transaction succeeded", () => {
    for (const found of [
      listAppend(columnsOf({ events: [] }), {}),
      listAppend(overlapping("info a x1"), {}),
      rwRegister(overlapping("info w x1"), {}),
    ]) {
      expect([found.valid, found.vacuous, found.reason]).toEqual([
        "unknown",
        true,
        expect.stringContaining("so nothing was shown"),
      ]);
    }
  });

  it("is unknown where nobody read anything", () => {
    for (const found of [
      listAppend(overlapping("a x1", "a x2"), {}),
      listAppend(overlapping("a x1", "|", "a x2"), {}),
      rwRegister(overlapping("w x1", "|", "w x2"), {}),
    ]) {
      expect([found.valid, found.vacuous, found.reason]).toEqual([
        "unknown",
        undefined,
        expect.stringContaining("no transaction is known to have read anything"),
      ]);
    }
  });

  it("is not what was read and judged, where no transaction comes before another by it", () => {
    for (const found of [
      listAppend(overlapping("a x1 r x[1]"), {}),
      listAppend(overlapping("a x1 r x[1]", "|", "a y1 r y[1]"), {}),
      listAppend(overlapping("r x[]"), {}),
      rwRegister(overlapping("w x1 r x1"), {}),
      rwRegister(overlapping("w x1 r x1", "|", "w y1 r y1"), {}),
    ]) {
      expect([found.valid, found.reason]).toEqual([true, expect.stringMatching(/^[12] transactions, and nothing/)]);
    }
  });

  it("is a key to which a value was written twice; others are", () => {
    const found = listAppend(overlapping("a x1", "a x1", "r x[1,1]"), {});
    expect([found.valid, Object.keys(found.anomalies)]).toEqual(["unknown", ["duplicate-appends"]]);
    const broken = listAppend(overlapping("a x1", "a x1", "r x[1]", "r y[1] a z1", "a y1 r z[1]"), {});
    expect([broken.valid, Object.keys(broken.counts).sort()]).toEqual([false, ["G1c", "duplicate-appends"]]);
  });

  it("is unknown where the time is over before the search for cycles, and true or false where it is not", () => {
    const columns = overlapping("r x[] a y1", "r y[] a x1");
    const found = listAppend(columns, { cancelled: () => true });
    expect([found.valid, found.reason]).toEqual(["unknown", expect.stringContaining("ended before")]);
    expect(listAppend(columns, { timeMs: 60_000 }).valid).toBe(false);
  });

  const event = (process: number, type: TxnEvent["type"], ...txn: MicroOperation[]): TxnEvent => ({
    process,
    type,
    txn,
  });
  const append: MicroOperation = ["append", "x", 1];

  it.each<[string, readonly TxnEvent[], RegExp]>([
    [
      "two open transactions",
      [event(0, "invoke", append), event(0, "invoke", append)],
      /event 1: process 0 begins a transaction while its last one \(event 0\) is still open/,
    ],
    [
      "acts after info",
      [event(0, "invoke", append), event(0, "info", append), event(0, "invoke", append)],
      /event 2: process 0 acts after its info \(event 1\)/,
    ],
    [
      "another write than asked",
      [event(0, "invoke", append), event(0, "ok", ["append", "x", 2])],
      /event 1: .*does not answer what was asked/,
    ],
    [
      "more than asked",
      [event(0, "invoke", append), event(0, "ok", append, append)],
      /event 1: .*does not answer what was asked/,
    ],
    [
      "a write of a register",
      [event(0, "invoke", ["w", "x", 1])],
      /event 0: \["w","x",1\] is no micro-operation; it must be \["append", key, value\]/,
    ],
    [
      "a read that is no list",
      [event(0, "invoke", ["r", "x", null]), event(0, "ok", ["r", "x", 3])],
      /event 1: the read of "x" is 3; it must be a list/,
    ],
    [
      "an element that is a list",
      [event(0, "invoke", ["append", "x", [1]])],
      /event 0: .*written values must be told apart/,
    ],
  ])("is %s", (_, events, message) => {
    expect(() => listAppend(columnsOfTxns(events), {})).toThrow(MisuseError);
    expect(() => listAppend(columnsOfTxns(events), {})).toThrow(message);
  });

  it("is another operation than a transaction", () => {
    const columns = columnsOf({ events: [{ index: 0, time: 0, process: 0, type: "invoke", f: "read", value: null }] });
    expect(() => listAppend(columns, {})).toThrow(/event 0: f is "read"; this model knows only transactions/);
  });

  it.each<[AnalysisOptions, RegExp]>([
    [{ consistencyModel: "perfect" }, /consistencyModel is "perfect"; it must be one of read-uncommitted/],
    [{ byKey: true }, /byKey/],
    [{ wfrKeys: true }, /wfrKeys/],
  ])("is an option that makes no sense: %j", (options, message) => {
    expect(() => listAppend(columnsOf({ events: [] }), options)).toThrow(TypeError);
    expect(() => listAppend(columnsOf({ events: [] }), options)).toThrow(message);
  });
});

describe("large histories", () => {
  /** Transactions that are all open at once. */
  const atOnce = (txns: readonly (readonly MicroOperation[])[]): TxnEvent[] => [
    ...txns.map((txn, i) => txnEvent(i, "invoke", txn)),
    ...txns.map((txn, i) => txnEvent(i, "ok", txn)),
  ];

  it("a chain of 100,000 transactions, where each saw the one before it", () => {
    const chain = Array.from({ length: 100_000 }, (_, i): MicroOperation[] => [
      ["append", i, 1],
      ["r", i - 1, i === 0 ? [] : [1]],
    ]);
    expect(listAppend(columnsOfTxns(atOnce(chain)), {}).valid).toBe(true);
  });

  it("shows the end of reads of 10,000 elements", () => {
    const elements = Array.from({ length: 10_000 }, (_, i) => i);
    const txns: MicroOperation[][] = [
      elements.map((element): MicroOperation => ["append", "x", element]),
      [
        ["r", "x", elements],
        ["r", "y", [1]],
      ],
      [
        ["r", "x", [...elements, 10_000]],
        ["append", "y", 1],
      ],
      [
        ["append", "x", 10_000],
        ["r", "y", []],
      ],
    ];
    const found = listAppend(columnsOfTxns(atOnce(txns)), serializable);
    expect(Object.keys(found.anomalies)).toEqual(["G-single"]);
    expect(JSON.stringify(found).length).toBeLessThan(20_000);
  });

  it("a ring of 50,000 transactions", () => {
    const n = 50_000;
    const ring = Array.from({ length: n }, (_, i): MicroOperation[] => [
      ["append", i, 1],
      ["r", (i + n - 1) % n, [1]],
    ]);
    const found = listAppend(columnsOfTxns(atOnce(ring)), {});
    expect([found.valid, found.counts]).toEqual([false, { G1c: 1 }]);
    expect(found.witness.length).toBe(2 * n);
  });

  it.each<["list" | "register"]>([["list"], ["register"]])(
    "one component of 50,000 transactions on a %s, full of cycles",
    (sort) => {
      const n = 50_000;
      const keys = 500;
      // Everybody reads a key as it was in the beginning, and writes another one.
      const txns = Array.from({ length: n }, (_, i): MicroOperation[] => [
        ["r", i % keys, sort === "list" ? [] : null],
        [sort === "list" ? "append" : "w", (i * 7 + 1) % keys, i + 1],
      ]);
      const analyze = sort === "list" ? listAppend : rwRegister;
      const found = analyze(columnsOfTxns(atOnce(txns)), {});
      expect(found.valid).toBe(false);
      expect(found.anomalies["G2-item"]?.length).toBeGreaterThan(0);
      expect(found.not).toEqual(["repeatable-read"]);
    },
  );
});
