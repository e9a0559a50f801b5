/**
 * Appends events to a history file. Every line is one `write` on a file opened with O_APPEND: it is in the operating system's hands when
 * the call returns, so neither a killed worker nor a killed coordinator loses it, and lines of different processes never mix.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import type { HistoryEvent, Json } from "./operation.ts";

/** An event before it gets its place in the history; what is undefined is left out of its line. */
export interface UnnumberedEvent {
  readonly process: HistoryEvent["process"];
  readonly type: HistoryEvent["type"];
  readonly f: string;
  readonly value: Json;
  readonly error?: string | undefined;
  readonly node?: string | undefined;
  readonly worker?: string | undefined;
  readonly attempts?: number | undefined;
}

const DISK_FULL =
  "the disk is full: an event of the history could not be written; free some space, or choose another place with --results";

export class Recorder {
  readonly #file: number;
  /** The start of the run on CLOCK_MONOTONIC, in nanoseconds. */
  readonly origin: bigint;

  /** @param origin the start of the run on CLOCK_MONOTONIC (`process.hrtime.bigint()` of any process of this machine), in nanoseconds. */
  constructor(path: string, origin: bigint) {
    this.#file = openSync(path, "a");
    this.origin = origin;
  }

  /** Nanoseconds since the start of the run. */
  now(): number {
    return Number(process.hrtime.bigint() - this.origin);
  }

  /** Stamps and writes an event. @throws when the disk is full; a history that misses an event proves nothing. */
  record(event: UnnumberedEvent): void {
    this.recordAt(this.now(), event);
  }

  /** Writes an event that was stamped earlier. */
  recordAt(time: number, event: UnnumberedEvent): void {
    const { process: client, type, f, value, error, node, worker, attempts } = event;
    const line = Buffer.from(
      `${JSON.stringify({ time, process: client, type, f, value, error, node, worker, attempts })}\n`,
    );
    if (this.#write(line) !== line.length) throw new Error(DISK_FULL);
  }

  #write(line: Buffer): number {
    try {
      return writeSync(this.#file, line);
    } catch (error) {
      throw (error as NodeJS.ErrnoException).code === "ENOSPC" ? new Error(DISK_FULL, { cause: error }) : error;
    }
  }

  close(): void {
    closeSync(this.#file);
  }
}
