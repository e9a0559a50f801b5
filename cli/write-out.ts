/** A document, into a file or to the standard output. */
import { rename, writeFile } from "node:fs/promises";
import { shownPath, userPath } from "./user-folder.ts";

/** Whoever reads the file meanwhile sees the old one or the new one; its path is printed. */
export async function writeOut(text: string, named: string | undefined): Promise<void> {
  if (named === undefined) {
    process.stdout.write(text);
    return;
  }
  const file = userPath(named);
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, text);
  await rename(draft, file);
  console.log(shownPath(file));
}
