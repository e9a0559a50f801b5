/**
 * Two faults on one target, the second while the first acts: whatever the pair, the executor goes on to its end. What
 * cannot act there says so in its probe, and nobody is left down or stopped.
 */
import { describe, expect, it } from "vitest";
import type { FaultMoment } from "../../../history/nemesis-event.ts";
import type { FaultPlan, Moment } from "../../../history/plan.ts";
import { Nemesis } from "../../../nemesis/nemesis.ts";
import { openFaultContext, openSystemContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { startPlainWorker } from "../../support/plain-worker.ts";

type Step = readonly [kind: string, options: FaultPlan["options"]];

/** The moments of the faults, in order. They must all come, and nothing may be thrown. */
async function play(test: TestContext, faults: readonly FaultPlan[]): Promise<FaultMoment[]> {
  const moments: FaultMoment[] = [];
  const loadEnd = new AbortController();
  const nemesis = new Nemesis({
    faults,
    context: test.context,
    barriers: { arm: () => Promise.reject(new Error("no barriers here")) },
    loadEnd: loadEnd.signal,
    loadMs: 0,
    record: (_kind, moment) => void moments.push(moment),
  });
  await nemesis.run();
  loadEnd.abort();
  await nemesis.healAll();
  return moments;
}

/** `first` acts; then `second` begins and is healed at once, or after the first one has been. */
function overlapping(first: Step, second: Step, healedFirst: "first" | "second"): FaultPlan[] {
  const [one, other] = [`${first[0]}-first`, `${second[0]}-second`];
  const after = (fault: string, stage: "active" | "healed"): Moment => ({ after: { fault, stage } });
  return [
    {
      id: one,
      kind: first[0],
      options: first[1],
      start: { afterMs: 0 },
      end: healedFirst === "first" ? after(other, "active") : after(other, "healed"),
    },
    {
      id: other,
      kind: second[0],
      options: second[1],
      start: after(one, "active"),
      end: healedFirst === "first" ? after(one, "healed") : { afterMs: 0 },
    },
  ];
}

function activeProbe(moments: readonly FaultMoment[], id: string): { ok?: boolean; saw?: string } {
  return moments.find(({ fault, stage }) => fault === id && stage === "active")?.probe ?? {};
}

/** All kinds that do something to one server, with their options; the target comes on top. */
const ON_SERVERS: readonly Step[] = [
  ["pause", {}],
  ["kill", { keepData: true }],
  ["shutdown", {}],
  ["power-loss", {}],
  ["truncate-aof", { bytes: 1 }],
  ["disk-full", {}],
  ["read-only-disk", {}],
  ["clock-jump", { offsetMs: 5_000 }],
  ["clock-drift", { ratePpm: 500_000 }],
  ["clock-strobe", { offsetMs: 5_000, periodMs: 50 }],
  ["client-kill", {}],
  ["client-pause", { ms: 1_000 }],
  ["script-flush", {}],
  ["evict", {}],
  ["debug-sleep", { ms: 500 }],
  ["active-expire", {}],
  ["command", { command: ["PING"] }],
];
/** What a stopped process can still be struck by. */
const REACH_STOPPED = ["kill", "power-loss", "truncate-aof"];

describe("of a server", () => {
  const withTarget = ([kind, options]: Step, target: string): Step => [kind, { ...options, target }];

  describe.each([
    { first: ["kill", { keepData: true }] as Step, reach: [] as readonly string[] },
    { first: ["pause", {}] as Step, reach: REACH_STOPPED },
  ])("under $first.0", ({ first, reach }) => {
    it.concurrent.each(["first", "second"] as const)(
      "every other kind ends in a verdict, the %s one healed first",
      async (healedFirst) => {
        const names = ON_SERVERS.map((_, i) => `n${i + 1}`);
        await using test = await openFaultContext({ nodes: names, clients: [], config: ["appendonly yes"] });
        // An append-only file with something to cut off.
        for (const name of names) await test.node(name).command("SET", "k", "v");
        const ends = await Promise.all(
          ON_SERVERS.map(async (second, i) => {
            const [one, other] = [withTarget(first, names[i] ?? ""), withTarget(second, names[i] ?? "")];
            const moments = await play(test, overlapping(one, other, healedFirst));
            return [second[0], activeProbe(moments, `${second[0]}-second`), moments.length] as const;
          }),
        );
        for (const [kind, probe, count] of ends) {
          expect(probe.ok, `${kind}: ${probe.saw}`).toBe(reach.includes(kind));
          expect(count, kind).toBe(8);
        }
        for (const name of names) {
          expect(await test.node(name).state(), name).toBe("running");
          expect(await test.node(name).command("PING"), name).toBe("PONG");
        }
      },
    );
  });

  it("a second end is refused in words, and the first one heals", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [] });
    const kill: Step = ["kill", { target: "n1" }];
    const moments = await play(test, overlapping(kill, kill, "second"));
    expect(activeProbe(moments, "kill-second")).toMatchObject({
      ok: false,
      saw: expect.stringContaining("refused: n1 was down already"),
    });
    expect(moments.find(({ fault, stage }) => fault === "kill-first" && stage === "healed")?.probe?.ok).toBe(true);
  });

  it("a disk that is full does not bring back whom another fault keeps down", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [] });
    const kill: Step = ["kill", { target: "n1", keepData: true }];
    const moments = await play(test, overlapping(["disk-full", { target: "n1" }], kill, "first"));
    const healed = moments.filter(({ stage }) => stage === "healed");
    expect(healed.map(({ fault, probe }) => [fault, probe?.ok])).toEqual([
      ["disk-full-first", false],
      ["kill-second", true],
    ]);
  });

  it("a server that does not start again is seen not to be back, and nothing is thrown", async () => {
    await using test = await openFaultContext({
      nodes: ["n1"],
      clients: [],
      config: ["appendonly yes", "aof-load-truncated no", "aof-use-rdb-preamble no"],
    });
    await test.node("n1").command("SET", "k", "v");
    const moments = await play(test, [
      { id: "torn", kind: "truncate-aof", options: { target: "n1", bytes: 3 }, start: {}, end: { afterMs: 0 } },
    ]);
    expect(moments.at(-1)).toMatchObject({
      stage: "healed",
      probe: { ok: false, saw: expect.stringMatching(/refused: n1 \(port \d+\) ended while starting/) },
    });
  });

  it("a clock that is waited for may be the one of a server that is down for a while", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: [] });
    const moments = await play(test, [
      { id: "kill", kind: "kill", options: { target: "n1" }, start: {}, end: { afterMs: 400 } },
      {
        id: "later",
        kind: "command",
        options: { target: "n1", command: ["PING"] },
        start: { after: { fault: "kill", stage: "active" }, on: { clock: "n1", passesMs: 100 } },
      },
    ]);
    expect(activeProbe(moments, "later")).toMatchObject({ ok: true });
  });
});

describe("of a worker", () => {
  const SECOND: readonly Step[] = [
    ["pause", {}],
    ["kill", {}],
    ["shutdown", {}],
    ["stall", { ms: 200 }],
    ["clock-jump", { offsetMs: 5_000 }],
  ];

  it.each(["kill", "pause"])("every other kind ends in a verdict under %s", async (kind) => {
    await Promise.all(
      SECOND.map(async ([second, options]) => {
        await using started = await startPlainWorker("w1");
        await started.worker.clockOffsetMs();
        await using test = await openFaultContext({ nodes: ["n1"], clients: [], workers: [started.worker] });
        const target = "w1";
        const faults = overlapping([kind, { target }], [second, { ...options, target }], "second");
        const moments = await play(test, faults);
        const probe = activeProbe(moments, `${second}-second`);
        expect(probe.ok, `${second}: ${probe.saw}`).toBe(kind === "pause" && second === "kill");
        expect(moments).toHaveLength(8);
        expect(started.worker.state()).toBe(kind === "kill" || second === "kill" ? "dead" : "running");
      }),
    );
  });
});

describe("of a topology", () => {
  it.concurrent.each(["kill", "pause"])("orders to a member of a Cluster under %s", async (kind) => {
    await using test = await openSystemContext({ kind: "cluster", options: { spares: 1 } });
    const orders: readonly (readonly [target: string, ...Step])[] = [
      ["n4", "cluster-failover", { target: "n4" }],
      ["n7", "add-node", { target: "n7" }],
      ["n5", "remove-node", { target: "n5" }],
      ["n6", "cluster-packet-filter", { target: "n6", withinMs: 0 }],
    ];
    for (const [target, order, options] of orders) {
      const moments = await play(test, overlapping([kind, { target, keepData: true }], [order, options], "first"));
      const probe = activeProbe(moments, `${order}-second`);
      expect(probe.ok, `${order}: ${probe.saw}`).toBe(false);
      expect(moments, order).toHaveLength(8);
    }
  });

  it.each(["kill", "pause"])("orders to a sentinel under %s", async (kind) => {
    await using test = await openSystemContext({ kind: "sentinel", options: {} });
    const orders: readonly Step[] = [
      ["sentinel-failover", { via: "s1" }],
      ["sentinel-crash", { among: ["s1"], withinMs: 0 }],
    ];
    for (const second of orders) {
      const moments = await play(test, overlapping([kind, { target: "s1", keepData: true }], second, "first"));
      const probe = activeProbe(moments, `${second[0]}-second`);
      expect(probe.ok, `${second[0]}: ${probe.saw}`).toBe(false);
      expect(moments, second[0]).toHaveLength(8);
    }
  });

  it("a move of slots whose servers are all down waits for somebody to move them", async () => {
    await using test = await openSystemContext({ kind: "cluster", options: { replicasEach: 0 } });
    const moments = await play(test, [
      { id: "all", kind: "kill", options: { target: "servers", keepData: true }, start: {}, end: { afterMs: 500 } },
      {
        id: "move",
        kind: "slot-migration",
        options: { key: "k" },
        start: { after: { fault: "all", stage: "active" } },
        end: { afterMs: 0 },
      },
    ]);
    expect(moments.filter(({ fault }) => fault === "move").map(({ stage }) => stage)).toEqual([
      "inject",
      "active",
      "heal",
      "healed",
    ]);
  });
});
