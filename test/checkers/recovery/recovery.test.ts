/** The recovery checker against its definitions, and the stories that it must tell. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { recovery } from "../../../checkers/recovery/recovery.ts";
import type { History } from "../../../history/history.ts";
import type { Json } from "../../../history/operation.ts";
import { arbitraryDeliveries } from "../arbitrary-messages.ts";
import { expectFindingsToSuffice } from "../findings-suffice.ts";
import type { Row } from "../history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "../history-of.ts";
import type { Expected } from "../oracle/recovery.ts";
import { recoveryOfEntries, recoveryOfListening, recoveryOfTrying } from "../oracle/recovery.ts";

const RUNS = { numRuns: 600 };
const BOUND = fc.constantFrom(2, 8, 30);

function expectRecovery(
  history: History,
  options: { readonly [key: string]: Json },
  named: boolean,
  expected: Expected | undefined,
): void {
  const whole = named ? { ...options, afterFault: "link" } : options;
  const { verdict, count, figures, reason } = recovery(history, whole);
  if (expected === undefined) {
    expect(verdict).toBe("vacuous");
    return;
  }
  const { never, late, fine } = expected;
  expect([figures["never again"], figures["recovered late"], figures["recovered"]], reason).toEqual([
    never,
    late,
    fine,
  ]);
  expect(count).toBe(never + late);
  if (count > 0) expect(verdict).toBe("broken");
  else if (fine === 0) expect(verdict).toBe("vacuous");
  expectFindingsToSuffice(recovery, history, whole);
}

describe("recovery on random histories", () => {
  it.each([
    ["worker", ({ invoke }) => invoke.worker ?? ""],
    ["channel", ({ invoke }) => (invoke.value as { channel: string }).channel],
    ["key", ({ invoke }) => (invoke.value as { channel: string }).channel],
    ["subscription", ({ invoke }) => `${invoke.worker} ${(invoke.value as { channel: string }).channel}`],
  ] as const satisfies [string, Parameters<typeof recoveryOfTrying>[4]][])(
    "finds exactly the units (%s) that try and do not succeed again in time",
    (unit, unitOf) => {
      fc.assert(
        fc.property(arbitraryDeliveries(1), BOUND, fc.boolean(), (history, boundMs, named) => {
          const expected = recoveryOfTrying(history, named, boundMs, "publish", unitOf);
          expectRecovery(history, { f: ["publish"], unit, boundMs }, named, expected);
        }),
        RUNS,
      );
    },
  );

  it.each(["worker", "channel", "subscription"] as const)(
    "finds exactly the units (%s) that get nothing again in time",
    (unit) => {
      fc.assert(
        fc.property(arbitraryDeliveries(1), BOUND, fc.boolean(), (history, boundMs, named) => {
          const expected = recoveryOfListening(history, named, { boundMs, arriveMs: 3 }, unit);
          const options = { f: ["deliver"], unit, boundMs, arriveMs: 3, sent: "publish" };
          expectRecovery(history, options, named, expected);
        }),
        RUNS,
      );
    },
  );

  it("finds exactly the messages that are not dealt with in time", () => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), BOUND, fc.boolean(), (history, boundMs, named) => {
        const expected = recoveryOfEntries(history, named, boundMs);
        expectRecovery(history, { f: ["ack"], unit: "entry", boundMs, sent: "publish" }, named, expected);
      }),
      RUNS,
    );
  });
});

/** Everybody gets a message every 100 ms, except as `gets` says; n1 is cut off from 1 s to 2 s, of 10 s of load. */
function story(
  gets: (worker: string, at: number) => boolean,
  more: readonly Row[] = [],
  { subscribers = 3, healed = 2_000 }: { readonly subscribers?: number; readonly healed?: number } = {},
): History {
  const rows: Row[] = [phaseRow(0, "load"), phaseRow(10_000, "heal"), phaseRow(12_000, "final"), ...more];
  const workers = Array.from({ length: subscribers }, (_, i) => `w${i + 1}`);
  for (const [i, worker] of workers.entries()) {
    const consumer = { channel: "orders", consumer: `${worker}-1` };
    rows.push(row(1, 20 + i, "invoke", "subscribe", consumer, { worker }));
    rows.push(row(2, 20 + i, "ok", "subscribe", consumer, { worker }));
  }
  for (let at = 10; at < 9_900; at += 100) {
    const message = { channel: "orders", message: `w9:${1 + (at - 10) / 100}` };
    rows.push(row(at, 9, "invoke", "publish", message, { worker: "w9" }));
    rows.push(row(at + 1, 9, "ok", "publish", { ...message, receivers: null }, { worker: "w9" }));
    for (const [i, worker] of workers.entries()) {
      if (!gets(worker, at)) continue;
      const value = { ...message, delivery: `${worker}-${at}` };
      rows.push(row(at + 2, 20 + i, "invoke", "deliver", { channel: "orders" }, { worker }));
      rows.push(row(at + 2, 20 + i, "ok", "deliver", value, { worker }));
    }
  }
  rows.push(faultRow(1_000, "link", "inject", ["n1"], { title: "cut n1" }));
  rows.push(faultRow(1_001, "link", "active", ["n1"], { title: "cut n1" }));
  rows.push(faultRow(healed, "link", "healed", ["n1"], { title: "cut n1" }));
  return historyOf(rows);
}

function observed(at: number, subscribers: number): Row[] {
  const channels = [{ channel: "orders", subscribers, shardSubscribers: 0, patterns: 0, groups: [] }];
  return [
    row(at, 30, "invoke", "observe", { node: "n1" }, { worker: "w8" }),
    row(at + 1, 30, "ok", "observe", { node: "n1", channels }, { worker: "w8" }),
  ];
}

function told(at: number, worker: string, connected: boolean): Row[] {
  const value = { channel: "orders", consumer: `${worker}-1`, connected };
  return [row(at, 40, "invoke", "told", value, { worker }), row(at, 40, "ok", "told", value, { worker })];
}

const LISTENS = { f: ["deliver"], unit: "worker", boundMs: 2_000, sent: "publish", afterFault: "link" };
const deafAfter =
  (deaf: string, from = 1_000) =>
  (worker: string, at: number) =>
    worker !== deaf || at < from;

describe("a subscriber that stays dead after an outage", () => {
  it("is found by itself while the others go on, and the history tells no more", () => {
    const { verdict, findings, figures, reason } = recovery(story(deafAfter("w2")), LISTENS);
    expect(verdict).toBe("broken");
    expect(reason).toBe("1 worker of 3 did not recover within 2 s, 1 never: w2.");
    expect(findings[0]?.kind).toBe("never-again");
    expect(findings[0]?.sentence).toContain(
      "w2 got nothing of what was sent from 2.000 s on, when the fault “cut n1” was over, to the end (10 s later), although 79 messages were sent meanwhile, while w1 and w3 did; the bound is 2 s",
    );
    expect(figures["first success ms"]).toEqual({ w1: 12, w2: null, w3: 12 });
  });

  it.each([
    [
      2,
      "not-subscribed",
      "the server counts 2 subscriptions of orders where 3 clients say so, and its client has said",
    ],
    [
      3,
      "silent-subscription",
      "the server counts 3 subscriptions of orders where 3 clients say so, and its client has",
    ],
  ] as const)("where the server counts %i subscriptions is %s", (count, kind, words) => {
    const history = story(deafAfter("w2"), [...observed(500, 3), ...observed(9_000, count)]);
    const [finding] = recovery(history, LISTENS).findings;
    expect(finding?.kind).toBe(kind);
    expect(finding?.sentence).toContain(words);
    expectFindingsToSuffice(recovery, history, LISTENS);
  });

  it("whose client says that it is not subscribed is neither silent nor wrong about it", () => {
    const history = story(deafAfter("w2"), [...told(1_100, "w2", false), ...observed(9_000, 2)]);
    const [finding] = recovery(history, LISTENS).findings;
    expect(finding?.kind).toBe("never-again");
    expect(finding?.sentence).toContain("its client has said since 1.100 s that it is not subscribed");
    expectFindingsToSuffice(recovery, history, LISTENS);
  });

  it("comes back too late", () => {
    const history = story((worker, at) => worker !== "w2" || at < 1_000 || at > 8_000);
    const { findings, figures } = recovery(history, LISTENS);
    expect(findings.map(({ kind }) => kind)).toEqual(["late-recovery"]);
    expect(figures["never again"]).toBe(0);
    expectFindingsToSuffice(recovery, history, LISTENS);
  });

  it("is not expected to get anything once it was killed, or left", () => {
    const killed = [faultRow(1_500, "kill", "inject", ["w2"]), faultRow(1_500, "kill", "active", ["w2"])];
    const value = { channel: "orders", consumer: "w2-1" };
    const left = [
      row(1_500, 50, "invoke", "unsubscribe", value, { worker: "w2" }),
      row(1_501, 50, "ok", "unsubscribe", value, { worker: "w2" }),
    ];
    for (const more of [killed, left]) {
      const { verdict, figures, reason } = recovery(story(deafAfter("w2"), more), LISTENS);
      expect(verdict).toBe("holds");
      expect(figures["not judged"]).toBe(1);
      expect(reason).toContain("Nothing can be said of 1 worker (w2 was sent nothing after the bound).");
    }
  });

  it("is not shown where the load ended before the bound", () => {
    const { verdict, reason } = recovery(story(deafAfter("w2"), [], { healed: 9_000 }), LISTENS);
    expect(verdict).toBe("vacuous");
    expect(reason).toContain("Only 1000 ms were left from 9.000 s on");
  });

  it("in a group is found only where it is no chance", () => {
    const options = { ...LISTENS, audience: "group" };
    const turns = (worker: string, at: number): boolean =>
      (at < 1_000 ? ["w1", "w2"] : ["w1", "w1"])[((at - 10) / 100) % 2] === worker;
    const dead = story(turns, [], { subscribers: 2 });
    expect(recovery(dead, options).findings.map(({ kind }) => kind)).toEqual(["never-again"]);
    expectFindingsToSuffice(recovery, dead, options);
    const rarely = story((worker, at) => turns(worker, at) && (at < 1_000 || at % 500 === 10), [], { subscribers: 2 });
    expect(recovery(rarely, options).verdict).toBe("holds");
  });

  it("in a group is found where nobody gets anything any more, as nobody was passed over then", () => {
    const options = { ...LISTENS, audience: "group" };
    const silent = story((worker, at) => worker === "w1" && at < 1_000, [], { subscribers: 2 });
    expect(recovery(silent, options).count).toBe(2);
    expectFindingsToSuffice(recovery, silent, options);
  });
});

describe("recovery under a fault that stays", () => {
  const writes = (works: (worker: string, at: number) => boolean): History => {
    const rows: Row[] = [phaseRow(0, "load"), phaseRow(10_000, "heal"), phaseRow(11_000, "final")];
    for (const [i, worker] of ["w1", "w2", "w3"].entries()) {
      for (let at = 0; at < 9_900; at += 200) {
        const value = [`k${i}`, at] as const;
        rows.push(row(at, i, "invoke", "write", value, { worker }));
        rows.push(row(at + 100, i, works(worker, at) ? "ok" : "fail", "write", value, { worker, node: `n${i}` }));
      }
    }
    rows.push(
      faultRow(1_000, "partition", "inject", ["w1", "n0"]),
      faultRow(1_001, "partition", "active", ["w1", "n0"]),
    );
    rows.push(
      faultRow(10_001, "partition", "heal", ["w1", "n0"]),
      faultRow(10_002, "partition", "healed", ["w1", "n0"]),
    );
    return historyOf(rows);
  };
  const options = { f: ["write"], boundMs: 1_000, afterFault: "partition", since: "fault" };

  it("expects nothing of what is cut, and progress of all others", () => {
    const cut = writes((worker, at) => worker !== "w1" || at < 1_000);
    for (const unit of ["worker", "node"]) expect(recovery(cut, { ...options, unit }).verdict).toBe("holds");
    expect(recovery(cut, { ...options, unit: "key", except: ["k0"] }).verdict).toBe("holds");
    expect(recovery(cut, { ...options, unit: "key" }).findings[0]?.sentence).toMatch(
      /^k0: no write succeeded from 1\.00/,
    );
  });

  it("finds the one that stops although nothing was cut of it", () => {
    const history = writes((worker, at) => worker === "w3" || at < 1_000);
    for (const [unit, name] of [
      ["worker", "w2"],
      ["node", "n1"],
    ] as const) {
      const { findings } = recovery(history, { ...options, unit });
      expect(findings.map(({ kind, sentence }) => [kind, sentence.slice(0, 3)])).toEqual([["never-again", `${name}:`]]);
      expectFindingsToSuffice(recovery, history, { ...options, unit });
    }
  });

  it("after the heal shows nothing, as it heals only when the load is over", () => {
    const history = writes(() => true);
    const { verdict } = recovery(history, { ...options, unit: "worker", since: "heal" });
    expect(verdict).toBe("vacuous");
  });
});

describe("an attempt that never settles", () => {
  it("is found although nothing else was ever tried", () => {
    const history = historyOf([
      phaseRow(0, "load"),
      row(10, 1, "invoke", "write", ["k", 1]),
      faultRow(5, "link", "inject", ["n1"]),
      faultRow(100, "link", "healed", ["n1"]),
      phaseRow(5_000, "heal"),
    ]);
    const options = { f: ["write"], unit: "worker", boundMs: 1_000, afterFault: "link" };
    expect(recovery(history, options).findings.map(({ kind }) => kind)).toEqual(["never-again"]);
  });
});

describe("options of recovery that do not go together", () => {
  it.each([
    [{ f: ["ack"], unit: "entry", boundMs: 1 }, 'give the unit "entry" the option "sent"'],
    [{ f: ["deliver"], unit: "node", boundMs: 1, sent: "publish" }, 'does not go with the unit "node"'],
  ])("are refused: %o", (options, words) => {
    expect(() => recovery(historyOf([]), options)).toThrow(words);
  });
});

describe("names", () => {
  it("do not matter: workers by other names have the same fate, and other channels change nothing", () => {
    fc.assert(
      fc.property(arbitraryDeliveries(1), BOUND, (history, boundMs) => {
        const options = { f: ["deliver"], unit: "subscription", boundMs, arriveMs: 3, sent: "publish" };
        const stranger = { channel: "z", message: "w7:1" };
        const end = history.events.at(-1)?.time ?? 0;
        const rows = history.events.map((event): Row => ({ ...event, ms: event.time / 1_000_000 }));
        const more = historyOf([
          ...rows,
          row(end / 2_000_000, 90, "invoke", "publish", stranger, { worker: "w7" }),
          row(end / 2_000_000, 90, "ok", "publish", { ...stranger, receivers: 0 }, { worker: "w7" }),
        ]);
        const [one, other] = [recovery(history, options), recovery(more, options)];
        expect(other.verdict).toBe(one.verdict);
        expect(other.count).toBe(one.count);
      }),
      { numRuns: 300 },
    );
  });
});
