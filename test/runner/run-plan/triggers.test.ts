/** Faults that wait for what happens in the run, on real servers with real clients. */
import { describe, expect, it } from "vitest";
import { faultMoment } from "../../../history/nemesis-event.ts";
import type { FaultMoment } from "../../../history/nemesis-event.ts";
import type { History } from "../../../history/history.ts";
import type { FaultPlan, Plan } from "../../../history/plan.ts";
import { historyOfPlan } from "../../support/history-of-plan.ts";

function locks(faults: readonly FaultPlan[], more: Partial<Plan> = {}): Plan {
  return {
    version: 1,
    campaign: "test",
    title: "Locks",
    description: "Clients and one lock.",
    seed: 3,
    system: { kind: "single", options: {} },
    workload: "lock",
    options: { lock: "simple", ttlMs: 1_000 },
    profile: "raw",
    workers: [
      { name: "w1", role: "client", seed: 1, options: {} },
      { name: "w2", role: "client", seed: 2, options: {} },
      { name: "reader", role: "reader", seed: 3, options: {} },
    ],
    loadMs: 800,
    settleMs: 0,
    faults,
    claims: [],
    ...more,
  };
}

async function run(plan: Plan): Promise<{ history: History; moments: FaultMoment[] }> {
  const history = await historyOfPlan(plan);
  return { history, moments: history.nemesis.flatMap((event) => faultMoment(event) ?? []) };
}

describe("a fault's moment", () => {
  it("may be an event of the history, with a delay after it, for its start and its end", async () => {
    const { history, moments } = await run(
      locks([
        {
          id: "pause",
          kind: "pause",
          options: { target: "w1" },
          start: { on: { event: "acquire", occurrence: 5 }, afterMs: 30 },
          end: { on: { event: "acquire", worker: "w2", type: "invoke" } },
        },
      ]),
    );
    const inject = history.nemesis.find((event) => faultMoment(event)?.stage === "inject");
    const grants = history.events.filter((event) => event.f === "acquire" && event.type === "ok");
    expect((inject?.time ?? 0) - (grants[4]?.time ?? 0)).toBeGreaterThan(29e6);
    expect(moments.map(({ stage }) => stage)).toEqual(["inject", "active", "heal", "healed"]);
    const fifth = grants[4];
    expect(moments[0]?.trigger).toBe(
      `30 ms later, ok acquire, time 5, of ${fifth?.worker} (process ${fifth?.process}) at ${((fifth?.time ?? 0) / 1e9).toFixed(3)} s`,
    );
    expect(moments[2]?.trigger).toMatch(/^invoke acquire by w2, of w2 \(process 1\) at \d+\.\d{3} s$/);
  });

  it("may be when a node becomes primary", async () => {
    const { moments } = await run(
      locks(
        [
          {
            id: "kill",
            kind: "kill",
            options: { target: "primary", keepData: true },
            start: { on: { event: "acquire" } },
          },
          {
            id: "leader",
            kind: "pause",
            // There is none until the failover begins, so the fault waits for it.
            options: { target: "leader-sentinel" },
            start: { after: { fault: "kill", stage: "active" } },
            end: { afterMs: 50 },
          },
          {
            id: "pause",
            kind: "pause",
            // Not a sentinel: the one that is paused above could be drawn, and a pause of who is stopped already is
            // refused.
            options: { target: "one of workers" },
            start: { on: { primary: "another" } },
            end: { afterMs: 50 },
          },
        ],
        { system: { kind: "sentinel", options: { downAfterMs: 2_000 } } },
      ),
    );
    const pause = moments.find(({ fault, stage }) => fault === "pause" && stage === "active");
    expect(pause?.probe?.ok).toBe(true);
    expect(pause?.target).toEqual([expect.stringMatching(/^(w\d|reader)$/)]);
    const leader = moments.find(({ fault, stage }) => fault === "leader" && stage === "active");
    expect(leader).toMatchObject({ target: [expect.stringMatching(/^s[123]$/)], probe: { ok: true } });
    const inject = moments.find(({ fault, stage }) => fault === "pause" && stage === "inject");
    expect(inject?.trigger).toMatch(/^n[23] became primary at/);
  });

  it("may be when a wall clock has gone on, which another fault moves", async () => {
    const { moments } = await run(
      locks([
        {
          id: "pause",
          kind: "pause",
          options: { target: "w1" },
          start: { at: { worker: "w1", point: "critical-section" } },
          end: { on: { clock: "reader", passesMs: 3_600_000 } },
        },
        {
          id: "jump",
          kind: "clock-jump",
          options: { target: "reader", offsetMs: 7_200_000 },
          start: { after: { fault: "pause", stage: "active" }, on: { clock: "reader", passesMs: 20 } },
          end: { after: { fault: "pause", stage: "healed" } },
        },
        {
          id: "slow",
          kind: "pause",
          options: { target: "w2" },
          start: { after: { fault: "jump", stage: "healed" } },
          end: { on: { clock: "n1", passesMs: 300 } },
        },
      ]),
    );
    const heal = (id: string) => moments.find(({ fault, stage }) => fault === id && stage === "heal")?.trigger;
    expect(heal("pause")).toMatch(/^7[12]\d{5} ms passed by the clock of reader until \d+\.\d{3} s$/);
    expect(heal("slow")).toMatch(/^\d+ ms passed by the clock of n1 until/);
  });

  it("may find its target only then: the holder of the lock", async () => {
    const { moments } = await run(
      locks([
        {
          id: "pause",
          kind: "pause",
          options: { target: "holder" },
          start: { at: { worker: "w2", point: "critical-section" } },
          end: { afterMs: 10 },
        },
      ]),
    );
    expect(moments[0]?.target).toEqual(["w2"]);
  });

  it("may lie between the replies of a majority and the first guarded write", async () => {
    const { history, moments } = await run(
      locks(
        [
          {
            id: "pause",
            kind: "pause",
            options: { target: "w1" },
            start: { at: { worker: "w1", point: "granted" } },
            end: { afterMs: 1_200 },
          },
        ],
        { system: { kind: "independent", options: { nodes: 3 } }, options: { lock: "redlock", ttlMs: 1_000 } },
      ),
    );
    expect(moments.map(({ stage, probe }) => [stage, probe?.ok])).toEqual([
      ["inject", undefined],
      ["active", true],
      ["heal", undefined],
      ["healed", true],
    ]);
    const own = history.events.filter((event) => event.worker === "w1");
    const injected = history.nemesis.find((event) => faultMoment(event)?.stage === "inject")?.time ?? 0;
    const grant = own.find((event) => event.f === "acquire" && event.type === "ok");
    expect(grant?.time).toBeLessThan(injected);
    // It was stopped for longer than the lock was valid, and has noticed: nothing was written under that grant.
    const key = (grant?.value as { grant: string } | undefined)?.grant;
    expect(own.filter((event) => event.f === "write" && (event.value as { grant: string }).grant === key)).toEqual([]);
  });
});
