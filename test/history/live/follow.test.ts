/** A history that is read while it is written hands on every whole line, once, in order. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { HistoryFollower } from "../../../history/live/follow.ts";
import type { ParsedLine } from "../../../history/line.ts";
import { Recorder } from "../../../history/live/recorder.ts";

const folders: string[] = [];

function historyFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "test-history-"));
  folders.push(folder);
  const file = join(folder, "history.jsonl");
  writeFileSync(file, "");
  return file;
}

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const fail = (error: Error): void => {
  throw error;
};

describe("a followed history", () => {
  it("is heard from its first line, also what was written before", async () => {
    const file = historyFile();
    const recorder = new Recorder(file, process.hrtime.bigint());
    recorder.record({ process: 0, type: "invoke", f: "write", value: 1 });
    using follower = new HistoryFollower(file, fail);
    const heard: ParsedLine[] = [];
    follower.subscribe((event) => heard.push(event));
    for (let value = 2; value <= 3_000; value += 1)
      recorder.record({ process: value, type: "invoke", f: "write", value: `${value} `.padEnd(100, "é") });
    await expect.poll(() => heard.length).toBe(3_000);
    recorder.close();
    expect(heard.map((event) => event.process)).toEqual([0, ...Array.from({ length: 2_999 }, (_, i) => i + 2)]);
  });

  it("waits for the rest of a line", async () => {
    const file = historyFile();
    using follower = new HistoryFollower(file, fail);
    const heard: string[] = [];
    follower.subscribe((event) => heard.push(event.f));
    const line = '{"process":0,"type":"invoke","f":"write","value":1}\n';
    appendFileSync(file, line + line.slice(0, 20));
    await expect.poll(() => heard).toEqual(["write"]);
    appendFileSync(file, line.slice(20));
    await expect.poll(() => heard).toEqual(["write", "write"]);
  });

  it("is not heard any more by who has stopped", async () => {
    const file = historyFile();
    using follower = new HistoryFollower(file, fail);
    const heard = { first: 0, second: 0 };
    const stop = follower.subscribe(() => (heard.first += 1));
    follower.subscribe(() => (heard.second += 1));
    const line = '{"process":0,"type":"info","f":"write","value":1}\n';
    appendFileSync(file, line);
    await expect.poll(() => heard.second).toBe(1);
    stop();
    appendFileSync(file, line);
    await expect.poll(() => heard.second).toBe(2);
    expect(heard.first).toBe(1);
  });

  it("ends at a damaged line, and says so", async () => {
    const file = historyFile();
    const errors: string[] = [];
    using follower = new HistoryFollower(file, (error) => errors.push(error.message));
    follower.subscribe(() => undefined);
    appendFileSync(file, '{"process":"nobody"}\n');
    await expect.poll(() => errors).toEqual([expect.stringContaining("process is")]);
  });
});
