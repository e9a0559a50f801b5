/** Stale reads against every pair of operations, and against every order of them. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MisuseError } from "../../../checkers/analysis.ts";
import type { HistoryEvent, Json } from "../../../history/operation.ts";
import type { Line } from "../linearizability/columns-of-lines.ts";
import { isLinearizable } from "../oracle/linearizability.ts";
import { ORACLE_OBJECTS } from "../oracle/objects.ts";
import { analyze, arbitraryHistory, bySessions, eventsOf, expectProofs } from "./random-operations.ts";
import type { Done } from "./random-operations.ts";

const RUNS = { numRuns: 10_000 };

const value = fc.nat(2);
const step = fc.oneof(
  value.map((written) => ({ f: "write", input: written as Json, output: written as Json })),
  fc.constantFrom(null, 0, 1, 2, 9).map((read) => ({ f: "read", input: null, output: read as Json })),
);

/** Values are unique. */
const history = bySessions(
  arbitraryHistory(step).filter((operations) => {
    const written = operations.filter(({ f, type }) => f === "write" && type !== "fail").map(({ input }) => input);
    return new Set(written).size === written.length;
  }),
);

/** Names of the anomalies, from every read against everything that had ended before. */
function plainly(operations: readonly Done[], realTime: boolean): Set<string> {
  const found = new Set<string>();
  const writes = operations.filter(({ f }) => f === "write");
  const writeOf = (of: Json): Done | undefined => writes.find(({ input, type }) => input === of && type !== "fail");
  const isLegal = ({ f, output, ret }: Done): boolean =>
    f === "write" || output === null || (writeOf(output)?.call ?? Infinity) < ret;
  const ok = operations.filter(({ type }) => type === "ok");
  for (const read of ok.filter(({ f }) => f === "read")) {
    if (!isLegal(read)) {
      const failed = writes.some(({ input, type }) => input === read.output && type === "fail");
      found.add(writeOf(read.output) === undefined && failed ? "failed-but-seen" : "unexpected");
      continue;
    }
    const own = read.output === null ? -1 : writeOf(read.output);
    const overwritten = own === -1 ? -1 : own?.type === "info" ? Infinity : (own?.ret ?? Infinity);
    const known = ok.filter(
      (each) => each.ret < read.call && (realTime || each.process === read.process) && isLegal(each),
    );
    const versions = known.map((each) => (each.f === "write" ? each : writeOf(each.output)));
    if (versions.some((version) => version !== undefined && version.call > overwritten)) found.add("stale-read");
  }
  return found;
}

describe("stale-reads", () => {
  it("finds every read of an older value than was known, and nothing else", () => {
    fc.assert(
      fc.property(history, fc.boolean(), (operations, realTime) => {
        const events = eventsOf(operations);
        const found = analyze("stale-reads", events, { realTime });
        const expected = plainly(operations, realTime);
        expect(new Set(Object.keys(found.counts))).toEqual(expected);
        const reads = operations.filter(({ f, type }) => f === "read" && type === "ok");
        expect(found.valid).toBe(expected.size > 0 ? false : reads.length === 0 ? "unknown" : true);
        expectProofs("stale-reads", events, found, { realTime });
      }),
      RUNS,
    );
  });

  it("finds nothing in a history that some order makes legal", () => {
    const [object, initial] = ORACLE_OBJECTS["register"] ?? [];
    if (object === undefined || initial === undefined) throw new Error("no oracle for registers");
    fc.assert(
      fc.property(history, fc.boolean(), (operations, realTime) => {
        const events = eventsOf(operations);
        const lines = events.map(({ process, type, f, value: each }): Line => [Number(process), type, f, each]);
        if (isLinearizable(lines, object, initial))
          expect(analyze("stale-reads", events, { realTime }).valid).not.toBe(false);
      }),
      RUNS,
    );
  });

  const lines = (...rows: readonly (readonly [number, HistoryEvent["type"], string, Json])[]): HistoryEvent[] =>
    rows.map(([process, type, f, each], index) => ({ index, time: index, process, type, f, value: each }));

  const REPLICA = lines(
    [0, "invoke", "write", 1],
    [0, "ok", "write", 1],
    [1, "invoke", "read", null],
    [1, "ok", "read", null],
  );

  it("by process holds against nobody what others know", () => {
    expect(analyze("stale-reads", REPLICA)).toMatchObject({ valid: true });
    const found = analyze("stale-reads", REPLICA, { realTime: true });
    expect(found.reason).toBe(
      "null was read (process 1, event 2), although 1 had been written before (process 0, event 0), which takes the place of what was there in the beginning.",
    );
  });

  it("takes another first value, and each key by itself", () => {
    expect(analyze("stale-reads", REPLICA, { init: 0 }).counts).toEqual({ unexpected: 1 });
    const keyed = REPLICA.map((event, i) => ({ ...event, value: [i < 2 ? "a" : "b", event.value] }));
    expect(analyze("stale-reads", keyed, { realTime: true, byKey: true })).toMatchObject({ valid: true });
  });

  it("refuses values that are written twice, or were there in the beginning", () => {
    const twice = [...REPLICA.slice(0, 2), ...lines([0, "invoke", "write", 1], [0, "ok", "write", 1])];
    const events = twice.map((event, index) => ({ ...event, index, time: index }));
    expect(() => analyze("stale-reads", events)).toThrow(MisuseError);
    expect(() => analyze("stale-reads", events)).toThrow(/event 2: .* 1 is written here, and already in event 0/);
    expect(() => analyze("stale-reads", events, { init: 1 })).toThrow(/event 0: .* was there in the beginning/);
  });
});
