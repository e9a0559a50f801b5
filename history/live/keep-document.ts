/**
 * Writing the documents of stored runs, so that a reader sees the old one or the new one, and so that the last word
 * finds a place on a full disk.
 */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";

/** No room on the disk, in the user's share of it, or in what the process may write. */
const OUT_OF_SPACE = new Set(["ENOSPC", "EDQUOT", "EFBIG"]);

export function isOutOfSpace(error: unknown): boolean {
  return OUT_OF_SPACE.has((error as NodeJS.ErrnoException | undefined)?.code ?? "");
}

/**
 * Writes a JSON document that people may want to read, by a rename. Where the disk is full and there is an old one,
 * that is overwritten where it lies.
 * @param room bytes that a later, longer document will find there then
 * @throws the error of the file system; the old document is whole then.
 */
export function keepDocument(file: string, document: object, room = 0): void {
  const text = Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
  const draft = `${file}.${process.pid}.tmp`;
  try {
    // A link of a stranger in its place must not be followed.
    rmSync(draft, { recursive: true, force: true });
    writeFileSync(draft, Buffer.concat([text, Buffer.alloc(room, " ")]), { flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { force: true });
    if (!isOutOfSpace(error) || !existsSync(file)) throw error;
    overwrite(file, text);
  }
}

/** Spaces after a JSON document are a part of it, so its length need not change. */
function overwrite(file: string, text: Buffer): void {
  const descriptor = openSync(file, constants.O_WRONLY | constants.O_NOFOLLOW);
  try {
    const { size } = fstatSync(descriptor);
    // First what is new: where that finds no place, the old document stays as it is.
    if (text.length > size) writeAll(descriptor, Buffer.alloc(text.length - size, " "), size);
    writeAll(descriptor, Buffer.concat([text, Buffer.alloc(Math.max(0, size - text.length), " ")]), 0);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, bytes: Buffer, position: number): void {
  for (let done = 0; done < bytes.length;) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}
