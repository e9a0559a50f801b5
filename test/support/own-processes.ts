/** Which processes of runs of this very test process there are. */
import { processTable } from "../../machine/process-table.ts";
import { coordinatorMark } from "../../runner/equipment/clean.ts";

/** Process ids of everything that this process has started for a run and that is still there. */
export function runningForThisProcess(): number[] {
  const table = processTable();
  const mark = coordinatorMark();
  return table
    .list()
    .filter(({ pid }) => table.variable(pid, "REDQUAKE_COORDINATOR") === mark)
    .map(({ pid }) => pid);
}
