/** Short random histories for the checkers of invariants, and what must hold of all that they find. */
import fc from "fast-check";
import { expect } from "vitest";
import type { Analysis, Analyzer } from "../../../checkers/analysis.ts";
import { INVARIANT_ANALYZERS } from "../../../checkers/invariants/analyzers.ts";
import { columnsOf } from "../../../history/columns/columns.ts";
import type { HistoryEvent, Json } from "../../../history/operation.ts";

/** An operation with the places of its two events among all. */
export interface Done {
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
export function arbitraryHistory(
  step: fc.Arbitrary<Pick<Done, "f" | "input" | "output">>,
  most = 7,
): fc.Arbitrary<Done[]> {
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

/** A process may go on after an operation that has ended, so that it can know something. */
export function bySessions(histories: fc.Arbitrary<Done[]>): fc.Arbitrary<Done[]> {
  return fc.tuple(histories, fc.array(fc.boolean(), { minLength: 8, maxLength: 8 })).map(([operations, joined]) => {
    const inOrder = operations.toSorted((a, b) => a.call - b.call);
    const last = new Map<number, Done>();
    return inOrder.map((operation, i) => {
      const before = [...last.values()].find((each) => each.type !== "info" && each.ret < operation.call);
      const process = joined[i] === true && before !== undefined ? before.process : operation.process;
      const placed = { ...operation, process };
      last.set(process, placed);
      return placed;
    });
  });
}

export function eventsOf(operations: readonly Done[]): HistoryEvent[] {
  const events: HistoryEvent[] = [];
  for (const { process, f, input, output, type, call, ret } of operations) {
    events[call] = { index: call, time: call, process, type: "invoke", f, value: input };
    events[ret] = { index: ret, time: ret, process, type, f, value: type === "ok" ? output : input };
  }
  return events;
}

export const analyze = (name: string, events: readonly HistoryEvent[], options = {}): Analysis =>
  analyzer(name)(columnsOf({ events }), options);

/** For every anomaly: its events alone have it again, and those of the witness give the same verdict. */
export function expectProofs(name: string, events: readonly HistoryEvent[], found: Analysis, options = {}): void {
  const again = (kept: readonly number[]): Analysis =>
    analyze(
      name,
      kept.map((at, index) => ({ ...(events[at] as HistoryEvent), index, time: index })),
      options,
    );
  for (const [anomaly, all] of Object.entries(found.anomalies)) {
    for (const { events: kept, sentence } of all) {
      expect(Object.keys(again(kept).counts), sentence).toContain(anomaly);
      expect(sentence).not.toMatch(/undefined|NaN|Infinity|\[object/);
    }
  }
  expect(found.witness.length > 0).toBe(found.valid === false);
  if (found.valid === false) expect(again(found.witness).valid, found.reason).toBe(false);
}
