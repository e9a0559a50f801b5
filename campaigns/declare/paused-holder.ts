/**
 * The fault that breaks every lock without fencing: its holder is stopped after it made sure that it holds, and before
 * it writes.
 */
import type { DeclaredFault } from "./declare.ts";
import type { Random } from "../../history/random.ts";

export function pausedHolder(ttlMs: number): (random: Random) => DeclaredFault[] {
  return (random) => [
    {
      id: "pause",
      kind: "pause",
      options: { target: "w1" },
      start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5) } },
      end: { afterMs: ttlMs + random.integer(800, 1_200) },
    },
  ];
}
