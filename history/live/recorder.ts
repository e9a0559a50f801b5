/**
 * Appends events to a history file. Whole lines go out in one `write` on a file opened with O_APPEND: they are in the
 * operating system's hands when the call returns, so neither a killed worker nor a killed coordinator loses them, and
 * lines of different processes never mix.
 */
import { closeSync, openSync, writeSync } from "node:fs";
import { isOutOfSpace } from "./keep-document.ts";
import type { HistoryEvent, Json } from "../operation.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

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

/** An event could not be written: what goes on from here would not be in the history. */
export class RecordingError extends RedquakeError {
  override readonly name = "RecordingError";
  readonly code = "REDQUAKE_RECORDING";
  readonly origin = "machine";
}

export class Recorder {
  readonly #file: number;
  /** The start of the run on CLOCK_MONOTONIC, in nanoseconds. */
  readonly origin: bigint;
  /** Lines that go out with the next write. */
  #waiting = "";

  /**
   * @param origin the start of the run on CLOCK_MONOTONIC (`process.hrtime.bigint()` of any process of this machine),
   * in nanoseconds.
   */
  constructor(path: string, origin: bigint) {
    this.#file = openSync(path, "a");
    this.origin = origin;
  }

  /** Nanoseconds since the start of the run. */
  now(): number {
    // Not `performance.now()`, which counts from another origin in each process: the step between the two clocks cannot
    // be measured exactly.
    return Number(process.hrtime.bigint() - this.origin);
  }

  /**
   * Stamps and writes an event, which is in the operating system's hands when this returns.
   * @throws RecordingError when the disk is full; a history that misses an event proves nothing.
   */
  record(event: UnnumberedEvent): void {
    this.#waiting += lineOf(this.now(), event);
    this.flush();
  }

  /**
   * Takes a completion that was stamped at `time`, and writes it together with this process's next event: a client in a
   * hurry makes half as many system calls. It is written at the latest when the current turn of the event loop ends. A
   * process that is killed before has done nothing that could follow from the completion, and the operation then counts
   * as one whose outcome nobody knows.
   */
  recordCompletion(time: number, event: UnnumberedEvent): void {
    if (this.#waiting === "") process.nextTick(() => this.flush());
    this.#waiting += lineOf(time, event);
  }

  /**
   * Writes what waits; for callers that are about to tell somebody of a completion in another way than by their next
   * event.
   */
  flush(): void {
    if (this.#waiting === "") return;
    const lines = this.#waiting;
    this.#waiting = "";
    const written = this.#write(lines);
    // As many bytes as characters is all there is to write, unless some are not ASCII.
    if (written !== lines.length && written !== Buffer.byteLength(lines)) throw new RecordingError(DISK_FULL);
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#file);
    }
  }

  #write(lines: string): number {
    try {
      return writeSync(this.#file, lines);
    } catch (error) {
      throw isOutOfSpace(error) ? new RecordingError(DISK_FULL, { cause: error }) : error;
    }
  }
}

/** Put together by hand, as this is done for every event: twice as fast as `JSON.stringify` of the whole. */
function lineOf(time: number, event: UnnumberedEvent): string {
  const { process: client, type, f, value, error, node, worker, attempts } = event;
  const who = typeof client === "number" ? client : quoted(client);
  let line = `{"time":${time},"process":${who},"type":"${type}","f":${quoted(f)},"value":${JSON.stringify(value)}`;
  if (error !== undefined) line += `,"error":${JSON.stringify(error)}`;
  if (node !== undefined) line += `,"node":${quoted(node)}`;
  if (worker !== undefined) line += `,"worker":${quoted(worker)}`;
  if (attempts !== undefined) line += `,"attempts":${attempts}`;
  return `${line}}\n`;
}

const quotedNames = new Map<string, string>();

/** A name as JSON: there are few of them, and each is written many times. */
function quoted(name: string): string {
  let text = quotedNames.get(name);
  if (text === undefined) quotedNames.set(name, (text = JSON.stringify(name)));
  return text;
}
