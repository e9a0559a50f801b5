/** Clients that hang while others get the lock, told from those that wait behind others. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { tooManyFor } from "../../../../checkers/lock/parts/hangs.ts";
import { lockProgress } from "../../../../checkers/lock/progress.ts";
import type { History } from "../../../../history/history.ts";
import type { Json } from "../../../../history/operation.ts";
import { seededRandom } from "../../../../history/random.ts";
import { arbitraryLocks } from "../../arbitrary-locks.ts";
import { expectFindingsToSuffice } from "../../findings-suffice.ts";
import type { Row } from "../../history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "../../history-of.ts";
import { longestPassedOver } from "../../oracle/locks.ts";

const LOAD_MS = 4_500;

/** One client after the other's turn: it holds for so long, and leaves the lock free for so long. */
function turns(worker: number, holdMs: number, idleMs: number, from = 0, to = LOAD_MS): Row[] {
  const rows: Row[] = [];
  for (let [ms, turn] = [from, 1]; ms + holdMs + 1 < to; ms += holdMs + idleMs + 1, turn += 1) {
    const fields = { key: "a", grant: `w${worker}-${turn}` };
    rows.push(
      row(ms, worker, "invoke", "acquire", "a"),
      row(ms + 1, worker, "ok", "acquire", fields),
      row(ms + holdMs, worker, "invoke", "release", fields),
      row(ms + holdMs + 1, worker, "ok", "release", { ...fields, freed: true }),
    );
  }
  return rows;
}

const load = (rows: readonly Row[]): History => historyOf([phaseRow(0, "load"), ...rows, phaseRow(LOAD_MS, "heal")]);
const judged = (rows: readonly Row[], options: { readonly [name: string]: Json } = {}) => {
  const all = { boundMs: 1_500, ...options };
  expectFindingsToSuffice(lockProgress, load(rows), all);
  return lockProgress(load(rows), all);
};
const never = (worker: number, from = 10): Row => row(from, worker, "invoke", "acquire", "a");
/** It asks again and again, and every time nobody knows. */
const failing = (worker: number): Row[] =>
  Array.from({ length: 40 }, (_, i) => [
    row(10 + 110 * i, worker + 10 * i, "invoke", "acquire", "a"),
    row(110 + 110 * i, worker + 10 * i, "info", "acquire", "a", { error: "timeout" }),
  ]).flat();

describe("a client that hangs", () => {
  it("is found and named while another one goes on, however short the lock's own waits are", () => {
    const { verdict, reason, findings, count } = judged([...turns(1, 6, 30), never(2), never(3)]);
    expect(verdict).toBe("broken");
    expect(count).toBe(2);
    expect(reason).toMatch(
      /^w2 and w3 waited for a lock in vain for up to 3\.\d+ s in which nobody held it, while others got it; the bound for one client is 2 s\.$/,
    );
    expect(findings[0]?.sentence).toMatch(
      /^w\d waited for a in vain between 0\.010 s and 4\.500 s: for 3\.\d+ s of that time nobody held it, and w1 got it 12\d times; its acquire that was sent at 0\.010 s never ended; it had not got it before; it did not get it until the end of the load\.$/,
    );
  });

  it("is found where its acquires fail one after the other", () => {
    const { findings } = judged([...turns(1, 6, 30), ...failing(2)]);
    expect(findings[0]?.sentence).toMatch(/40 acquires of it came to nothing \(“timeout”\)/);
  });

  it("is not taken for one where others hold the lock for nearly all of the time", () => {
    expect(judged([...turns(1, 40, 6), ...turns(3, 40, 6, 20), never(2)]).verdict).toBe("holds");
    expect(judged([...turns(1, 1_000, 6), never(2)]).verdict).toBe("holds");
  });

  it("is not taken for one where the others were too few to rule out chance, and the reason says so", () => {
    const { verdict, reason } = judged([...turns(1, 6, 400), never(2)]);
    expect(verdict).toBe("holds");
    expect(reason).toMatch(
      /w2 waited in vain while the lock was free for 4\.\d+ s, but others got it only 1\d times: fewer than 20, so this may be chance\.$/,
    );
  });

  it("is excused while it is stopped, or cut off, or when it was killed", () => {
    const rows = [...turns(1, 6, 30), never(2)];
    const during = (kind: string): Row[] => [
      faultRow(100, kind, "inject", ["w2", "n1"]),
      faultRow(4_400, kind, "healed", ["w2", "n1"]),
    ];
    expect(judged(rows).verdict).toBe("broken");
    for (const kind of ["pause", "kill", "link", "partition"])
      expect(judged([...rows, ...during(kind)]).verdict, kind).toBe("holds");
    expect(judged([...rows, ...during("link")], { despite: ["link"] }).verdict).toBe("broken");
    expect(judged([...rows, ...during("clock-jump")]).verdict).toBe("broken");
  });

  it("is not looked for where one client is judged by itself", () => {
    const alone = load([...turns(1, 6, 30), ...turns(2, 6, 30)]).ofWorkers(["w1"]);
    expect(lockProgress(alone, { boundMs: 1_500 }).verdict).toBe("holds");
  });
});

describe("clients that ask again every 100 to 300 ms, beside one that asks at once", () => {
  it("are never taken for such that hang", () => {
    for (let seed = 1; seed <= 300; seed += 1) {
      const result = lockProgress(pollers(seed), { boundMs: 1_500 });
      expect(result.figures["clients that hang"], `seed ${seed}: ${result.reason}`).toBe(0);
    }
  });
});

/** A lock for the first client that asks: one comes back within 6 ms, and two poll. */
function pollers(seed: number): History {
  const random = seededRandom(seed);
  const rows: Row[] = [];
  let freeFrom = 0;
  const next = [0, random.integer(0, 200), random.integer(0, 200)];
  const asked = [...next];
  const turn = [1, 1, 1];
  for (let ms = 0; ms < LOAD_MS; ms = Math.min(...next)) {
    const who = next.indexOf(ms);
    if (ms < freeFrom) {
      next[who] = who === 0 ? freeFrom : ms + random.integer(100, 300);
      continue;
    }
    const fields = { key: "a", grant: `w${who + 1}-${turn[who]}` };
    const hold = random.integer(3, 9);
    rows.push(
      row(asked[who] ?? 0, who + 1, "invoke", "acquire", "a"),
      row(ms, who + 1, "ok", "acquire", fields),
      row(ms + hold, who + 1, "invoke", "release", fields),
      row(ms + hold, who + 1, "ok", "release", fields),
    );
    freeFrom = ms + hold;
    turn[who] = (turn[who] ?? 0) + 1;
    next[who] = ms + hold + random.integer(1, 6);
    asked[who] = next[who] ?? 0;
  }
  for (const who of [1, 2])
    if ((asked[who] ?? 0) < LOAD_MS) rows.push(row(asked[who] ?? 0, who + 1, "invoke", "acquire", "a"));
  return load(rows);
}

describe("the time for which one client is passed over", () => {
  it("is exactly what its definition says", () => {
    let some = 0;
    fc.assert(
      fc.property(arbitraryLocks({ faults: true, log: false }), (history) => {
        const expected = longestPassedOver(history);
        if (expected > 0) some += 1;
        const { figures } = lockProgress(history, { boundMs: 1_000, minGrants: 1 });
        expect(figures["longest time of a free lock that one client was passed over ms"]).toBe(expected);
      }),
      { numRuns: 1_500 },
    );
    expect(some).toBeGreaterThan(100);
  });

  it("needs more grants of others the more clients there are", () => {
    expect([1, 2, 3, 4].map(tooManyFor)).toEqual([Infinity, 20, 35, 49]);
  });
});

describe("a lock that is waited for in vain", () => {
  const grant = (ms: number, worker: number): Row[] => [
    row(ms - 1, worker, "invoke", "acquire", "a"),
    row(ms, worker, "ok", "acquire", { key: "a", grant: `g${worker}` }),
  ];
  const rows = [...grant(10, 1), never(2, 30)];
  const released = (freed: boolean): Row[] => [
    row(20, 1, "invoke", "release", { key: "a", grant: "g1" }),
    row(21, 1, "ok", "release", { key: "a", grant: "g1", freed }),
  ];
  const look = (ttlMs: number): Row[] => [
    row(5_000, 9, "invoke", "leftovers", null),
    row(5_001, 9, "ok", "leftovers", {
      keys: [{ server: "n1", key: "lock:a", type: "string", ttlMs, counter: false }],
    }),
  ];
  const sentence = (more: readonly Row[]): string | undefined =>
    judged([...rows, ...more], { minGrants: 1 }).findings[0]?.sentence;

  it("says that it was released, and that the key stayed and has no expiry", () => {
    expect(sentence([...released(true), ...look(-1)])).toMatch(
      /w1 sent its release at 0\.020 s and at 0\.021 s was told that it had freed the lock; at 5\.001 s n1 still had the key "lock:a", which has no expiry\.$/,
    );
    expect(sentence([...released(false), ...look(900)])).toMatch(
      /was told that the lock was not its own; at 5\.001 s n1 still had the key "lock:a", which expires only in 900 ms\.$/,
    );
  });

  it("says that an acquire had no answer, which may have left it behind", () => {
    const unknown = [row(22, 3, "invoke", "acquire", "a"), row(28, 3, "info", "acquire", "a", { error: "timeout" })];
    expect(sentence([...released(true), ...unknown])).toMatch(
      /; the acquire that w3 sent at 0\.022 s had no answer by 0\.028 s \(“timeout”\): what it took may have been left behind\.$/,
    );
    const refused = [
      row(22, 3, "invoke", "acquire", "a"),
      faultRow(23, "link", "inject", ["w3", "n1"]),
      faultRow(26, "link", "healed", ["w3", "n1"]),
      row(28, 3, "fail", "acquire", "a", { error: "held by another client" }),
    ];
    expect(sentence([...released(true), ...refused])).toMatch(
      /; the acquire that w3 sent at 0\.022 s ended without the lock at 0\.028 s, after its connection had been struck: what it took may have been left behind/,
    );
  });
});
