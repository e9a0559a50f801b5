import { describe, expect, it } from "vitest";
import type { FaultPlan } from "../../../history/plan.ts";
import { plannedQuiet } from "../../../nemesis/schedule/planned-end.ts";

const fault = (id: string, start: FaultPlan["start"], end?: FaultPlan["end"]): FaultPlan => ({
  id,
  kind: "pause",
  options: { target: "n1" },
  start,
  ...(end === undefined ? {} : { end }),
});
const quiet = (...faults: readonly FaultPlan[]): unknown => Object.fromEntries(plannedQuiet(faults, 1_000));

describe("the time that a plan leaves after its faults", () => {
  it("is counted from the planned end", () => {
    expect(quiet(fault("a", { afterMs: 100 }, { afterMs: 200 }))).toEqual({ a: 700 });
  });

  it("is counted from the start of a fault that lasts until the load ends", () => {
    expect(quiet(fault("a", { afterMs: 100 }))).toEqual({ a: 900 });
  });

  it("follows faults that wait for each other", () => {
    const first = fault("a", { afterMs: 100 }, { afterMs: 200 });
    expect(
      quiet(
        fault("c", { after: { fault: "b", stage: "healed" }, afterMs: 5 }, { afterMs: 10 }),
        fault(
          "b",
          { after: { fault: "a", stage: "healed" } },
          { after: { fault: "a", stage: "active" }, afterMs: 300 },
        ),
        first,
      ),
    ).toEqual({ a: 700, b: 600, c: 585 });
  });

  it("is a quarter of the load where the run decides", () => {
    expect(
      quiet(
        fault("sighted", { on: { event: "acquire" } }, { afterMs: 10 }),
        fault("after-it", { after: { fault: "sighted", stage: "active" }, afterMs: 10 }, { afterMs: 10 }),
        fault("at-barrier", { afterMs: 10 }, { at: { worker: "w1", point: "granted" } }),
        fault("after-stranger", { after: { fault: "nobody", stage: "active" } }),
        fault("one", { after: { fault: "other", stage: "active" } }),
        fault("other", { after: { fault: "one", stage: "active" } }),
        // What never ends is never followed.
        fault("stays", { afterMs: 400 }),
        fault("follower", { after: { fault: "stays", stage: "healed" } }),
      ),
    ).toEqual({
      sighted: 250,
      "after-it": 250,
      "at-barrier": 250,
      "after-stranger": 250,
      one: 250,
      other: 250,
      stays: 600,
      follower: 250,
    });
  });

  it("is nothing where the plan ends the load before the fault", () => {
    expect(quiet(fault("a", { afterMs: 900 }, { afterMs: 200 }))).toEqual({ a: 0 });
  });
});
