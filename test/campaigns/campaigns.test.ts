/** The declared campaigns, as data: what can be checked without running them. */
import { describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { checkerNamed } from "../../checkers/registry.ts";
import type { Moment, Plan } from "../../history/plan.ts";
import { faultKind } from "../../nemesis/registry.ts";
import { systemOf } from "../../systems/registry.ts";
import { roleNamed } from "../../workloads/registry.ts";

const plans = campaigns.map((campaign) => campaign.plan(7));

describe("campaigns", () => {
  it("have unique names and at least one claim each", () => {
    expect(new Set(campaigns.map((campaign) => campaign.name)).size).toBe(campaigns.length);
    for (const plan of plans) expect(plan.claims.length, plan.campaign).toBeGreaterThan(0);
  });

  it("give the same plan for the same seed, and another for another", () => {
    for (const campaign of campaigns) {
      expect(campaign.plan(7)).toEqual(campaign.plan(7));
      expect(campaign.plan(8)).not.toEqual(campaign.plan(7));
    }
  });

  it("are plain data that survives being stored", () => {
    for (const plan of plans) expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
  });

  it.each(plans.map((plan): [string, Plan] => [plan.campaign, plan]))("%s names only what exists", (_name, plan) => {
    systemOf(plan.system);
    for (const worker of plan.workers) roleNamed(plan.workload, worker.role);
    for (const claim of plan.claims) expect(checkerNamed(claim.checker)).toBeTypeOf("function");
    const faults = new Set(plan.faults.map((fault) => fault.id));
    const workers = new Set(plan.workers.map((worker) => worker.name));
    for (const fault of plan.faults) {
      faultKind(fault.kind);
      for (const moment of [fault.start, fault.end].filter((each): each is Moment => each !== undefined)) {
        if (moment.after !== undefined) expect(faults).toContain(moment.after.fault);
        if (moment.at !== undefined) expect(workers).toContain(moment.at.worker);
        if (moment.at?.holdUntilHealed !== undefined) expect(faults).toContain(moment.at.holdUntilHealed);
      }
    }
    for (const claim of plan.claims) {
      for (const option of ["fault", "afterFault", "fromFault"]) {
        if (claim.options[option] !== undefined) expect(faults).toContain(claim.options[option]);
      }
    }
  });
});
