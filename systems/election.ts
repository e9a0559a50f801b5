/** Systems whose members elect a leader by a majority of all of them. */
import type { System } from "./system.ts";

/** One of two members cannot elect alone, and a single one has no other to elect: a restart is all there is. */
export function cannotElectOfTwo(members: number): Pick<System, "cannotElect"> {
  if (members !== 2) return {};
  return {
    cannotElect: { because: "two members have no majority when one is gone", remedy: "give the system nodes: 3" },
  };
}
