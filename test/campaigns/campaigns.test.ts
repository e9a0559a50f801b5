/** The declared campaigns, as data: what can be checked without running them. */
import { describe, expect, it } from "vitest";
import { campaigns } from "../../campaigns/index.ts";
import { lanesCampaigns } from "../../campaigns/locks/with-lanes.ts";
import { EXPECTATIONS } from "../../campaigns/locks/words/expectations.ts";
import { KNOWN_BUGS } from "../../campaigns/locks/words/known-bugs.ts";
import { hasLanes } from "../../campaigns/locks/words/lanes.ts";
import type { Plan } from "../../history/plan.ts";
import { checkPlan } from "../../session/plan/check-plan.ts";
import { adapterReplacement } from "../../session/replace/replace-adapter.ts";
import { locks as shelf } from "../../workloads/lock/registry.ts";
import { flawOf, specimens } from "../../workloads/lock/specimens/registry.ts";

/** Schedules are drawn from the seed, so one plan of each campaign would not show all that it can name. */
const SEEDS = [7, 8, 9, 10];

const plans = campaigns.flatMap((campaign) => SEEDS.map((seed) => campaign.plan(seed)));

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

  it.each(plans.map((plan): [string, number, Plan] => [plan.campaign, plan.seed, plan]))(
    "%s (seed %d) names only what exists",
    (_name, _seed, plan) => {
      checkPlan(plan, { hasOwnFaults: true });
    },
  );
});

describe("a claim about a lock of one's own", () => {
  it("has the same standing wherever a release can free another's lock, also where the campaign's own lock is broken on purpose", async () => {
    const replacement = await adapterReplacement("fenced", () => undefined);
    const suitable = replacement.suiting(campaigns, () => undefined);
    const claims = suitable.flatMap((each) => replacement.plan(each, 7).claims);
    const releases = claims.filter(({ checker }) => checker === "lock-release");
    expect(releases.length).toBeGreaterThan(2);
    for (const claim of releases) expect(claim.standing, claim.id).toBe("promised");
    for (const each of suitable) {
      const own = each.plan(7);
      if (typeof own.options["lock"] !== "string" || flawOf(own.options["lock"]) === undefined) continue;
      for (const claim of replacement.plan(each, 7).claims) expect(claim.standing, own.campaign).toBe("promised");
    }
  });
});

describe("known bugs", () => {
  it.each(KNOWN_BUGS)("of $lock, by $campaign: $claim", ({ lock, campaign: name, claim, source, without }) => {
    const campaign = campaigns.find((each) => each.name === name);
    if (campaign === undefined) throw new TypeError(`there is no campaign ${name}`);
    const plan = hasLanes(campaign) ? campaign.planForOther(7) : campaign.plan(7);
    expect(plan.claims.map(({ id }) => id)).toContain(claim);
    for (const each of [lock, ...(without === undefined ? [] : [without])]) expect(shelf.named(each).name).toBe(each);
    expect(source).toMatch(/^https:/);
  });
});

describe("what is expected of a lock that redquake brings along", () => {
  it.each(EXPECTATIONS)(
    "is about a claim that exists: $lock in $campaign: $claim",
    ({ lock, campaign: name, claim }) => {
      expect(shelf.named(lock).name).toBe(lock);
      const campaign = campaigns.find((each) => each.name === name);
      if (campaign === undefined) throw new TypeError(`there is no campaign ${name}`);
      const plan = hasLanes(campaign) ? campaign.planForOther(7) : campaign.plan(7);
      expect(plan.claims.map(({ id }) => id)).toContain(claim);
    },
  );

  it("contradicts itself nowhere", () => {
    const byKey = Map.groupBy(EXPECTATIONS, ({ lock, campaign, claim }) => [lock, campaign, claim].join(": "));
    const torn = [...byKey].filter(([, all]) => new Set(all.map((each) => each.expect)).size > 1);
    expect(torn.map(([key]) => key)).toEqual([]);
  });
});

describe("specimens", () => {
  it.each(specimens.map(({ lock }) => lock.name))("%s is caught in the standard suite, beside a reference", (name) => {
    const catching = lanesCampaigns.filter((each) =>
      each.plan(7).claims.some((claim) => claim.id.endsWith(`: ${name}`) || claim.id.includes(`: ${name}, `)),
    );
    expect(catching.filter(({ suite }) => suite === "standard")).toHaveLength(1);
    for (const each of catching) {
      const { claims } = each.plan(7);
      const own = claims.filter(({ statement }) => statement.startsWith(name));
      expect(own.some((claim) => claim.expect === "broken" && claim.standing === "hoped")).toBe(true);
      // By name of its flaw.
      for (const claim of own) expect(claim.statement).toMatch(/^\S+ ?.*\(.+\): /);
      for (const broken of own.filter((claim) => claim.expect === "broken"))
        expect(claims).toContainEqual(
          expect.objectContaining({ checker: broken.checker, options: expect.anything() as unknown, expect: "holds" }),
        );
    }
  });

  it.each(lanesCampaigns)("$name has a place for other locks, and expects nothing from them", (each) => {
    const plan = each.planForOther(7);
    expect(each.planForOther(7)).toEqual(plan);
    const locks = plan.workers.flatMap(({ options }) => (typeof options["lock"] === "string" ? [options["lock"]] : []));
    expect(locks.length).toBeGreaterThan(0);
    for (const lock of locks) expect(specimens.map(({ lock: { name } }) => name)).not.toContain(shelf.named(lock).name);
    expect(plan.claims.map((claim) => claim.expect)).toEqual(plan.claims.map(() => undefined));
    for (const { workers } of plan.claims)
      expect(plan.workers.map(({ name }) => name)).toEqual(expect.arrayContaining([...(workers ?? ["none"])]));
    if (each.othersIn !== undefined) expect(campaigns.map(({ name }) => name)).toContain(each.othersIn);
  });
});
