/** The sessions of a results folder: which runs somebody set out to make there, and on which machine. */
import { readdir } from "node:fs/promises";
import { FileRefusal } from "../history/readers/open-file.ts";
import type { Session, SessionRun } from "./session.ts";
import { readDocument } from "./own-files.ts";
import { sessionFile } from "./stored-files.ts";

export interface StoredSession {
  /** Name of its file in the results folder. */
  readonly name: string;
  readonly session: Session;
}

export interface Sessions {
  /** The oldest first. */
  readonly sessions: readonly StoredSession[];
  /** Files that are damaged, one sentence each. */
  readonly problems: readonly string[];
}

/** A run that was wanted, and that will have no verdict. */
export interface MissingRun extends SessionRun {
  readonly machine: string;
  readonly shard: string | undefined;
}

const SESSION_NAME = /^session-.*\.json$/;

export async function listSessions(resultsFolder: string): Promise<Sessions> {
  const names = (await namesIn(resultsFolder)).filter((name) => SESSION_NAME.test(name)).sort();
  const sessions: StoredSession[] = [];
  const problems: string[] = [];
  for (const name of names) {
    const session = await readSession(resultsFolder, name);
    if (typeof session === "string")
      problems.push(`${name} is damaged (${session}): which runs it set out to make is not known.`);
    else sessions.push({ name, session });
  }
  return { sessions, problems };
}

/** A results folder that does not exist has none. */
async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

/** The session, or what is wrong with its file. */
async function readSession(folder: string, name: string): Promise<Session | string> {
  try {
    const parsed = sessionFile.safeParse(await readDocument(folder, name));
    return parsed.success ? parsed.data : (parsed.error.issues[0]?.message ?? "of another shape");
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof FileRefusal) return error.message;
    throw error;
  }
}

/**
 * Every run that was wanted and has left nothing behind that tells how it ended.
 * @param stored names of the runs that are stored, such as `lock-simple/2026-11-25T03-17-00-000Z-42`: each of them
 *   speaks for itself
 */
export function missingRuns(sessions: readonly StoredSession[], stored: ReadonlySet<string>): MissingRun[] {
  return sessions.flatMap(({ session }) =>
    session.runs
      .filter(({ end, folder }) => end !== "judged" && (folder === undefined || !stored.has(folder)))
      .map((run) => ({ ...run, machine: session.machine, shard: session.shard })),
  );
}

/** What became of a run that is missing, in words. */
export function missingInWords({ end, reason }: SessionRun): string {
  switch (end) {
    case "skipped":
      return `skipped: ${reason ?? "no reason was recorded"}`;
    case "harness-failed":
      return `the harness failed: ${reason ?? "no reason was recorded"}`;
    case "interrupted":
      return "interrupted before its plan had ended";
    case "waiting":
      return "not begun, or cut off in the middle of it";
    case "judged":
      return "judged";
  }
}
