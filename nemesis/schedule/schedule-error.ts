import { RedquakeError } from "../../machine/redquake-error.ts";

/** A schedule that cannot be read: where, what is wrong there, and what would be right. */
export class ScheduleError extends RedquakeError {
  override readonly name = "ScheduleError";
  readonly code = "REDQUAKE_SCHEDULE";
  readonly origin = "call";
  /** Both from 1. */
  readonly line: number;
  readonly column: number;

  constructor(text: string, offset: number, reason: string) {
    const before = text.slice(0, offset).split("\n");
    const line = before.length;
    const column = (before.at(-1)?.length ?? 0) + 1;
    super(`line ${line}, column ${column}: ${reason}`);
    this.line = line;
    this.column = column;
  }
}
