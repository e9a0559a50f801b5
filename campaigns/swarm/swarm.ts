/** A swarm of faults: every seed draws other ones, of whatever the system and its clients can have. */
import type { SystemPlan } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";
import { faultsFor } from "../../nemesis/schedule/catalogue.ts";
import type { Schedule } from "../../nemesis/schedule/schedule.ts";
import { swarmSchedule } from "../../nemesis/schedule/swarm.ts";
import type { DeclaredSystem } from "../declare/declare.ts";

const LOAD_MS = 12_000;

interface Swarm {
  readonly system: DeclaredSystem;
  readonly clients: readonly { readonly name: string }[];
  /** Whether the servers' wall clocks may be wrong, too. */
  readonly clocks?: boolean;
}

/** What all campaigns under a swarm have in common; their claims are about what no fault of it excuses. */
export function swarm({ system, clients, clocks = false }: Swarm) {
  const kinds = faultsFor({ system: system as SystemPlan, clients: clients.map(({ name }) => name), clocks });
  return {
    suite: "nightly",
    system,
    loadMs: LOAD_MS,
    faults: (random: Random): Schedule => swarmSchedule({ kinds, loadMs: LOAD_MS, random }),
  } as const;
}
