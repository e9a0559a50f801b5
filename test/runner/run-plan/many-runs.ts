/**
 * Opens and closes so many runs as the argument says, without their load: each starts its workers, makes its servers'
 * folders and reads its history along, and is then told that there is no Toxiproxy. Prints how many came to that end.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Plan } from "../../../history/plan.ts";
import { HostError } from "../../../machine/host-error.ts";
import { chooseHost } from "../../../runner/equipment/choose-host.ts";
import { runPlan } from "../../../runner/run-plan.ts";

const [, , results = "", wanted = ""] = process.argv;
const ENDED = "this test has no Toxiproxy";

const plan: Plan = {
  version: 1,
  campaign: "test",
  title: "A run that does not get far",
  description: "",
  seed: 1,
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: 1_000 },
  profile: "raw",
  workers: [{ name: "w1", role: "client", seed: 1, options: {} }],
  loadMs: 1_000,
  settleMs: 0,
  // It waits for an event, so the history is read while it is written.
  faults: [
    { id: "pause", kind: "pause", options: { target: "w1" }, start: { on: { event: "acquire" } }, end: { afterMs: 1 } },
  ],
  claims: [],
};

mkdirSync(join(results, "runs"), { recursive: true });
const host = await chooseHost({ host: "process", redis: undefined, say: () => undefined });
const signal = new AbortController().signal;
let ended = 0;
for (let i = 0; i < Number(wanted); i += 1) {
  try {
    await runPlan(plan, {
      results: join(results, "runs"),
      host,
      redis: undefined,
      toxiproxy: { open: () => Promise.reject(new HostError(ENDED)) },
      commandLine: "",
      observer: () => undefined,
      signal,
    });
  } catch (error) {
    if ((error as Error).message !== ENDED) throw error;
    ended += 1;
  }
}
console.log(ended);
