/**
 * Opens files of strangers: only regular ones, so that no reading waits for ever or never ends, and nothing else is
 * read than what lies there.
 */
import { constants, createReadStream } from "node:fs";
import { lstat, open, stat } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { basename } from "node:path";
import type { Stats } from "node:fs";
import type { Readable } from "node:stream";
import { inMebibytes } from "../limits.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

/** It is there, and it is not read. The message is a sentence without its end. */
export class FileRefusal extends RedquakeError {
  override readonly name = "FileRefusal";
  readonly code = "REDQUAKE_FILE_REFUSED";
  readonly origin = "call";
}

/**
 * Opens the file for reading, but follows no link.
 * @throws FileRefusal when it is no regular file; otherwise what `node:fs` throws.
 */
export async function openOwnFile(path: string): Promise<FileHandle> {
  return openRegular(path, await lstat(path), constants.O_NOFOLLOW);
}

/**
 * The whole text of a file that is no link.
 * @throws FileRefusal when it is no regular file, or larger than the limit; otherwise what `node:fs` throws.
 */
export async function readOwnFile(path: string, mostBytes: number): Promise<string> {
  await using file = await openOwnFile(path);
  const { size } = await file.stat();
  if (size > mostBytes)
    throw new FileRefusal(`${basename(path)} is larger than ${inMebibytes(mostBytes)}, and no more than that is read`);
  return await file.readFile("utf8");
}

/**
 * A stream of what a user has named: of a file or what a link leads to, or of a pipe that was handed to this process,
 * as shells do for `<(command)`.
 * @throws FileRefusal when it is a named pipe or a device; otherwise what `node:fs` throws.
 */
export async function readNamedFile(path: string, pieceBytes: number): Promise<Readable> {
  const options = { highWaterMark: pieceBytes };
  if (HANDED.test(path)) return createReadStream(path, options);
  return (await openRegular(path, await stat(path), 0)).createReadStream(options);
}

const HANDED = /^\/(?:dev\/(?:stdin$|fd\/)|proc\/self\/fd\/)/;

async function openRegular(path: string, seen: Stats, flags: number): Promise<FileHandle> {
  assertRegular(seen, path);
  // It may have been replaced meanwhile by what would keep an opening waiting.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | flags);
  try {
    assertRegular(await file.stat(), path);
    return file;
  } catch (error) {
    await file.close();
    throw error;
  }
}

function assertRegular(stats: Stats, path: string): void {
  if (!stats.isFile()) throw new FileRefusal(`${basename(path)} is ${kindOf(stats)}, and only regular files are read`);
}

/** What something is that is no regular file: `a symbolic link`. */
export function kindOf(entry: Pick<Stats, "isSymbolicLink" | "isDirectory" | "isFIFO" | "isSocket">): string {
  if (entry.isSymbolicLink()) return "a symbolic link";
  if (entry.isDirectory()) return "a folder";
  if (entry.isFIFO()) return "a named pipe";
  return entry.isSocket() ? "a socket" : "a device";
}
