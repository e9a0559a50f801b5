/** What must not change a verdict, or may change it in one direction only. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Analysis } from "../../../checkers/analysis.ts";
import { listAppend } from "../../../checkers/elle/list-append.ts";
import { rwRegister } from "../../../checkers/elle/rw-register.ts";
import type { Json } from "../../../history/operation.ts";
import { arbitraryTxns } from "./arbitrary-txns.ts";
import type { TxnEvent } from "./txn-history.ts";
import { columnsOfTxns, txnEvent } from "./txn-history.ts";

const RUNS = 400;

describe.each(["list", "register"] as const)("a history of %ss", (sort) => {
  const analyze = (events: readonly TxnEvent[]): Analysis =>
    (sort === "list" ? listAppend : rwRegister)(columnsOfTxns(events), {});

  function check(property: (events: TxnEvent[], found: Analysis, pick: number) => void): void {
    fc.assert(
      fc.property(arbitraryTxns({ sort, maxTxns: 7, finalReads: false }), fc.nat(99), (events, pick) => {
        property(events, analyze(events), pick);
      }),
      { numRuns: RUNS },
    );
  }

  const renamed = (value: Json): Json =>
    Array.isArray(value) ? value.map(renamed) : value === null ? null : `value ${JSON.stringify(value)}`;

  it("says the same with other keys, values and processes", () => {
    check((events, found) => {
      const others = events.map(({ process, type, txn }) => ({
        process: process * 3 + 5,
        type,
        txn: txn.map(([f, key, value]) => [f, `key of ${JSON.stringify(key)}`, renamed(value)] as const),
      }));
      const again = analyze(others);
      expect([again.valid, again.counts, again.not]).toEqual([found.valid, found.counts, found.not]);
    });
  });

  it("does not become wrong when less is known of how a transaction ended", () => {
    check((events, found, pick) => {
      const last = new Map(events.map((event, i) => [event.process, i]));
      const candidates = [...last.values()].filter((i) => events[i]?.type === "ok");
      const chosen = candidates[pick % candidates.length];
      if (chosen === undefined) return;
      const less = events.map((event, i) => (i === chosen ? txnEvent(event.process, "info", event.txn) : event));
      if (found.valid !== false) expect(analyze(less).valid).not.toBe(false);
    });
  });

  it("does not become wrong when a transaction that only read is left out", () => {
    check((events, found, pick) => {
      const readers = events.flatMap(({ type, txn }, i) => (type === "ok" && txn.every(([f]) => f === "r") ? [i] : []));
      const end = readers[pick % readers.length];
      if (end === undefined) return;
      const { process } = events[end] as TxnEvent;
      const begin = events.findLastIndex((event, i) => i < end && event.process === process);
      if (found.valid !== false)
        expect(analyze(events.filter((_, i) => i !== begin && i !== end)).valid).not.toBe(false);
    });
  });

  it("does not become wrong when a transaction began earlier than is known", () => {
    check((events, found, pick) => {
      const i = pick % events.length;
      const [before, event] = [events[i - 1], events[i]];
      if (before === undefined || event?.type !== "invoke" || before.process === event.process) return;
      const wider = events.with(i - 1, event).with(i, before);
      if (found.valid !== false) expect(analyze(wider).valid).not.toBe(false);
    });
  });
});
