/** A plan that names what there is not is refused before anything starts, with the name that was meant. */
import { describe, expect, it } from "vitest";
import { clusterIsolatedPrimary } from "../../../campaigns/cluster/isolated-primary.ts";
import { lockSimplePausedHolder } from "../../../campaigns/locks/holders/paused-holder.ts";
import type { Claim, FaultPlan, Plan, WorkerPlan } from "../../../history/plan.ts";
import { checkPlan } from "../../../session/plan/check-plan.ts";

const plan = lockSimplePausedHolder.plan(7);
const [pause] = plan.faults as [FaultPlan, ...FaultPlan[]];
const [client, ...others] = plan.workers as [WorkerPlan, ...WorkerPlan[]];
const claim: Claim = {
  ...(plan.claims[0] as Claim),
  checker: "lock-overlap",
  options: { level: "grant" },
};

function problemOf(changed: Partial<Plan>, of: Plan = plan): string {
  try {
    checkPlan({ ...of, ...changed }, { hasOwnFaults: true });
    return "";
  } catch (error) {
    return (error as Error).message;
  }
}

describe("a plan", () => {
  it("is not refused where all that it names is there", () => {
    expect(problemOf({})).toBe("");
  });

  it.each<[string, Partial<Plan>, RegExp]>([
    [
      "an option of the workload",
      { options: { ...plan.options, thinkMS: 300 } },
      /the workload lock has no option "thinkMS", did you mean "thinkMs"\?|no option "thinkMS".*thinkMs/,
    ],
    [
      "an option of one worker",
      { workers: [{ ...client, options: { ttlMS: 1 } }, ...others] },
      /w1 \(client\) has no option "ttlMS".*ttlMs/,
    ],
    [
      "the type of an option",
      { options: { ...plan.options, ttlMs: "1s" } },
      /wrong option "ttlMs", "1s" \(.*\) of w1 \(client\)/,
    ],
    ["a role", { workers: [{ ...client, role: "cleint" }, ...others] }, /the workload lock has no role "cleint"/],
    [
      "an option of the system",
      { system: { kind: "single", options: { nodes: 3 } } },
      /the system single has no option "nodes"/,
    ],
    [
      "an option of a fault",
      { faults: [{ ...pause, options: { target: "w1", dirction: "forth" } }] },
      /the fault "pause" has the option "dirction"/,
    ],
    [
      "a worker's name that is a path",
      { workers: [client, ...others.map((other) => (other.name === "w3" ? { ...other, name: "../w3" } : other))] },
      /its plan has a wrong workers\.2\.name: must begin with a letter or digit/,
    ],
    ["a load that lasts less than nothing", { loadMs: -1 }, /its plan has a wrong loadMs: must not be negative/],
    [
      "a load that is longer than a week",
      { loadMs: 1_000 * 60 * 60 * 1_000 },
      /its plan has a wrong loadMs: must be at most 604800000 milliseconds, which is a week/,
    ],
    ["a fault", { faults: [{ ...pause, kind: "pasue" }] }, /the fault "pause" is "pasue"/],
    ["a target", { faults: [{ ...pause, options: { target: "w9" } }] }, /the fault "pause" names "w9"/],
    [
      "a barrier",
      { faults: [{ ...pause, start: { at: { worker: "w1", point: "critical-secton" } } }] },
      /waits for w1 \(client\) at the barrier "critical-secton".*critical-section/,
    ],
    [
      "a barrier at the end",
      { faults: [{ ...pause, end: { at: { worker: "w2", point: "delivered" } } }] },
      /waits for w2 \(client\) at the barrier "delivered"/,
    ],
    ["a fault in a moment", { faults: [{ ...pause, end: { after: { fault: "pasue", stage: "active" } } }] }, /pasue/],
    [
      "a moment, where faults wait for each other,",
      {
        faults: [
          { ...pause, start: { after: { fault: "second", stage: "active" } } },
          { ...pause, id: "second", start: { after: { fault: "pause", stage: "active" } } },
        ],
      },
      /the faults pause, second wait for each other/,
    ],
    ["a checker", { claims: [{ ...claim, checker: "lock-overlpa" }] }, /names the checker "lock-overlpa"/],
    [
      "an option of a checker",
      { claims: [{ ...claim, options: { level: "grant", fromFualt: "pause" } }] },
      /has wrong options of the checker lock-overlap[^]*fromFualt/,
    ],
    [
      "a fault in a claim",
      { claims: [{ ...claim, options: { ...claim.options, fromFault: "pasue" } }] },
      /names the fault "pasue"/,
    ],
    ["two claims alike", { claims: [claim, claim] }, /two claims have the id/],
    ["two workers alike", { workers: [client, client, ...others] }, /two workers have the name "w1"/],
  ])("is refused for %s that there is not, or that is there twice", (_what, changed, wanted) => {
    expect(problemOf(changed)).toMatch(wanted);
  });

  it("names the option that was meant of a system", () => {
    const cluster = clusterIsolatedPrimary.plan(7);
    const system = { ...cluster.system, options: { ...cluster.system.options, nodeTimeoutMS: 500 } };
    expect(problemOf({ system }, cluster)).toMatch(/the system cluster has no option "nodeTimeoutMS".*nodeTimeoutMs/);
  });

  it("may have claims about faults that others have taken the place of", () => {
    const claims = [{ ...claim, options: { ...claim.options, fromFault: "gone" } }];
    expect(() => checkPlan({ ...plan, claims }, { hasOwnFaults: false })).not.toThrow();
  });
});
