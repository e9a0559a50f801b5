/** Errors of the file system that are no fault of ours, in words. */

/** What the file system does not let us do, and why: the user knows best what to do about it. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: "permission denied: make it accessible",
  EPERM: "permission denied: make it accessible",
  EROFS: "the file system is read-only: make it writable",
  ENOSPC: "no space is left: free some",
  EDQUOT: "no space is left: free some",
};

/** In a sentence; undefined for any other error. */
export function refusalOfFileSystem({ code = "", path, syscall }: NodeJS.ErrnoException): string | undefined {
  const why = REFUSALS[code];
  if (why === undefined || syscall === undefined) return undefined;
  return `cannot ${syscall} ${path ?? "a file"}: ${why}, or choose another folder`;
}
