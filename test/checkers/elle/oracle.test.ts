/** What the analyses of transactions say, against trying out every order. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analyzer } from "../../../checkers/analysis.ts";
import { part } from "../../../checkers/elle/witness.ts";
import { listAppend } from "../../../checkers/elle/list-append.ts";
import { rwRegister } from "../../../checkers/elle/rw-register.ts";
import type { Order } from "../oracle/transactions.ts";
import { isSerializable, isSnapshotIsolated } from "../oracle/transactions.ts";
import type { Sort } from "./arbitrary-txns.ts";
import { arbitraryTxns } from "./arbitrary-txns.ts";
import type { TxnEvent } from "./txn-history.ts";
import { columnsOfTxns } from "./txn-history.ts";

const RUNS = Number(process.env["REDQUAKE_ORACLE_RUNS"] ?? 1_500);
const SEED = process.env["REDQUAKE_ORACLE_SEED"];
const parameters = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };

const ANALYZERS: readonly (readonly [Sort, Analyzer])[] = [
  ["list", listAppend],
  ["register", rwRegister],
];

const MODELS: readonly (readonly [model: string, allowed: (events: readonly TxnEvent[]) => boolean])[] = [
  ...(["none", "process", "real-time"] as const).map(
    (order: Order, i) =>
      [
        ["serializable", "strong-session-serializable", "strict-serializable"][i] as string,
        (events: readonly TxnEvent[]) => isSerializable(events, order),
      ] as const,
  ),
  ...(["none", "process", "real-time"] as const).map(
    (order: Order, i) =>
      [
        ["snapshot-isolation", "strong-session-snapshot-isolation", "strong-snapshot-isolation"][i] as string,
        (events: readonly TxnEvent[]) => isSnapshotIsolated(events, order),
      ] as const,
  ),
];

/** Weaker than those of the same order, so what breaks it breaks them. */
const WEAKER: typeof MODELS = [["causal", (events) => isSerializable(events, "process")]];

describe.each(ANALYZERS)("%s histories", (sort, analyze) => {
  it.each([...MODELS, ...WEAKER])(
    "never break %s where some order explains them, and what is called false by name is",
    (model, allowed) => {
      const maxTxns = model.includes("snapshot") ? 4 : 5;
      fc.assert(
        fc.property(arbitraryTxns({ sort, maxTxns, finalReads: false }), (events) => {
          const found = analyze(columnsOfTxns(events), { consistencyModel: model });
          if (found.valid === false) expect(allowed(events), found.reason).toBe(false);
          expect(found.not.length > 0).toBe(found.valid === false);
        }),
        parameters,
      );
    },
  );

  it("have for each anomaly events that show it alone", () => {
    fc.assert(
      fc.property(arbitraryTxns({ sort, maxTxns: 8, finalReads: false }), (events) => {
        const columns = columnsOfTxns(events);
        const found = analyze(columns, {});
        for (const [name, list] of Object.entries(found.anomalies)) {
          for (const anomaly of list) {
            const again = analyze(part(columns, anomaly.events), {});
            expect(again.valid).toBe(found.valid);
            expect(Object.keys(again.anomalies), anomaly.sentence).toContain(name);
            expect(anomaly.sentence).not.toMatch(/undefined|NaN|Infinity|\[object/);
          }
        }
        if (found.valid === false) expect(analyze(part(columns, found.witness), {}).valid).toBe(false);
      }),
      parameters,
    );
  });
});

describe("list histories whose lists are read in the end", () => {
  it.each(MODELS)("break %s exactly where no order explains them", (model, allowed) => {
    const maxTxns = model.includes("snapshot") ? 3 : 5;
    fc.assert(
      fc.property(arbitraryTxns({ sort: "list", maxTxns, finalReads: true }), (events) => {
        const found = listAppend(columnsOfTxns(events), { consistencyModel: model });
        // Where an append that succeeded is in no read, its place is not known.
        const read = new Set(
          events.flatMap(({ type, txn }) =>
            type === "ok" ? txn.flatMap(([f, , value]) => (f === "r" ? (value as number[]) : [])) : [],
          ),
        );
        const all = events.every(
          ({ type, txn }) => type !== "ok" || txn.every(([f, , value]) => f === "r" || read.has(value as number)),
        );
        fc.pre(all && found.valid !== "unknown");
        expect(found.valid, found.reason).toBe(allowed(events));
      }),
      parameters,
    );
  });
});
