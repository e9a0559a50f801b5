/** A document, into a file or to the standard output. */
import { writeWhole } from "../../history/live/write-whole.ts";
import { print } from "./print.ts";
import { shownPath, userPath } from "../../machine/user-folder.ts";

/** A reader sees the old file or the new one, never a part; its path is printed. */
export async function writeOut(text: string, named: string | undefined): Promise<void> {
  if (named === undefined) {
    process.stdout.write(text);
    return;
  }
  const file = userPath(named);
  await writeWhole(file, text);
  print(shownPath(file));
}
