/**
 * Schedules as text: what the words mean, that they survive being written and read, and that a mistake is named with
 * its place and remedy.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../history/operation.ts";
import type { FaultPlan, Moment, Sighting } from "../../../history/plan.ts";
import { optionNames, optionType, requiredOptions } from "../../../nemesis/fault-options.ts";
import type { OptionType } from "../../../nemesis/fault-options.ts";
import { FAULT_KINDS, faultKind } from "../../../nemesis/registry.ts";
import { formatFault, formatSchedule } from "../../../nemesis/schedule/format.ts";
import { parseSchedule } from "../../../nemesis/schedule/parse.ts";
import { ScheduleError } from "../../../nemesis/schedule/schedule-error.ts";

const pauseW1 = { kind: "pause", options: { target: "w1" } };

describe("a schedule", () => {
  it.each<[string, Partial<FaultPlan>]>([
    [
      "at 3s: pause holder for 4s",
      { id: "pause", options: { target: "holder" }, start: { afterMs: 3_000 }, end: { afterMs: 4_000 } },
    ],
    [
      "at 500ms: partition isolate-primary with w1,w2 how=hold for 2s",
      {
        kind: "partition",
        options: { shape: "isolate-primary", with: ["w1", "w2"], how: "hold" },
        start: { afterMs: 500 },
        end: { afterMs: 2_000 },
      },
    ],
    [
      "on acquire #5 +200ms: kill n1 keepData=true for 1s",
      {
        kind: "kill",
        options: { target: "n1", keepData: true },
        start: { on: { event: "acquire", occurrence: 5 }, afterMs: 200 },
        end: { afterMs: 1_000 },
      },
    ],
    [
      "when n2 becomes primary: link w1 -> n2 drop until healed",
      {
        kind: "link",
        options: { from: "w1", to: "n2", direction: "forth", how: "drop" },
        start: { on: { primary: "n2" } },
      },
    ],
    [
      "at 1s: kill n1 until when w2 counts 4s",
      {
        kind: "kill",
        options: { target: "n1" },
        start: { afterMs: 1_000 },
        end: { on: { clock: "w2", passesMs: 4_000 } },
      },
    ],
    [
      "slow: at 0ms: link workers <-> nodes latency latencyMs=20ms jitterMs=5",
      {
        id: "slow",
        options: { from: "workers", to: "nodes", how: "latency", latencyMs: 20, jitterMs: 5 },
        start: { afterMs: 0 },
      },
    ],
    [
      "when w1 reaches critical-section #2 holding 300ms: pause w1 for 3s",
      {
        ...pauseW1,
        start: { at: { worker: "w1", point: "critical-section", occurrence: 2, holdMs: 300 } },
        end: { afterMs: 3_000 },
      },
    ],
    [
      "on fail write by w2 from n1 when w1 reaches granted: pause w1 until on release by w2",
      {
        ...pauseW1,
        start: {
          on: { event: "write", type: "fail", worker: "w2", node: "n1" },
          at: { worker: "w1", point: "granted" },
        },
        end: { on: { event: "release", worker: "w2" } },
      },
    ],
    [
      "at 1s: kill minority of replicas,holder:lock:a for 1s",
      { options: { target: ["minority of replicas", "holder:lock:a"] } },
    ],
    ["at 1s: partition n1,w1 | n2 | rest", { options: { groups: [["n1", "w1"], ["n2"], ["rest"]] } }],
    [
      'at 1s: partition groups=[["n1"],["rest"]] oneWay=true',
      { options: { groups: [["n1"], ["rest"]], oneWay: true } },
    ],
    [
      "at 1m: flaky w1 <- n1 hold seed=3 closedMs=[200,400] openMs=100",
      { options: { from: "w1", to: "n1", direction: "back", how: "hold", seed: 3, closedMs: [200, 400], openMs: 100 } },
    ],
    [
      "after pause healed +100ms: command n1 CONFIG SET maxmemory 10mb expect=OK; at 1s: pause w1",
      {
        kind: "command",
        options: { target: "n1", command: ["CONFIG", "SET", "maxmemory", "10mb"], expect: "OK" },
        start: { after: { fault: "pause", stage: "healed" }, afterMs: 100 },
      },
    ],
    ['at 1s: pause "w1" for 2s # why', pauseW1],
  ])("%s", (text, expected) => {
    expect(parseSchedule(text)[0]).toMatchObject(expected);
  });

  it("has steps that refer to each other, comments, semicolons, and names for those without", () => {
    const text = `# 1. cut
      cut: at 1s: partition isolate-node node=n1   # the first
      #2 nobody reads this
      after cut active +100ms: pause w1 for 1s; after pause healed: pause w2 until after cut healed
      ;;
    `;
    const faults = parseSchedule(text);
    expect(faults.map(({ id }) => id)).toEqual(["cut", "pause", "pause-2"]);
    expect(faults[2]).toEqual({
      id: "pause-2",
      kind: "pause",
      options: { target: "w2" },
      start: { after: { fault: "pause", stage: "healed" } },
      end: { after: { fault: "cut", stage: "healed" } },
    });
  });

  it("may be empty", () => {
    expect(parseSchedule("\n # nothing\n")).toEqual([]);
  });

  it("is written as it was read", () => {
    const text = [
      "cut: at 1s: partition isolate-primary hold with w1,w2 for 2s",
      "back: after cut healed +250ms: pause minority of replicas until when w1 reaches granted #2",
      "link: when another becomes primary: link w1 -> n2 drop",
      "stall: on invoke acquire by w1 #2: stall w1 ms=200 for 1500ms",
      "",
    ].join("\n");
    expect(formatSchedule(parseSchedule(text))).toBe(text);
  });
});

describe("a mistake in a schedule", () => {
  it.each([
    ["at 1s: puase w1", /line 1, column 8: there is no fault "puase" \(did you mean pause\?\); there are pause, stall/],
    [
      "at 1s: pause w1\nat 2s: kill n1 keepdata=true",
      /line 2, column 16: there is no option of kill "keepdata" \(did you mean keepData\?\)/,
    ],
    ["at 1s: kill n1 keepData=yes", /column 25: the option "keepData" of kill is true or false, not "yes"/],
    ["at 1s: link w1 -> n1 latncy", /column 22: the option "how" of link is one of hold, drop, .*, not "latncy"/],
    ["at 1s: stall w1", /column 8: stall needs "ms"/],
    ["at 1s: pause", /pause needs "target"/],
    ["at 1s: pause w1 w2", /column 17: "w2" has no meaning here; options are written name=value/],
    ["at 1s: pause w1 for 2", /column 21: "2" is not a duration such as 500ms/],
    ["at soon: pause w1", /column 4: "soon" is not a duration/],
    ["3s: pause w1", /there is no moment "pause"; there are at, on, when, after/],
    ["in 3s: pause w1", /column 1: there is no moment "in" \(did you mean on or at\?\)/],
    ["at 1s pause w1", /column 7: "pause" stands where ":" and then the fault should be/],
    ["at 1s: pause w1 for 1s then", /column 24: "then" stands where the end of the step should be/],
    ["when w1 becomes king: pause w1", /column 17: "king" stands where "primary" should be/],
    ["when w1 sleeps: pause w1", /"sleeps" stands where "reaches", "becomes primary" or "counts" should be/],
    ["on acquire #0: pause w1", /column 12: occurrences are counted from #1/],
    [
      "cut: at 1s: pause w1\nafter cit healed: pause w2",
      /line 2, column 7: there is no other fault "cit" \(did you mean cut\?\)/,
    ],
    ["cut: after cut healed: pause w1", /there is no other fault "cut"/],
    ["cut: at 1s: pause w1\ncut: at 2s: pause w1", /line 2, column 1: two steps have the name "cut"/],
    ["after x gone: pause w1", /there is no stage "gone"; there are active, healed/],
    ["at 1s: pause target=w1 target=w2", /column 24: the option "target" is given twice/],
    ['at 1s: pause "w1', /column 14: a text that begins with a quote must end with one/],
    ["at 1s: partition groups=[[n1]]", /column 25: \[\[n1\]\] is no JSON/],
    ["at 1s: partition groups=[", /this JSON value is not closed/],
    ["at 1s: pause w1, for 1s", /column 18: "for" stands where a name should be/],
    ["at 1s:", /column 7: the kind of a fault is missing/],
    ["at 1s: pause w1 until 3s", /"3s" stands where healed, or a moment that begins with on, when or after, should be/],
  ])("%j", (text, message) => {
    const parse = (): FaultPlan[] => parseSchedule(text);
    expect(parse).toThrow(ScheduleError);
    expect(parse).toThrow(message);
  });
});

const name = fc.oneof(
  fc.constantFrom(
    "w1",
    "n2",
    "holder:lock:a",
    "minority of replicas",
    "rest",
    "healed",
    "of",
    "for",
    "a of b of c",
    "3s",
    "true",
  ),
  fc.string({ minLength: 1 }),
);
const ms = fc.oneof(
  fc.nat(100_000),
  fc.integer({ min: 0, max: 60 }).map((s) => s * 1_000),
  fc.constantFrom(0.5, 1.25),
);
const occurrence = fc.integer({ min: 1, max: 99 });

function valueOf(type: OptionType): fc.Arbitrary<Json> {
  if (typeof type !== "string") return fc.constantFrom(...type);
  const lists = fc.array(name, { minLength: 1, maxLength: 3 });
  switch (type) {
    case "names":
      return fc.oneof(name, lists);
    case "number":
      return fc.oneof(fc.integer(), fc.constantFrom(0.25, 1e21, -3.5));
    case "flag":
      return fc.boolean();
    case "text":
      return fc.oneof(name, fc.constantFrom("5", "5s", "null", "a=b", "#1", "x,y"));
    case "range":
      return fc.oneof(fc.nat(), fc.tuple(fc.nat(), fc.nat()));
    case "words":
      return fc.oneof(name, lists);
    case "groups":
      return fc.array(lists, { minLength: 2, maxLength: 3 });
  }
}

const sighting: fc.Arbitrary<Sighting> = fc.oneof(
  name.map((primary) => ({ primary })),
  fc.record({ clock: name, passesMs: ms }),
  fc.record(
    {
      event: name,
      type: fc.constantFrom("invoke" as const, "ok" as const, "fail" as const, "info" as const),
      worker: name,
      node: name,
      occurrence,
    },
    { requiredKeys: ["event"] },
  ),
);

const moment = (ids: readonly string[]): fc.Arbitrary<Moment> =>
  fc
    .record(
      {
        ...(ids.length === 0
          ? {}
          : {
              after: fc.record({
                fault: fc.constantFrom(...ids),
                stage: fc.constantFrom("active" as const, "healed" as const),
              }),
            }),
        on: sighting,
        afterMs: ms,
        at: fc.record(
          {
            worker: name,
            point: name,
            occurrence,
            holdMs: ms,
            ...(ids.length === 0 ? {} : { holdUntilHealed: fc.constantFrom(...ids) }),
          },
          { requiredKeys: ["worker", "point"] },
        ),
      },
      { requiredKeys: [] },
    )
    .filter((parts) => Object.keys(parts).length > 0);

const fault = (id: string, others: readonly string[]): fc.Arbitrary<FaultPlan> =>
  fc.constantFrom(...FAULT_KINDS).chain((kind) => {
    const declared = faultKind(kind).options;
    const options = optionsOf(optionNames(declared), (each) => optionType(declared, each), requiredOptions(declared));
    return fc.record(
      { id: fc.constant(id), kind: fc.constant(kind), options, start: moment(others), end: moment(others) },
      { requiredKeys: ["id", "kind", "options", "start"] },
    );
  });

function optionsOf(
  names: readonly string[],
  typeOf: (name: string) => OptionType | undefined,
  required: readonly string[],
): fc.Arbitrary<FaultPlan["options"]> {
  const model = Object.fromEntries(names.map((each) => [each, valueOf(typeOf(each) ?? "text")]));
  return fc.record(model, { requiredKeys: [...required] }) as fc.Arbitrary<FaultPlan["options"]>;
}

const schedule = fc.uniqueArray(name, { maxLength: 4 }).chain((ids) =>
  fc.tuple(
    ...ids.map((id) =>
      fault(
        id,
        ids.filter((other) => other !== id),
      ),
    ),
  ),
);

describe("writing and reading a schedule", () => {
  it("gives the same faults", () => {
    fc.assert(
      fc.property(schedule, (faults) => {
        expect(parseSchedule(formatSchedule(faults))).toEqual(faults);
      }),
      { numRuns: 500 },
    );
  });

  it("writes a kind that nobody knows with all that the plan says of it", () => {
    const unknown: FaultPlan = {
      id: "x",
      kind: "meteor",
      options: { target: "n1", size: [1, "two"] },
      start: { afterMs: 5 },
    };
    expect(formatFault(unknown)).toBe('x: at 5ms: meteor n1 size=[1,"two"]');
  });
});
