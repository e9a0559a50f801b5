/** Consumers that are slower than the producers: what was not read when the run settled is not lost. */
import { expect, it } from "vitest";
import { streamsCrashedConsumer } from "../../../campaigns/delivery/streams-crashed-consumer.ts";
import { judge } from "../../../checkers/judge/judge.ts";
import type { Plan } from "../../../history/plan.ts";
import { historyOfPlan } from "../../support/history-of-plan.ts";

it("a group that is behind at the end goes on until it has delivered and acknowledged everything", async () => {
  const crashed = streamsCrashedConsumer.plan(1);
  const plan: Plan = {
    ...crashed,
    options: { ...crashed.options, everyMs: 1, workMs: 40 },
    workers: crashed.workers.filter(({ name }) => ["w1", "w3"].includes(name)),
    faults: [],
    loadMs: 1_000,
    settleMs: 0,
    claims: crashed.claims.filter(({ id }) => id === "no-loss"),
  };
  const history = await historyOfPlan(plan);
  const settled = history.nemesis.findLast(({ value }) => JSON.stringify(value) === '{"phase":"settle"}');
  const late = history.operations.filter(({ f, completion }) => {
    return f === "ack" && completion?.type === "ok" && completion.time > (settled?.time ?? Infinity);
  });
  expect(late.length).toBeGreaterThan(20);
  expect(judge(plan, history).claims.map(({ result }) => result.verdict)).toEqual(["holds"]);
});
