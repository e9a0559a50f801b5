/** Processes that make runs, on real servers. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { lockSimple } from "../../campaigns/locks/simple.ts";
import { RunProcesses } from "../../runner/run-processes.ts";
import type { ProcessRunOptions } from "../../runner/run-processes.ts";

const results = mkdtempSync(join(tmpdir(), "run-processes-test-"));
afterAll(() => rmSync(results, { recursive: true }));

const PLACE = { kind: "process", reason: undefined, redis: undefined, toxiproxy: { kind: "embedded" } } as const;
const options = (more: Partial<ProcessRunOptions> = {}): ProcessRunOptions => ({
  results,
  commandLine: "redquake campaigns lock-simple",
  observer: () => undefined,
  signal: new AbortController().signal,
  ...more,
});
const plan = { ...lockSimple.plan(1), loadMs: 1_000 };
/** More than any machine needs. */
const MOST_MS = 60_000;

/** Keeps this process from everything else, as a report of another run would, until the condition is met. */
function blockUntil(condition: () => boolean): void {
  const deadline = performance.now() + MOST_MS;
  const nobody = new Int32Array(new SharedArrayBuffer(4));
  while (!condition() && performance.now() < deadline) Atomics.wait(nobody, 0, 0, 20);
}

describe("runs in processes", () => {
  it("go on while the process that wants them does something else", async () => {
    await using processes = new RunProcesses(PLACE);
    const began = Promise.withResolvers<string>();
    const run = processes.run(plan, options({ began: began.resolve }));
    const history = join(await began.promise, "history.jsonl");
    const isOver = (): boolean => existsSync(history) && readFileSync(history, "utf8").includes('"phase":"stop"');
    blockUntil(isOver);
    expect(isOver()).toBe(true);
    await expect(run).resolves.toMatchObject({ interrupted: false });
  });

  it("are interrupted, wait for those who look around, and leave the process for the next run", async () => {
    await using processes = new RunProcesses(PLACE);
    const interrupt = new AbortController();
    const began = (): void => interrupt.abort();
    await expect(processes.run(plan, options({ began, signal: interrupt.signal }))).resolves.toMatchObject({
      interrupted: true,
    });
    const seen: (readonly string[])[] = [];
    const hold = (addresses: readonly string[]): Promise<void> => {
      seen.push(addresses);
      return Promise.resolve();
    };
    await expect(processes.run(plan, options({ hold }))).resolves.toMatchObject({ interrupted: false });
    expect(seen).toEqual([[expect.stringMatching(/^n1 127\.0\.0\.1:\d+$/)]]);
    await processes.abandon();
  });

  it("fail with the name of the error", async () => {
    await using processes = new RunProcesses(PLACE);
    await expect(processes.run({ ...plan, workload: "nothing" }, options())).rejects.toMatchObject({
      name: "HarnessError",
      message: expect.stringContaining('there is no workload "nothing"'),
    });
    // The process is well.
    await expect(processes.run(plan, options())).resolves.toMatchObject({ interrupted: false });
  });
});
