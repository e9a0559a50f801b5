import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { fork } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { Recorder } from "../../../history/live/recorder.ts";

describe("Recorder", () => {
  it("stamps events with nanoseconds since the origin", () => {
    const folder = mkdtempSync(join(tmpdir(), "redquake-test-"));
    const file = join(folder, "history.jsonl");
    const recorder = new Recorder(file, process.hrtime.bigint() - 5_000_000_000n);
    recorder.record({ process: 0, type: "invoke", f: "read", value: null });
    recorder.close();
    const event = JSON.parse(readFileSync(file, "utf8")) as { time: number };
    expect(event).toMatchObject({ process: 0, type: "invoke", f: "read", value: null });
    expect(event.time).toBeGreaterThanOrEqual(5_000_000_000);
    expect(event.time).toBeLessThan(6_000_000_000);
    rmSync(folder, { recursive: true });
  });

  it("stamps by the clock that all processes of the machine share, to the nanosecond", () => {
    const origin = process.hrtime.bigint();
    for (let i = 0; i < 2_000; i += 1) {
      const recorder = new Recorder("/dev/null", origin);
      const before = Number(process.hrtime.bigint() - origin);
      const now = recorder.now();
      const after = Number(process.hrtime.bigint() - origin);
      expect(now).toBeGreaterThanOrEqual(before);
      expect(now).toBeLessThanOrEqual(after);
      recorder.close();
    }
  });

  it("says that the disk is full", () => {
    const recorder = new Recorder("/dev/full", 0n);
    expect(() => recorder.record({ process: 0, type: "invoke", f: "read", value: null })).toThrow(
      /the disk is full.*--results/,
    );
  });

  it("keeps the lines of many processes whole, also of those that are killed in the middle", async () => {
    const folder = mkdtempSync(join(tmpdir(), "redquake-test-"));
    const file = join(folder, "history.jsonl");
    const writers = Array.from({ length: 4 }, (_, i) =>
      fork(fileURLToPath(new URL("../recorder-writer.ts", import.meta.url)), [file, String(i)]),
    );
    await Promise.all(writers.map((writer) => once(writer, "message")));
    for (const writer of writers) writer.kill("SIGKILL");
    await Promise.all(writers.map((writer) => once(writer, "exit")));
    const lines = readFileSync(file, "utf8").trimEnd().split("\n");
    const events = lines.map((line) => JSON.parse(line) as { process: number; value: { n: number } });
    for (let i = 0; i < 4; i += 1) {
      const numbers = events.filter((event) => event.process === i).map((event) => event.value.n);
      expect(numbers.length).toBeGreaterThanOrEqual(1_000);
      expect(numbers).toEqual(numbers.map((_, n) => n));
    }
    rmSync(folder, { recursive: true });
  });
});
