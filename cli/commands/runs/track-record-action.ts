/** `redquake track-record`: the document on known bugs, from runs that are made or stored. */
import { userPath } from "../../../machine/user-folder.ts";
import type { ExitCode } from "../../../session/exit-code.ts";
import { EXIT } from "../../../session/exit-code.ts";
import { freshSeed, seedsFrom } from "../../../session/plan/seed.ts";
import { lookForKnownBugs, trackRecordOf } from "../../../session/track-record.ts";
import type { RunSummary } from "../../../store/stored-run.ts";
import { listRuns } from "../../../store/stored-run.ts";
import { say } from "../../terminal/say.ts";
import { writeOut } from "../../terminal/write-out.ts";
import type { SessionFlags } from "./run-session.ts";
import { withSession } from "./run-session.ts";

export interface TrackRecordFlags extends SessionFlags {
  readonly repeat: number;
  readonly seed?: number;
  readonly out?: string;
  /** A folder of results that has the runs already. */
  readonly from?: string;
}

/** Resolves with the exit code. @throws what `withSession`, `lookForKnownBugs` and `trackRecordOf` throw. */
export async function trackRecordAction(flags: TrackRecordFlags): Promise<number> {
  if (flags.from !== undefined) return write(await listRuns(userPath(flags.from)), flags);
  const seeds = seedsFrom(flags.seed ?? freshSeed(), flags.repeat);
  const results = userPath(flags.results);
  return withSession(flags, async (make) =>
    write(await lookForKnownBugs(seeds, { make, results, notice: say }), flags),
  );
}

async function write(runs: readonly RunSummary[], { out, from }: TrackRecordFlags): Promise<ExitCode> {
  const record = trackRecordOf(runs, from ?? "results");
  await writeOut(record.document, out);
  return record.complete ? EXIT.wellDone : EXIT.promiseBroken;
}
