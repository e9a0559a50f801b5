/** `redquake track-record`: looks for bugs that are known to be there. */
import { availableParallelism } from "node:os";
import { campaigns } from "../campaigns/index.ts";
import { KNOWN_BUGS } from "../campaigns/locks/known-bugs.ts";
import type { KnownBug } from "../campaigns/locks/known-bugs.ts";
import { readStoredRun } from "../report/stored-run.ts";
import { trackRecord } from "../report/track-record.ts";
import type { Looked } from "../report/track-record.ts";
import type { CampaignEnd } from "./campaign-end.ts";
import { EXIT } from "./exit-code.ts";
import { freshSeed } from "./fresh-seed.ts";
import { lockJob } from "./lock-job.ts";
import type { Job } from "./run-campaigns.ts";
import type { SessionFlags } from "./run-session.ts";
import { withSession } from "./run-session.ts";
import { version } from "./version.ts";
import { writeOut } from "./write-out.ts";

export interface TrackRecordFlags extends SessionFlags {
  readonly repeat: number;
  readonly seed?: number;
  readonly out?: string;
}

/** Resolves with the exit code. @throws what `withSession` and `lockJob` throw. */
export async function trackRecordCommand(flags: TrackRecordFlags): Promise<number> {
  const first = flags.seed ?? freshSeed();
  const seeds = Array.from({ length: flags.repeat }, (_, i) => first + i);
  return withSession(flags, async (run) => {
    const looked: Looked[] = [];
    let server = "no server";
    for (const bug of KNOWN_BUGS) {
      const [having, without] = [await jobsFor(bug, bug.lock, seeds), await jobsFor(bug, bug.without, seeds)];
      const ends = await run([...having, ...without]);
      const of = (lock: string | undefined): CampaignEnd[] => ends.filter((end) => end.lock === lock);
      const found = of(bug.lock).filter((end) => verdictOf(end, bug.claim) === "broken");
      looked.push({
        ...bug,
        found: found.length,
        runs: having.length,
        seconds: found.map(({ seconds }) => seconds),
        without:
          bug.without === undefined
            ? undefined
            : {
                lock: bug.without,
                well: of(bug.without).filter((end) => verdictOf(end, bug.claim) === "holds").length,
                runs: without.length,
              },
      });
      server = (await serverOf(ends)) ?? server;
    }
    const document = trackRecord(looked, {
      date: new Date().toISOString().slice(0, 10),
      seeds: [first, first + flags.repeat - 1],
      redquake: version(),
      machine: `${process.platform} ${process.arch} with ${availableParallelism()} cores, Node.js ${process.version}`,
      server,
    });
    await writeOut(document, flags.out);
    const all = looked.every(
      ({ found, runs, without }) => found === runs && (without === undefined || without.well === without.runs),
    );
    return all ? EXIT.wellDone : EXIT.promiseBroken;
  });
}

async function jobsFor(bug: KnownBug, lock: string | undefined, seeds: readonly number[]): Promise<Job[]> {
  const campaign = campaigns.find(({ name }) => name === bug.campaign);
  if (campaign === undefined)
    throw new TypeError(`the known bug of ${bug.lock} names the campaign ${bug.campaign}, which does not exist`);
  return lock === undefined ? [] : Promise.all(seeds.map((seed) => lockJob(lock, campaign, seed)));
}

function verdictOf(end: CampaignEnd, claim: string): string | undefined {
  if (end.kind !== "judged") return undefined;
  return end.judged.verdict.claims.find((judged) => judged.claim.id === claim)?.result.verdict;
}

async function serverOf(ends: readonly CampaignEnd[]): Promise<string | undefined> {
  const judged = ends.find((end) => end.kind === "judged");
  if (judged?.kind !== "judged") return undefined;
  const { run } = await readStoredRun(judged.judged.folder);
  return run.hostDescription;
}
