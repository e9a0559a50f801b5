/** Objects under keys are judged as each is by itself, however their operations are interleaved. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { HistoryEvent, Json } from "../../../history/operation.ts";
import { analyze, arbitraryHistory, bySessions, eventsOf, expectProofs } from "./random-operations.ts";
import type { Done } from "./random-operations.ts";

type Step = Pick<Done, "f" | "input" | "output">;

const element = fc.nat(2);
const list = fc.array(fc.nat(3), { maxLength: 4 });
const write = (f: string): fc.Arbitrary<Step> => element.map((input) => ({ f, input, output: input }));
const read = (f: string, output: fc.Arbitrary<Json>): fc.Arbitrary<Step> =>
  output.map((each) => ({ f, input: null, output: each }));

const STEPS: { readonly [name: string]: fc.Arbitrary<Step> } = {
  "set-full": fc.oneof(write("add"), read("read", list)),
  "total-queue": fc.oneof(write("enqueue"), read("dequeue", fc.constantFrom(null, 0, 1, 2, 3)), read("drain", list)),
  monotonic: read("read", fc.constantFrom(null, 0, 1, 2)),
  "stale-reads": fc.oneof(write("write"), read("read", fc.constantFrom(null, 0, 1, 2, 3))),
};

const OPTIONS: { readonly [name: string]: object } = {
  "set-full": { linearizable: true },
  "total-queue": { atMostOnce: true, drained: true },
  monotonic: { realTime: true },
  "stale-reads": { realTime: true },
};

/** Most objects need elements that are written once. */
function isUnique(operations: readonly Done[]): boolean {
  const written = operations.filter(({ input, type }) => input !== null && type !== "fail").map(({ input }) => input);
  return new Set(written).size === written.length;
}

/** @param turns says whose event comes next; when one has none left, the other's come. */
function interleaved(
  one: readonly HistoryEvent[],
  other: readonly HistoryEvent[],
  turns: readonly boolean[],
): HistoryEvent[] {
  const left = [
    one.map((event) => ({ ...event, value: ["a", event.value ?? null] })),
    other.map((event) => ({ ...event, process: Number(event.process) + 100, value: [1, event.value ?? null] })),
  ] as const;
  const events: HistoryEvent[] = [];
  for (let turn = 0; left[0].length + left[1].length > 0; turn += 1) {
    const [mine, theirs] = turns[turn % turns.length] === true ? left : left.toReversed();
    const next = mine?.shift() ?? theirs?.shift();
    if (next !== undefined) events.push({ ...next, index: events.length, time: events.length });
  }
  return events;
}

function sum(...all: readonly { readonly [name: string]: number }[]): { [name: string]: number } {
  const total: { [name: string]: number } = {};
  for (const [name, count] of all.flatMap((each) => Object.entries(each))) total[name] = (total[name] ?? 0) + count;
  return total;
}

describe("keys", () => {
  it.each(Object.keys(STEPS))("do not influence each other: %s", (name) => {
    const history = bySessions(arbitraryHistory(STEPS[name] as fc.Arbitrary<Step>, 5).filter(isUnique)).map(eventsOf);
    const turns = fc.array(fc.boolean(), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(history, history, turns, (one, other, order) => {
        const options = { ...OPTIONS[name], byKey: true };
        const events = interleaved(one, other, order);
        const found = analyze(name, events, options);
        expect(found.counts).toEqual(
          sum(analyze(name, one, OPTIONS[name]).counts, analyze(name, other, OPTIONS[name]).counts),
        );
        expectProofs(name, events, found, options);
      }),
      { numRuns: 1_000 },
    );
  });
});
