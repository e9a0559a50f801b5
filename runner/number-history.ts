/** Puts a finished history in the order of time and numbers it, by a rename: a reader sees the one or the other, never half. */
import { createWriteStream, renameSync } from "node:fs";
import { once } from "node:events";
import { readHistory } from "../history/read.ts";

export async function numberHistory(file: string): Promise<void> {
  const { history } = await readHistory(file);
  const numbered = `${file}.numbered`;
  const stream = createWriteStream(numbered);
  for (const { index, time, ...rest } of history.events) {
    if (!stream.write(`${JSON.stringify({ index, time, ...rest })}\n`)) await once(stream, "drain");
  }
  stream.end();
  await once(stream, "finish");
  renameSync(numbered, file);
}
