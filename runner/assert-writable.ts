/** Whether runs can write where they must, found out before anything is started. */
import { existsSync, mkdtempSync, rmdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { HarnessError } from "./harness-error.ts";

/** @param folder absolute; it need not exist yet. @throws HarnessError that names the folder and what to do. */
export function assertResultsWritable(folder: string): void {
  const why = whyNotWritable(folder);
  if (why === undefined) return;
  throw new HarnessError(
    `the results cannot be stored in ${folder} (${why}): make it writable, or choose another folder with --results`,
  );
}

/** @throws HarnessError that names the folder and what to do. */
export function assertTemporaryWritable(): void {
  const folder = tmpdir();
  const why = existsSync(folder) ? whyNotWritable(folder) : "there is no such folder";
  if (why === undefined) return;
  throw new HarnessError(
    `the temporary folder ${folder} cannot be written (${why}): make it writable, or set TMPDIR to another folder`,
  );
}

/** Tried, as permissions do not tell of a disk that is mounted read-only. Nothing is left there. */
function whyNotWritable(folder: string): string | undefined {
  let nearest = folder;
  while (!existsSync(nearest) && dirname(nearest) !== nearest) nearest = dirname(nearest);
  try {
    rmdirSync(mkdtempSync(join(nearest, ".redquake-")));
    return undefined;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    return WORDS[code] ?? message;
  }
}

const WORDS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "its file system is read-only",
  ENOTDIR: "it is, or lies below, a file",
  ENOENT: "nothing can be made there",
  ENOSPC: "no space is left",
  EDQUOT: "no space is left",
};
