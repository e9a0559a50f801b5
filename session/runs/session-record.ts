/**
 * Writes down which runs a session sets out to make and how they end, as it goes: what was not begun must not look as
 * if nobody had wanted it.
 */
import { mkdir } from "node:fs/promises";
import { hostname } from "node:os";
import { join, relative } from "node:path";
import { keepDocument } from "../../history/live/keep-document.ts";
import type { Session, SessionRun } from "../../store/session.ts";
import type { CampaignEnd } from "./campaign-end.ts";
import type { Job } from "../plan/job.ts";

/** For each run whose end is not known yet: what that will be is told also when the disk is full by then. */
const ROOM_BYTES = 2_048;
const LONGEST_REASON = 1_000;

export interface SessionRecord {
  /** A run has begun. @param folder of the stored run, absolute */
  began(position: number, folder: string): Promise<void>;
  /** @param position of the job among the session's jobs */
  ended(position: number, end: CampaignEnd): Promise<void>;
  /** Whether the record is not what happened, because it could not be written. That has been said then. */
  isIncomplete(): boolean;
}

/**
 * @param results absolute path of the results folder
 * @param shard `2/3`, where the campaigns are shared out among machines
 *
 * Where the folder cannot be written, the runs are tried all the same: they say why they cannot be stored.
 */
export async function startSessionRecord(
  results: string,
  jobs: readonly Job[],
  shard: string | undefined,
  say: (sentence: string) => void,
): Promise<SessionRecord> {
  const startedAt = new Date().toISOString();
  const file = join(results, `session-${startedAt.replaceAll(/[:.]/g, "-")}-${process.pid}.json`);
  const runs: SessionRun[] = jobs.map(({ plan }) => ({ campaign: plan.campaign, seed: plan.seed, end: "waiting" }));
  let incomplete = false;
  let lastWrite: Promise<void> = Promise.resolve();
  const write = async (): Promise<void> => {
    const machine = hostname();
    const session: Session = { version: 1, startedAt, machine, ...(shard === undefined ? {} : { shard }), runs };
    try {
      await mkdir(results, { recursive: true });
      keepDocument(file, session, runs.filter(({ end }) => end === "waiting").length * ROOM_BYTES);
    } catch (error) {
      if (!incomplete) say(`which runs were made cannot be recorded: ${(error as Error).message}`);
      incomplete = true;
    }
  };
  const writeInTurn = (): Promise<void> => (lastWrite = lastWrite.then(write));
  await writeInTurn();
  return {
    began: (position, folder) => {
      const [run] = runs.slice(position);
      if (run !== undefined) runs[position] = { ...run, folder: relative(results, folder) };
      return writeInTurn();
    },
    ended: (position, end) => {
      runs[position] = sessionRun(end, results);
      return writeInTurn();
    },
    isIncomplete: () => incomplete,
  };
}

function sessionRun(end: CampaignEnd, results: string): SessionRun {
  const { campaign, seed } = end;
  switch (end.kind) {
    case "judged":
      return { campaign, seed, end: end.kind, folder: relative(results, end.judged.folder) };
    case "harness-failed": {
      const reason = end.reason.slice(0, LONGEST_REASON);
      const { folder } = end;
      return {
        campaign,
        seed,
        end: end.kind,
        reason,
        ...(folder === undefined ? {} : { folder: relative(results, folder) }),
      };
    }
    case "skipped":
      return { campaign, seed, end: end.kind, reason: end.reason };
  }
}
