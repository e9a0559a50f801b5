/**
 * How much of a file from a stranger is read before it is refused, so that no file can take all memory or never end.
 * Whatever is refused names its limit.
 */

/** Arrays and objects inside each other. */
export const MOST_DEPTH = 500;
/** Bytes of one event: of a line, or of a map of EDN. A final read of a million elements has about ten. */
export const MOST_EVENT_BYTES = 32 * 2 ** 20;

export interface HistoryLimits {
  /** After decompression. */
  readonly bytes: number;
  /** Lines, be there an event in them or not. */
  readonly lines: number;
  /** Words of all values on the tape: about one for each number and text, two for each array and object. */
  readonly words: number;
}

/** For a file that is loaded into columns. */
export const FILE_LIMITS: HistoryLimits = { bytes: 4 * 2 ** 30, lines: 50_000_000, words: 256 * 2 ** 20 };
/** For a stored run: every event of it becomes an object. */
export const RUN_LIMITS: HistoryLimits = { bytes: 512 * 2 ** 20, lines: 5_000_000, words: 64 * 2 ** 20 };

/** `512 MiB`. */
export function inMebibytes(bytes: number): string {
  return `${Math.floor(bytes / 2 ** 20).toLocaleString("en-US")} MiB`;
}
