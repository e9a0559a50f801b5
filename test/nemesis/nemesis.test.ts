/**
 * The executor alone: the order of moments, what waits for what, and what happens at the end of the load. Its faults
 * act on real servers elsewhere.
 */
import { describe, expect, it } from "vitest";
import type { FaultMoment } from "../../history/nemesis-event.ts";
import type { FaultPlan } from "../../history/plan.ts";
import type { Arrival, Barriers, Unreachable } from "../../nemesis/barriers.ts";
import { describeMoment, Nemesis } from "../../nemesis/nemesis.ts";
import { openFaultContext } from "../support/fault-context.ts";
import type { TestContext } from "../support/fault-context.ts";

interface Stage {
  readonly moments: FaultMoment[];
  /** When each of them was recorded, in milliseconds. */
  readonly times: number[];
  readonly loadEnd: AbortController;
  readonly nemesis: Nemesis;
  /** Lets a worker arrive where a fault waits for it; resolves when it may go on. */
  arrive(worker: string, point: string): Promise<void>;
  /** The worker will never get there. */
  exclude(worker: string, point: string, why: string): void;
}

function stage(test: TestContext, faults: readonly FaultPlan[], loadMs = 0): Stage {
  const moments: FaultMoment[] = [];
  const times: number[] = [];
  const loadEnd = new AbortController();
  const armed = new Map<string, PromiseWithResolvers<Arrival | Unreachable>>();
  const place = (key: string): PromiseWithResolvers<Arrival | Unreachable> => {
    const known = armed.get(key) ?? Promise.withResolvers<Arrival | Unreachable>();
    armed.set(key, known);
    return known;
  };
  const barriers: Barriers = { arm: (worker, point) => place(`${worker} ${point}`).promise };
  const nemesis = new Nemesis({
    faults,
    context: test.context,
    barriers,
    loadEnd: loadEnd.signal,
    loadMs,
    record: (_kind, moment) => {
      moments.push(moment);
      times.push(performance.now());
    },
  });
  return {
    moments,
    times,
    loadEnd,
    nemesis,
    arrive: (worker, point) => new Promise((proceed) => place(`${worker} ${point}`).resolve({ proceed })),
    exclude: (worker, point, why) => place(`${worker} ${point}`).resolve({ unreachable: why }),
  };
}

const told = (moments: readonly FaultMoment[]): string[] => moments.map(({ fault, stage: name }) => `${fault} ${name}`);
const hold = (from: string): Pick<FaultPlan, "kind" | "options"> => ({
  kind: "link",
  options: { from, to: "n1", how: "hold" },
});

describe("Nemesis", () => {
  it("keeps a waiting worker until the fault has acted and been probed", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const { moments, nemesis, arrive } = stage(test, [
      { id: "a", ...hold("w1"), start: { at: { worker: "w1", point: "p" } }, end: { afterMs: 10 } },
    ]);
    const run = nemesis.run();
    await arrive("w1", "p");
    expect(told(moments).slice(0, 2)).toEqual(["a inject", "a active"]);
    expect(moments[1]?.probe?.ok).toBe(true);
    await run;
    expect(told(moments)).toEqual(["a inject", "a active", "a heal", "a healed"]);
    expect(moments[0]?.trigger).toBe("w1 at p");
  });

  it("keeps it until another fault has healed, when asked to", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
    const { moments, nemesis, arrive } = stage(test, [
      {
        id: "a",
        ...hold("w1"),
        start: { at: { worker: "w1", point: "p", holdUntilHealed: "a" } },
        end: { at: { worker: "w2", point: "q" } },
      },
    ]);
    const run = nemesis.run();
    let gone = false;
    const waiting = arrive("w1", "p").then(() => (gone = true));
    await expect.poll(() => told(moments)).toContain("a active");
    expect(gone).toBe(false);
    await arrive("w2", "q");
    await waiting;
    expect(told(moments)).toEqual(["a inject", "a active", "a heal", "a healed"]);
    await run;
  });

  it("lets workers meet: nobody goes on before all are there and the fault has acted", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
    const { moments, nemesis, arrive } = stage(test, [
      {
        id: "a",
        ...hold("w1"),
        start: { at: { worker: "w1", point: "p" }, and: [{ worker: "w2", point: "q", holdUntilHealed: "a" }] },
        end: { at: { worker: "w1", point: "r" } },
      },
    ]);
    const run = nemesis.run();
    const gone: string[] = [];
    const first = arrive("w1", "p").then(() => gone.push("w1"));
    // Whatever may be done at once has been done by then.
    await new Promise((resolve) => setImmediate(resolve));
    expect([gone, told(moments)]).toEqual([[], []]);
    const second = arrive("w2", "q").then(() => gone.push("w2"));
    await first;
    expect(told(moments)).toEqual(["a inject", "a active"]);
    expect(moments[0]?.trigger).toBe("w1 at p, w2 at q");
    expect(gone).toEqual(["w1"]);
    await arrive("w1", "r");
    await second;
    expect(told(moments)).toEqual(["a inject", "a active", "a heal", "a healed"]);
    await run;
  });

  it("waits for nothing that never comes, nor do the faults that wait for it, and nobody is kept", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
    const { moments, nemesis, arrive, exclude } = stage(test, [
      { id: "a", ...hold("w1"), start: { at: { worker: "w1", point: "p" }, and: [{ worker: "w2", point: "q" }] } },
      { id: "b", ...hold("w2"), start: { after: { fault: "a", stage: "healed" }, afterMs: 60_000 } },
      {
        id: "c",
        ...hold("w2"),
        start: { at: { worker: "w2", point: "r", holdUntilHealed: "b" } },
        end: { afterMs: 1 },
      },
      { id: "d", ...hold("w2"), start: {}, end: { after: { fault: "b", stage: "active" } } },
    ]);
    const run = nemesis.run();
    const kept = [arrive("w1", "p"), arrive("w2", "r")];
    exclude("w2", "q", "w2 cannot");
    await Promise.all(kept);
    await run;
    const reason = "w1 at p, w2 at q never comes: w2 cannot";
    expect(moments).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ fault: "a", stage: "not-fired", reason, impossible: true }),
        expect.objectContaining({ fault: "b", stage: "not-fired", reason, impossible: true }),
        expect.objectContaining({ fault: "c", stage: "healed" }),
      ]),
    );
    expect(told(moments)).toContain("d active");
    expect(told(moments)).not.toContain("d heal");
    await nemesis.healAll();
  });

  it("starts a fault after another one", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1", "w2"] });
    const { moments, nemesis } = stage(test, [
      { id: "b", ...hold("w2"), start: { after: { fault: "a", stage: "healed" } }, end: { afterMs: 0 } },
      { id: "a", ...hold("w1"), start: { afterMs: 5 }, end: { afterMs: 5 } },
    ]);
    await nemesis.run();
    expect(told(moments)).toEqual([
      "a inject",
      "a active",
      "a heal",
      "a healed",
      "b inject",
      "b active",
      "b heal",
      "b healed",
    ]);
  });

  it("leaves as much time after a fault as the plan does, however late the fault is", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const { moments, times, nemesis } = stage(test, [{ id: "a", ...hold("w1"), start: {}, end: { afterMs: 10 } }], 310);
    await nemesis.run();
    expect(told(moments).at(-1)).toBe("a healed");
    // Timers of Node.js may be a millisecond early.
    expect(performance.now() - (times.at(-1) ?? Infinity)).toBeGreaterThanOrEqual(299);
  });

  it("at the end of the load heals what is active, tells what never came, and lets everybody go on", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const { moments, loadEnd, nemesis, arrive } = stage(test, [
      { id: "stays", ...hold("w1"), start: { at: { worker: "w1", point: "p", holdMs: 3_600_000 } } },
      { id: "never", ...hold("w1"), start: { at: { worker: "w1", point: "nowhere" } } },
    ]);
    const run = nemesis.run();
    const waiting = arrive("w1", "p");
    await expect.poll(() => told(moments)).toContain("stays active");
    loadEnd.abort();
    await run;
    await nemesis.healAll();
    await waiting;
    expect(told(moments)).toEqual(expect.arrayContaining(["stays heal", "stays healed", "never not-fired"]));
    // Who arrives too late is not kept.
    await arrive("w1", "nowhere");
  });

  it("fails on a fault that does not exist", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const { nemesis } = stage(test, [{ id: "a", kind: "earthquake", options: {}, start: { afterMs: 0 } }]);
    await expect(nemesis.run()).rejects.toThrow(/there is no fault "earthquake"; there are pause, .*kill, link/);
  });
});

describe("a moment that never comes", () => {
  it("is told, with what was missing", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const { moments, nemesis, loadEnd } = stage(test, [
      { id: "event", ...hold("w1"), start: { on: { event: "release", type: "fail", worker: "w1" } } },
      { id: "promotion", ...hold("w1"), start: { on: { primary: "n1" } } },
      { id: "nobody", kind: "pause", options: { target: "holder:other" }, start: { afterMs: 1 } },
    ]);
    const run = nemesis.run();
    loadEnd.abort();
    await run;
    expect(moments.map(({ fault, stage: name, reason }) => `${fault} ${name}: ${reason}`).sort()).toEqual([
      "event not-fired: the load ended before fail release by w1",
      "nobody not-fired: the load ended before 1 ms passed",
      "promotion not-fired: the load ended before n1 becomes primary",
    ]);
  });

  it("includes that nobody was there whom the fault could strike", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const asked = Promise.withResolvers<void>();
    const context = {
      ...test.context,
      history: { ...test.context.history, holder: () => asked.resolve() as undefined },
    };
    const { moments, nemesis, loadEnd } = stage({ ...test, context }, [
      { id: "nobody", kind: "pause", options: { target: "holder:other" }, start: { afterMs: 1 } },
    ]);
    const run = nemesis.run();
    await asked.promise;
    loadEnd.abort();
    await run;
    expect(moments).toMatchObject([{ stage: "not-fired", reason: 'until the load ended, nobody holds "other"' }]);
  });

  it("is refused when it names a node that is not there", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const { nemesis } = stage(test, [{ id: "a", ...hold("w1"), start: { on: { primary: "n9" } } }]);
    await expect(nemesis.run()).rejects.toThrow(/waits for "n9" to become primary; the nodes of this run are n1/);
  });
});

describe("describeMoment", () => {
  it("puts moments into words", () => {
    expect(describeMoment({ afterMs: 300 })).toBe("300 ms passed");
    expect(
      describeMoment({
        after: { fault: "cut", stage: "active" },
        afterMs: 20,
        at: { worker: "w1", point: "critical-section", occurrence: 2 },
      }),
    ).toBe("w1 at critical-section, time 2, 20 ms later, after cut was active");
  });
});
