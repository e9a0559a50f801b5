/** The contract of a reader of one format: bytes in, in pieces of any size; the history in columns out. */
import type { Columns } from "../columns/columns.ts";

export interface LoadedHistory {
  readonly columns: Columns;
  /** What was accepted but should be known, such as a last line that was cut off. */
  readonly warnings: readonly string[];
}

export interface HistoryReader {
  /** Number of the line that it has come to, from 1. */
  readonly line: number;
  /** Words of all values so far. */
  readonly words: number;
  /** @throws HistoryError when something is damaged. */
  push(piece: Uint8Array): void;
  /** After the last piece. @throws HistoryError */
  end(): LoadedHistory;
}
