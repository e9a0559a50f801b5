/**
 * Writes files of a stored run or of a results folder, which may come from a stranger: beside, and then by a rename.
 * Those who read one meanwhile see the old one or the new one, and a link in its place is replaced, not followed.
 */
import { rmSync, renameSync, writeFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";

/** Returns the path of the file. */
export async function writeWhole(file: string, text: string): Promise<string> {
  const draft = draftOf(file);
  // What lies there is of a writer that was killed, or somebody has put it there.
  await rm(draft, { recursive: true, force: true });
  try {
    await writeFile(draft, text, { flag: "wx" });
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
  return file;
}

/** The same for those who cannot wait. */
export function writeWholeSync(file: string, text: string): string {
  const draft = draftOf(file);
  rmSync(draft, { recursive: true, force: true });
  try {
    writeFileSync(draft, text, { flag: "wx" });
    renameSync(draft, file);
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw error;
  }
  return file;
}

function draftOf(file: string): string {
  return `${file}.${process.pid}.tmp`;
}
