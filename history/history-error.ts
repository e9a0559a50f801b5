import { inMebibytes, MOST_EVENT_BYTES } from "./limits.ts";
import { RedquakeError } from "../machine/redquake-error.ts";

/** A history file that cannot be trusted: a damaged line, or events that no run can have produced. */
export class HistoryError extends RedquakeError {
  override readonly name = "HistoryError";
  readonly code = "REDQUAKE_HISTORY";
  readonly origin = "call";
  /** The line of the file, from 1. */
  readonly line: number;

  /** @param source what was read, such as the file's path. */
  constructor(source: string, line: number, problem: string) {
    super(`${source}, line ${line}: ${problem}`);
    this.line = line;
  }
}

/** @param what such as `a line` */
export function eventTooLarge(source: string, line: number, what: string): HistoryError {
  return new HistoryError(
    source,
    line,
    `${what} has more than ${inMebibytes(MOST_EVENT_BYTES)}, and no more than that is read of one`,
  );
}
