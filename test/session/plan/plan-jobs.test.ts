import { expect, it } from "vitest";
import { campaigns } from "../../../campaigns/index.ts";
import type { Choice } from "../../../session/plan/choose-campaigns.ts";
import type { PlanOptions } from "../../../session/plan/plan-jobs.ts";
import { planJobs } from "../../../session/plan/plan-jobs.ts";
import { seedsFrom, seedsInWords } from "../../../session/plan/seed.ts";
import { faultsReplacement } from "../../../session/replace/replace-faults.ts";

const chosen: Choice = {
  campaigns: campaigns.filter(({ name }) => ["lock-simple", "redlock"].includes(name)),
  adapters: undefined,
};
const command: PlanOptions["command"] = { host: "process", toxiproxy: { kind: "embedded" } };

function failing(campaign: string, seed: number): NonNullable<PlanOptions["failing"]>[number] {
  const night = "2026-11-01T03:17:00.000Z";
  return { campaign, seed, outcome: "undecided", firstSeen: night, lastRun: night, passedSince: 0 };
}

it("plans every campaign once for each seed, in the order of the seeds", async () => {
  const jobs = await planJobs(chosen, seedsFrom(7, 2), { command });
  const names = chosen.campaigns.map(({ name }) => name);
  expect(names.length).toBeGreaterThan(0);
  expect(jobs.map(({ plan }) => [plan.seed, plan.campaign])).toEqual([
    ...names.map((name) => [7, name]),
    ...names.map((name) => [8, name]),
  ]);
  expect(jobs.some(({ again }) => again)).toBe(false);
});

it("plans the failing seeds of the chosen campaigns first, and none of them twice", async () => {
  const known = [failing("lock-simple", 3), failing("lock-simple", 7), failing("streams", 7)];
  const jobs = await planJobs(chosen, [7], { command, failing: known });
  const seedsOf = (name: string): number[] =>
    jobs.filter(({ plan }) => plan.campaign === name).map(({ plan }) => plan.seed);
  expect(jobs.slice(0, 2).map(({ plan, again }) => [plan.campaign, plan.seed, again])).toEqual([
    ["lock-simple", 3, true],
    ["lock-simple", 7, true],
  ]);
  expect(seedsOf("lock-simple")).toEqual([3, 7]);
  expect(seedsOf("streams")).toEqual([]);
});

it("writes the command that repeats a run, with its other faults and its load", async () => {
  const faults = await faultsReplacement({ faults: "at 1s: pause w1 for 2s" });
  const [job] = await planJobs(chosen, [7], { command, faults, loadMs: 5_000 });
  expect(job?.plan.loadMs).toBe(5_000);
  expect(job?.commandLine).toMatch(
    / --seed 7 --time-limit 5000ms --faults 'pause: at 1s: pause w1 for 2s' --host process$/,
  );
});

it("refuses faults that name what one of the campaigns does not have", async () => {
  const faults = await faultsReplacement({ faults: "at 1s: pause nobody for 2s" });
  await expect(planJobs(chosen, [7], { command, faults })).rejects.toThrow(/names "nobody", which .* does not have/);
});

it("tells which seeds there are, and how to repeat seeds that were drawn", () => {
  expect(seedsInWords([7], false)).toBe("seed 7");
  expect(seedsInWords(seedsFrom(7, 3), true)).toBe("seeds 7 to 9, drawn for this call; --seed 7 repeats it");
  expect(() => seedsFrom(2 ** 32 - 1, 2)).toThrow(/goes beyond the largest seed/);
});
