/** What a plan waits to see in a run, in words for people. */
import type { Sighting } from "./plan.ts";

/** A node that becomes primary, and was not when the waiting began. */
export const ANOTHER = "another";

/** The sighting as a plan has it, in words. */
export function describeSighting(sighting: Sighting): string {
  if ("primary" in sighting)
    return `${sighting.primary === ANOTHER ? "another node" : sighting.primary} becomes primary`;
  if ("clock" in sighting) return `${sighting.passesMs} ms pass by the clock of ${sighting.clock}`;
  const { event, type = "ok", worker, node, occurrence = 1 } = sighting;
  const by = worker === undefined ? "" : ` by ${worker}`;
  const from = node === undefined ? "" : ` from ${node}`;
  return `${type} ${event}${by}${from}${occurrence === 1 ? "" : `, time ${occurrence}`}`;
}
