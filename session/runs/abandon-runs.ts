/** The end of everything, where nobody wants to wait for an orderly one. */
import { abandonOwnRuns } from "../../runner/equipment/clean.ts";
import { abandonRunProcesses } from "../../runner/run-processes.ts";

/** Ends the runs of this process at once. What cannot be ended is told. */
export async function abandonRuns(notice: (sentence: string) => void): Promise<void> {
  // In this order: what makes a run must not start anything while the rest of it is ended.
  for (const step of [abandonRunProcesses, () => abandonOwnRuns({ say: notice })]) {
    try {
      await step();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      notice(`not everything could be ended (${reason}): run \`redquake clean\` later`);
    }
  }
}
