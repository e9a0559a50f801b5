/** Reads a history file while others are still writing it: each whole line is handed on as soon as it is there. */
import { closeSync, openSync, readSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import type { ParsedLine } from "../line.ts";
import { parseLine } from "../line.ts";

const CHUNK_BYTES = 65_536;
const LINE_END = 0x0a;

export type EventListener = (event: ParsedLine) => void;

export class HistoryFollower implements Disposable {
  readonly #file: number;
  readonly #watcher: FSWatcher;
  readonly #chunk = Buffer.alloc(CHUNK_BYTES);
  readonly #listeners = new Set<EventListener>();
  /** The beginning of a line whose end is not written yet. */
  #rest: Buffer = Buffer.alloc(0);
  #closed = false;

  /**
   * Starts with the first line of the file, which must exist.
   * @param onError told of what ends the following: a damaged line, or a watch that the operating system gives up.
   */
  constructor(path: string, onError: (error: Error) => void) {
    this.#file = openSync(path, "r");
    const read = (): void => {
      if (this.#closed) return;
      try {
        this.#read();
      } catch (error) {
        this.#watcher.close();
        onError(error as Error);
      }
    };
    try {
      this.#watcher = watch(path, { persistent: false }, read);
    } catch (error) {
      closeSync(this.#file);
      throw error;
    }
    this.#watcher.once("error", onError);
    // What was written before the watch began makes no sound; a subscriber of this turn hears it too.
    queueMicrotask(read);
  }

  /** Hears every event from now on, in the order of the lines. Returns how to stop. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  [Symbol.dispose](): void {
    this.#closed = true;
    this.#watcher.close();
    this.#listeners.clear();
    closeSync(this.#file);
  }

  #read(): void {
    // Until there is no more: several writes may make one sound only.
    for (let length = this.#fill(); length > 0; length = this.#fill()) {
      const bytes = Buffer.concat([this.#rest, this.#chunk.subarray(0, length)]);
      let start = 0;
      for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, start)) {
        const event = parseLine(bytes.toString("utf8", start, end));
        for (const listener of this.#listeners) listener(event);
        start = end + 1;
      }
      this.#rest = Buffer.from(bytes.subarray(start));
    }
  }

  #fill(): number {
    return readSync(this.#file, this.#chunk, 0, CHUNK_BYTES, null);
  }
}
