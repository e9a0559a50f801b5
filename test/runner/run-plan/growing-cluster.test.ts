/**
 * A Cluster that grows and shrinks under load: a spare joins, takes slots over with their keys, gives them back, and
 * leaves.
 */
import { expect, it } from "vitest";
import { judge } from "../../../checkers/judge/judge.ts";
import type { Plan } from "../../../history/plan.ts";
import { historyOfPlan } from "../../support/history-of-plan.ts";

const PLAN: Plan = {
  version: 1,
  campaign: "test",
  title: "A Cluster that grows",
  description: "Two adders write to one slot, which moves to a new node and back.",
  seed: 5,
  system: { kind: "cluster", options: { replicasEach: 0, spares: 1 } },
  workload: "set",
  options: { keys: ["{a}:1", "{a}:2"] },
  profile: "raw",
  workers: [
    { name: "w1", role: "adder", seed: 1, options: {} },
    { name: "w2", role: "adder", seed: 2, options: {} },
    { name: "reader", role: "reader", seed: 3, options: {} },
  ],
  loadMs: 1_500,
  settleMs: 0,
  faults: [
    { id: "grow", kind: "add-node", options: { target: "n4" }, start: { afterMs: 200 } },
    {
      id: "move",
      kind: "slot-migration",
      options: { key: "{a}", to: "n4", back: true },
      start: { after: { fault: "grow", stage: "active" } },
      end: { afterMs: 1_000 },
    },
  ],
  claims: [
    {
      id: "acknowledged",
      statement: "What was acknowledged is there.",
      standing: "promised",
      source: "a Cluster that grows",
      checker: "set-survival",
      options: { property: "acknowledged-survive" },
    },
  ],
};

it("keeps what was acknowledged, wherever the slot is", async () => {
  const history = await historyOfPlan(PLAN);
  const verdict = judge(PLAN, history);
  expect(verdict.doubts).toEqual([]);
  expect(verdict.claims.map(({ result }) => result.verdict)).toEqual(["holds"]);
  const adds = history.operations.filter(({ f, completion }) => f === "add" && completion?.type === "ok");
  expect(new Set(adds.map(({ completion }) => completion?.node))).toContain("n4");
  expect(new Set(adds.map(({ completion }) => completion?.node)).size).toBe(2);
});
