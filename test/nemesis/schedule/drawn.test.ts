/** Schedules that are drawn: within the load, never more at a time than asked for, and the same for the same seed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../history/operation.ts";
import type { FaultPlan, SystemPlan } from "../../../history/plan.ts";
import { seededRandom } from "../../../history/random.ts";
import { optionNames, optionType, wantedInstead } from "../../../nemesis/fault-options.ts";
import { faultProblems } from "../../../nemesis/fault-problems.ts";
import { FAULT_KINDS, faultKind } from "../../../nemesis/registry.ts";
import { faultsFor } from "../../../nemesis/schedule/catalogue.ts";
import type { Scene } from "../../../nemesis/schedule/catalogue.ts";
import { formatSchedule } from "../../../nemesis/schedule/format.ts";
import { unknownNames } from "../../../nemesis/schedule/names.ts";
import { parseSchedule } from "../../../nemesis/schedule/parse.ts";
import { seededSchedule } from "../../../nemesis/schedule/seeded.ts";
import type { ScheduledKind, SeededOptions } from "../../../nemesis/schedule/seeded.ts";
import { swarmSchedule } from "../../../nemesis/schedule/swarm.ts";
import { systemOf } from "../../../systems/registry.ts";

interface Span {
  readonly fault: FaultPlan;
  readonly from: number;
  readonly to: number;
}

/** When each fault is planned to act, where every fault acts and heals without delay. */
function spansOf(faults: readonly FaultPlan[]): Span[] {
  const spans = new Map<string, Span>();
  for (const fault of faults) {
    const { after, afterMs = 0 } = fault.start;
    const from = (after === undefined ? 0 : (spans.get(after.fault)?.to ?? NaN)) + afterMs;
    spans.set(fault.id, { fault, from, to: from + (fault.end?.afterMs ?? NaN) });
  }
  return [...spans.values()];
}

const nameOf = ({ id }: FaultPlan): string => id.replace(/-\d+$/, "");

const kind = (name: string, more: Partial<ScheduledKind> = {}): ScheduledKind => ({
  name,
  kind: "pause",
  options: () => ({ target: "w1" }),
  weight: 1,
  durationMs: [100, 500],
  lane: name,
  ...more,
});

const kinds = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c", "d"),
      weight: fc.integer({ min: 1, max: 5 }),
      shortest: fc.integer({ min: 1, max: 1_000 }),
      more: fc.nat(2_000),
      lane: fc.constantFrom("servers", "clients", "others"),
    }),
    { minLength: 1, selector: ({ name }) => name },
  )
  .map((all) =>
    all.map(({ name, weight, shortest, more, lane }) =>
      kind(name, { weight, durationMs: [shortest, shortest + more], lane }),
    ),
  );

const settings: fc.Arbitrary<Omit<SeededOptions, "random">> = fc.record({
  kinds,
  meanGapMs: fc.integer({ min: 1, max: 2_000 }),
  atMost: fc.integer({ min: 1, max: 4 }),
  loadMs: fc.integer({ min: 1, max: 20_000 }),
});

const draw = (options: Omit<SeededOptions, "random">, seed: number): FaultPlan[] =>
  seededSchedule({ ...options, random: seededRandom(seed) });

describe("a seeded schedule", () => {
  it("keeps the load's last quarter quiet, its cap, lanes and durations, and its seed", () => {
    fc.assert(
      fc.property(settings, fc.integer({ min: 1 }), (options, seed) => {
        const faults = draw(options, seed);
        expect(draw(options, seed)).toEqual(faults);
        expect(new Set(faults.map(({ id }) => id)).size).toBe(faults.length);
        const spans = spansOf(faults);
        for (const { fault, from, to } of spans) {
          const drawnFrom = options.kinds.find(({ name }) => name === nameOf(fault));
          expect(from).toBeGreaterThan(0);
          expect(to).toBeLessThanOrEqual(Math.ceil(0.75 * options.loadMs));
          expect(to - from).toBeGreaterThanOrEqual(drawnFrom?.durationMs[0] ?? NaN);
          expect(to - from).toBeLessThanOrEqual(drawnFrom?.durationMs[1] ?? NaN);
          const others = spans.filter((other) => other.from <= from && other.to >= from);
          expect(others.length).toBeLessThanOrEqual(options.atMost);
          const laneOf = (span: Span): string | undefined =>
            options.kinds.find(({ name }) => name === nameOf(span.fault))?.lane;
          expect(others.filter((other) => laneOf(other) === drawnFrom?.lane)).toHaveLength(1);
        }
      }),
    );
  });

  it("lets the faults of a lane wait for each other", () => {
    const faults = draw({ kinds: [kind("a"), kind("b", { lane: "a" })], meanGapMs: 100, atMost: 3, loadMs: 5_000 }, 1);
    expect(faults.length).toBeGreaterThan(3);
    expect(faults[0]?.start.after).toBeUndefined();
    for (const [i, { start }] of faults.entries())
      if (i > 0) expect(start.after).toEqual({ fault: faults[i - 1]?.id, stage: "healed" });
  });

  it("draws by weight, and so often as asked for", () => {
    const loadMs = 1_000_000;
    const short = { durationMs: [1, 1] as const };
    const faults = draw(
      { kinds: [kind("rare", short), kind("frequent", { ...short, weight: 4 })], meanGapMs: 500, atMost: 9, loadMs },
      1,
    );
    expect(faults.length).toBeGreaterThan(1_350);
    expect(faults.length).toBeLessThan(1_650);
    const share = faults.filter((fault) => nameOf(fault) === "frequent").length / faults.length;
    expect(share).toBeGreaterThan(0.75);
    expect(share).toBeLessThan(0.85);
  });

  it.each([
    [{ kinds: [] }, /at least one kind/],
    [{ kinds: [kind("a"), kind("a")] }, /different names/],
    [{ meanGapMs: 0 }, /meanGapMs must be a whole number from 1 on, not 0/],
    [
      { kinds: [kind("a", { durationMs: [9, 3] })] },
      /the longest duration of a must be a whole number from 9 on, not 3/,
    ],
  ])("refuses what makes no sense: %o", (wrong, message) => {
    expect(() => draw({ kinds: [kind("a")], meanGapMs: 10, atMost: 1, loadMs: 10, ...wrong }, 1)).toThrow(message);
  });
});

describe("a swarm", () => {
  const all = ["a", "b", "c", "d", "e"].map((name) => kind(name));
  const swarm = (seed: number): ReturnType<typeof swarmSchedule> =>
    swarmSchedule({ kinds: all, loadMs: 8_000, random: seededRandom(seed) });
  const seeds = Array.from({ length: 200 }, (_, i) => i + 1);

  it("turns on a subset for each seed, which its description names, and always has faults", () => {
    const subsets = seeds.map((seed) => {
      const { faults, description } = swarm(seed);
      expect(faults.length).toBeGreaterThan(0);
      const named = /kinds of faults \((.*)\), one every/.exec(description)?.[1]?.split(", ") ?? [];
      for (const fault of faults) expect(named).toContain(nameOf(fault));
      expect(description).toContain(`${named.length} of 5 kinds`);
      return named.join(" ");
    });
    // All 31 subsets, unless one in hundreds is missed.
    expect(new Set(subsets).size).toBeGreaterThan(25);
  });

  it("is the same for the same seed", () => {
    for (const seed of seeds) expect(swarm(seed)).toEqual(swarm(seed));
  });
});

const DURABLE = ["appendonly yes", "appendfsync always"];
const SYSTEMS: readonly SystemPlan[] = [
  { kind: "single", options: {} },
  { kind: "single", options: { config: DURABLE } },
  { kind: "independent", options: { nodes: 5, config: DURABLE } },
  { kind: "independent", options: { nodes: 1 } },
  { kind: "sentinel", options: { replicas: 1 } },
  { kind: "cluster", options: { primaries: 3, replicasEach: 2 } },
];
const workers = ["w1", "w2", "w3"];

describe("the catalogue", () => {
  const drawnFor = (scene: Omit<Scene, "clients">, seed: number): FaultPlan[] =>
    seededSchedule({
      kinds: faultsFor({ ...scene, clients: workers }),
      meanGapMs: 200,
      atMost: 3,
      loadMs: 300_000,
      random: seededRandom(seed),
    });

  it.each(SYSTEMS.map((system) => [`${system.kind} ${JSON.stringify(system.options)}`, system] as const))(
    "of %s has only faults that it can have",
    (_name, system) => {
      const nodes = systemOf(system).specs.map(({ name }) => name);
      for (const seed of [1, 2, 3]) {
        const faults = drawnFor({ system, clocks: true }, seed);
        expect(new Set(faults.map(nameOf)).size).toBe(faultsFor({ system, clients: workers, clocks: true }).length);
        expect(unknownNames(faults, { nodes, workers })).toEqual([]);
        // Each option is one that the kind has.
        expect(parseSchedule(formatSchedule(faults))).toEqual(faults);
      }
    },
  );

  it("kills servers only where they keep what they acknowledged, and moves clocks only where it is asked to", () => {
    const names = (scene: Omit<Scene, "clients">): string[] =>
      faultsFor({ ...scene, clients: workers }).map(({ name }) => name);
    const [volatile, durable] = SYSTEMS as [SystemPlan, SystemPlan];
    expect(names({ system: volatile })).not.toContain("kill-server");
    expect(names({ system: durable })).toContain("kill-server");
    expect(names({ system: durable })).not.toContain("clock-jump");
    expect(names({ system: durable, clocks: true })).toContain("clock-jump");
    for (const fault of drawnFor({ system: durable }, 4))
      if (fault.kind === "kill") expect(fault.options["keepData"]).toBe(true);
  });

  it("disturbs a minority of independent servers at a time", () => {
    const system: SystemPlan = { kind: "independent", options: { nodes: 5, config: DURABLE } };
    const struck = drawnFor({ system }, 5)
      .map(({ kind: what, options }) =>
        what === "partition" ? (options["groups"] as string[][])[0] : options["target"],
      )
      .filter((targets) => Array.isArray(targets));
    expect(struck.length).toBeGreaterThan(0);
    expect(struck.filter(({ length }) => length > 2)).toEqual([]);
  });
});

describe("names in a schedule", () => {
  const unknown = (text: string): string[] =>
    unknownNames(parseSchedule(text), { nodes: ["n1", "n2"], workers }).map(({ name }) => name);

  it("are known when they are nodes, workers, or words for them", () => {
    expect(
      unknown(`at 1s: pause w1,holder:lock:a,minority of replicas,majority
        on acquire by w2 from n1: partition n1,w1 | rest
        when another becomes primary: link workers -> owner:k drop
        when w3 counts 4s: pause w1 until when n2 counts 4s
        when w3 reaches granted: partition isolate-node node=n2 with w1`),
    ).toEqual([]);
  });

  it("are told when they are not", () => {
    expect(
      unknown(`at 1s: pause w9,most of replicas
        on acquire by w8 from n8: partition n7 | rest
        when n6 becomes primary: link rest -> n1 drop
        when n5 counts 4s: pause w1
        when w7 reaches granted: pause w1`),
    ).toEqual(["w9", "most of replicas", "w8", "n8", "n7", "n6", "rest", "n5", "w7"]);
  });
});

describe("declared options", () => {
  it("are registered under the name that the kind has", () => {
    for (const name of FAULT_KINDS) expect(faultKind(name).kind).toBe(name);
  });

  it("are those that the kind takes", () => {
    for (const name of ["link", "partition", "flaky"]) {
      const declared = faultKind(name).options;
      expect(optionNames(declared).map((each) => optionType(declared, each))).not.toContain(undefined);
    }
  });

  it.each([
    ["kill", "target", [], "a name or a list of names"],
    ["stall", "ms", "1", "a number"],
    ["kill", "keepData", 1, "true or false"],
    ["evict", "policy", 1, "a text"],
    ["flaky", "openMs", [1, 2, 3], "a whole number or a range [lowest,highest]"],
    ["command", "command", [1], "a text or a list of texts"],
    ["partition", "groups", [["n1"]], "a list of at least two lists of names"],
    ["flaky", "how", "c", "one of down, hold"],
    ["slot-migration", "slots", [], 'a slot, a range such as "0-99", or a list of both'],
    ["pause", "seed", "1", "a number"],
  ] as const)("of %s: %s is not %o", (kind, name, value, wanted) => {
    expect(wantedInstead(faultKind(kind).options, name, value as Json)).toBe(wanted);
  });

  it("take all that the kinds of packets and slots read, and nothing else", () => {
    const fault = (kind: string, options: FaultPlan["options"]): FaultPlan => ({ id: "it", kind, options, start: {} });
    expect(faultProblems([fault("packet-drop", { target: "n1", peers: "n2", direction: "incoming" })])).toEqual([]);
    expect(faultProblems([fault("packet-drop", { target: "n1", dirction: "incoming" })])[0]).toMatch(/"dirction"/);
    expect(faultProblems([fault("slot-migration", { slots: ["0-9", 12], from: "n1", to: "n2" })])).toEqual([]);
    expect(faultProblems([fault("slot-migration", { slot: 1 })])[0]).toMatch(/"slot"/);
  });
});
