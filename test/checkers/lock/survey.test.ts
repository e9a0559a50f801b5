/** What locks leave behind and ask of the servers, against the definitions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lockLeftovers } from "../../../checkers/lock/leftovers.ts";
import { lockLoad } from "../../../checkers/lock/load.ts";
import type { History } from "../../../history/history.ts";
import type { Json } from "../../../history/operation.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import { historyOf, row } from "../history-of.ts";
import type { Row } from "../history-of.ts";

function granted(count: number): Row[] {
  return Array.from({ length: count }, (_, i) => [
    row(i, i, "invoke", "acquire", "a"),
    row(i, i, "ok", "acquire", { key: "a", grant: `g${i}` }),
  ]).flat();
}

function look(ms: number, f: string, value: Json): Row[] {
  return [row(ms, 99, "invoke", f, null), row(ms, 99, "ok", f, value)];
}

const key = fc.record({
  server: fc.constantFrom("n1", "n2"),
  key: fc.constantFrom("a", "lock:a", "a:token"),
  type: fc.constantFrom("string", "zset"),
  ttlMs: fc.constantFrom(-1, 5, 60_000),
  counter: fc.boolean(),
});

describe("lock-leftovers", () => {
  it("counts every key of the last look but counters that never expire", () => {
    fc.assert(
      fc.property(fc.array(fc.array(key), { minLength: 1, maxLength: 3 }), (looks) => {
        const rows = looks.flatMap((keys, i) => look(100 + i, "leftovers", { keys }));
        const result = lockLeftovers(historyOf([...granted(3), ...rows]), {});
        const left = (looks.at(-1) ?? []).filter(({ ttlMs, counter }) => ttlMs !== -1 || !counter);
        expect(result.count).toBe(left.length);
        expect(result.verdict).toBe(left.length > 0 ? "broken" : "holds");
      }),
    );
  });

  it("names the server, the key and when it is over", () => {
    const keys = [{ server: "n2", key: "lock:a", type: "string", ttlMs: -1, counter: false }];
    const history = historyOf([...granted(2), ...look(100, "leftovers", { keys })]);
    expect(lockLeftovers(history, {}).findings[0]?.sentence).toMatch(/n2 still had the string "lock:a", which never/);
    expectFindingsToSuffice((each, options) => lockLeftovers(each, { ...options, minGrants: 1 }), history, {});
  });

  it("says nothing where nobody looked, or nobody had a lock", () => {
    expect(lockLeftovers(historyOf(granted(2)), {}).verdict).toBe("unknown");
    expect(lockLeftovers(historyOf(look(1, "leftovers", { keys: [] })), {}).verdict).toBe("vacuous");
    expect(lockLeftovers(historyOf([...granted(2), ...look(1, "leftovers", { keys: [] })]), {}).verdict).toBe("holds");
  });
});

describe("lock-load", () => {
  const calls = fc.dictionary(fc.constantFrom("set", "get", "eval"), fc.nat(5_000));
  const history = (before: Json, after: Json, ms: number): History =>
    historyOf([
      ...look(0, "commands", { servers: before }),
      ...granted(4),
      ...look(ms, "commands", { servers: after }),
    ]);

  it("finds exactly the servers that had more to do than the bound", () => {
    fc.assert(
      fc.property(calls, calls, calls, fc.integer({ min: 100, max: 5_000 }), (before, more, other, ms) => {
        const after = Object.fromEntries(
          ["set", "get", "eval"].map((name) => [name, (before[name] ?? 0) + (more[name] ?? 0)]),
        );
        const sum = (each: { [name: string]: number }): number => Object.values(each).reduce((a, b) => a + b, 0);
        const busy = [more, other].filter((each) => sum(each) > (500 * ms) / 1_000).length;
        const result = lockLoad(history({ n1: before }, { n1: after, n2: other }, ms), { maxPerSecond: 500 });
        expect(result.count).toBe(busy);
        expect(result.verdict).toBe(busy > 0 ? "broken" : "holds");
        expect(result.figures["commands per grant, all servers"]).toBeCloseTo((sum(more) + sum(other)) / 4, -3);
      }),
    );
  });

  it("counts from 0 where a server was started again", () => {
    const result = lockLoad(history({ n1: { set: 900 } }, { n1: { set: 10 } }, 1_000), { maxPerSecond: 5 });
    expect(result.findings[0]?.sentence).toMatch(/^n1 carried out 10 commands in 1000 ms \(most of them: 10 set\)/);
  });

  it("says nothing where nobody counted twice", () => {
    expect(lockLoad(historyOf(granted(2)), { maxPerSecond: 1 }).verdict).toBe("unknown");
    const once = historyOf([...granted(2), ...look(9, "commands", { servers: { n1: { set: 1 } } })]);
    expect(lockLoad(once, { maxPerSecond: 1 }).verdict).toBe("unknown");
  });
});
