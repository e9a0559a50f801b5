/** Whether two files of stored runs have the same bytes, whatever their size. */
import type { FileHandle } from "node:fs/promises";
import { FileRefusal, openOwnFile } from "../history/readers/open-file.ts";

const PIECE_BYTES = 1 << 20;

/** Two that are both absent are the same; what is no regular file is the same as nothing. */
export async function sameFile(one: string, other: string): Promise<boolean> {
  await using files = new AsyncDisposableStack();
  const left = await opened(one, files);
  const right = await opened(other, files);
  if (typeof left === "string" || typeof right === "string") return left === "absent" && right === "absent";
  const [leftPiece, rightPiece] = [Buffer.alloc(PIECE_BYTES), Buffer.alloc(PIECE_BYTES)];
  for (;;) {
    const length = await fill(left, leftPiece);
    if (length !== (await fill(right, rightPiece))) return false;
    if (!leftPiece.subarray(0, length).equals(rightPiece.subarray(0, length))) return false;
    if (length < PIECE_BYTES) return true;
  }
}

async function opened(path: string, files: AsyncDisposableStack): Promise<FileHandle | "absent" | "refused"> {
  try {
    return files.use(await openOwnFile(path));
  } catch (error) {
    if (error instanceof FileRefusal) return "refused";
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return "absent";
    throw error;
  }
}

/** How many bytes came: fewer than there is room for at the end of the file only. */
async function fill(file: FileHandle, piece: Buffer): Promise<number> {
  let length = 0;
  while (length < piece.length) {
    const { bytesRead } = await file.read(piece, length, piece.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return length;
}
