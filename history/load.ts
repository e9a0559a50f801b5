/** Loading a history file into columns, whatever its size: it is read in pieces, and no event becomes an object. */
import { EdnReader } from "./readers/edn-reader.ts";
import { CompressionError, historyBytes } from "./readers/history-bytes.ts";
import { HistoryError } from "./history-error.ts";
import type { HistoryReader, LoadedHistory } from "./readers/history-reader.ts";
import { JsonlReader } from "./readers/jsonl-reader.ts";
import type { HistoryLimits } from "./limits.ts";
import { FILE_LIMITS, inMebibytes, RUN_LIMITS } from "./limits.ts";

export interface LoadOptions {
  /** Told after each piece how many bytes have been read, after decompression. */
  readonly onProgress?: (bytes: number) => void;
  /** Ends the loading with its reason. */
  readonly signal?: AbortSignal;
  /**
   * It is that of a stored run: no link is followed, and the limits are narrower, as each event will become an object.
   */
  readonly ofRun?: true;
}

/**
 * Loads a file of JSON lines, or of EDN as Jepsen, Knossos and Elle write it; either may be compressed with gzip or
 * Zstandard. EDN is known by the ending `.edn` (before `.gz` or `.zst`), or by its first characters.
 * @param file path, or `-` for standard input.
 * @throws HistoryError that names the line, or the limit that the file exceeds (`limits.ts`); see `readHistory`.
 *   FileRefusal when it is no file. What `node:fs` throws when the file cannot be read.
 */
export async function loadHistory(
  file: string,
  { onProgress, signal, ofRun }: LoadOptions = {},
): Promise<LoadedHistory> {
  const limits = ofRun === true ? RUN_LIMITS : FILE_LIMITS;
  let reader: HistoryReader | undefined;
  let bytes = 0;
  try {
    for await (const piece of historyBytes(file, ofRun !== true, signal)) {
      reader ??= readerFor(file, piece);
      reader.push(piece);
      bytes += piece.length;
      const excess = excessOf({ bytes, lines: reader.line, words: reader.words }, limits);
      if (excess !== undefined)
        throw new HistoryError(file, reader.line, `there is more than ${excess}, and no more than that is read`);
      onProgress?.(bytes);
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!(error instanceof CompressionError)) throw error;
    throw new HistoryError(file, reader?.line ?? 1, error.message);
  }
  return (reader ?? new JsonlReader(file)).end();
}

/** The first limit that is exceeded. */
function excessOf(read: HistoryLimits, most: HistoryLimits): string | undefined {
  if (read.bytes > most.bytes) return inMebibytes(most.bytes);
  if (read.lines > most.lines) return `${most.lines.toLocaleString("en-US")} lines`;
  return read.words > most.words ? `${most.words.toLocaleString("en-US")} numbers, texts and brackets` : undefined;
}

function readerFor(file: string, head: Uint8Array): HistoryReader {
  const isEdn = /\.edn(?:\.gz|\.zst)?$/i.test(file) || looksLikeEdn(Buffer.from(head).toString("latin1", 0, 200));
  return isEdn ? new EdnReader(file) : new JsonlReader(file);
}

/** A map whose first key is a keyword, perhaps tagged or in a list or vector, or a comment. */
function looksLikeEdn(head: string): boolean {
  return /^[\s,]*(?:[([][\s,]*)?(?:\{[\s,]*:|#[a-zA-Z_]|\(|;)/.test(head);
}
