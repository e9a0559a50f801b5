/** The bytes of a history file, or of standard input, decompressed where they are compressed. */
import { addAbortSignal, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip, createZstdDecompress } from "node:zlib";
import { openOwnFile, readNamedFile } from "./open-file.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

/** What is compressed cannot be decompressed; where in the history that is, nobody can say. */
export class CompressionError extends RedquakeError {
  override readonly name = "CompressionError";
  readonly code = "REDQUAKE_COMPRESSION";
  readonly origin = "call";
}

/** Instead of a file's name: standard input. */
export const STANDARD_INPUT = "-";
const PIECE_BYTES = 1 << 20;
const COMPRESSIONS = [
  { name: "gzip", magic: Buffer.from([0x1f, 0x8b]), open: () => createGunzip({ chunkSize: PIECE_BYTES }) },
  {
    name: "Zstandard",
    magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
    open: () => createZstdDecompress({ chunkSize: PIECE_BYTES }),
  },
];
const LONGEST_MAGIC = 4;

/**
 * The pieces of the file, in order. What is compressed with gzip or Zstandard is known by its first bytes, not by its
 * name.
 * @param signal ends the reading, also where nothing comes.
 * @param follow whether the file may be a link, as one that a user names may be
 * @throws CompressionError when compressed data is damaged; FileRefusal when it is no file; otherwise what `node:fs`
 *   throws.
 */
export async function* historyBytes(file: string, follow: boolean, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  const raw = await opened(file, follow);
  if (signal !== undefined) addAbortSignal(signal, raw);
  try {
    const pieces = withWholeHead(raw);
    const first = await pieces.next();
    if (first.done === true) return;
    const compression = COMPRESSIONS.find(({ magic }) => first.value.subarray(0, magic.length).equals(magic));
    const all = after(first.value, pieces);
    yield* compression === undefined ? all : decompressed(all, compression);
  } finally {
    raw.destroy();
  }
}

async function opened(file: string, follow: boolean): Promise<Readable> {
  if (file === STANDARD_INPUT) return process.stdin;
  if (follow) return readNamedFile(file, PIECE_BYTES);
  return (await openOwnFile(file)).createReadStream({ highWaterMark: PIECE_BYTES });
}

/** The first piece has as many bytes as are needed to know what it is, if there are so many. */
async function* withWholeHead(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const piece of pieces) {
    if (head === undefined) {
      yield piece;
      continue;
    }
    head = Buffer.concat([head, piece]);
    if (head.length < LONGEST_MAGIC) continue;
    yield head;
    head = undefined;
  }
  if (head !== undefined) yield head;
}

async function* after(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function* decompressed(
  pieces: AsyncIterable<Buffer>,
  { name, open }: (typeof COMPRESSIONS)[number],
): AsyncGenerator<Buffer> {
  const decompressor = open();
  const piped = pipeline(Readable.from(pieces, { objectMode: false }), decompressor);
  // It is awaited below, unless reading it ends with the same error first.
  piped.catch(() => undefined);
  try {
    yield* decompressor as AsyncIterable<Buffer>;
    await piped;
  } catch (error) {
    if (!(error instanceof Error) || !("errno" in error) || "syscall" in error) throw error;
    throw new CompressionError(`the ${name} data is damaged: ${error.message}`);
  }
}
