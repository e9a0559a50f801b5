import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { abandonOwnRuns, cleanUp, coordinatorMark, leftBehind } from "../../../runner/equipment/clean.ts";
import { procTable, psTable } from "../../../machine/process-table.ts";
import { createTemporaryFolder } from "../../../runner/run-folder.ts";

interface AbandonedRun {
  readonly coordinator: ChildProcess;
  readonly folder: string;
  readonly pids: Readonly<Record<"worker" | "stoppedWorker" | "node" | "stoppedNode", number>>;
}

const started: number[] = [];
let temporary: string;
let usual: string | undefined;

beforeEach(() => {
  usual = process.env["TMPDIR"];
  temporary = mkdtempSync(join(tmpdir(), "clean-test-"));
  process.env["TMPDIR"] = temporary;
});

afterEach(() => {
  for (const pid of started.splice(0)) if (isRunning(pid)) process.kill(pid, "SIGKILL");
  if (usual === undefined) delete process.env["TMPDIR"];
  else process.env["TMPDIR"] = usual;
  rmSync(temporary, { recursive: true, force: true });
});

function isRunning(pid: number): boolean {
  return procTable.find(pid) !== undefined;
}

async function startRun(): Promise<AbandonedRun> {
  const script = join(import.meta.dirname, "abandoned-run.ts");
  const coordinator = spawn(process.execPath, [script], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const line of createInterface({ input: coordinator.stdout })) {
    const { folder, pids } = JSON.parse(line) as Omit<AbandonedRun, "coordinator">;
    started.push(coordinator.pid as number, ...Object.values(pids));
    return { coordinator, folder, pids };
  }
  throw new Error("the coordinator ended before it had started anything");
}

async function killCoordinator(run: AbandonedRun): Promise<void> {
  const exited = once(run.coordinator, "exit");
  run.coordinator.kill("SIGKILL");
  await exited;
}

function startIdle(cwd: string, environment: Readonly<Record<string, string>>): number {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {
    cwd,
    env: environment,
    detached: true,
    stdio: "ignore",
  });
  started.push(child.pid as number);
  return child.pid as number;
}

const silent = { say: () => undefined };

describe("cleanUp", () => {
  it("ends every process of a run whose coordinator was killed, stopped ones too, and removes its folder", async () => {
    const run = await startRun();
    await killCoordinator(run);

    const said: string[] = [];
    const result = await cleanUp({ say: (line) => said.push(line) });

    expect(Object.values(run.pids).filter(isRunning)).toEqual([]);
    expect(existsSync(run.folder)).toBe(false);
    // How many processes is not certain: another run that starts on this machine in this moment ends some of them
    // itself.
    expect(result.folders).toBe(1);
    expect(said).toContain(
      `removed 1 temporary folder of runs that were killed: ${realpathSync(temporary)}/${basename(run.folder)} (lock-simple with seed 7, stored in results/x)`,
    );
    const ended = said.find((line) => line.startsWith("ended") && line.includes("results/x"));
    if (ended !== undefined)
      expect(ended).toMatch(
        /^ended \d process(es)? of a killed run \(lock-simple with seed 7, stored in results\/x\): \d node$/,
      );
  });

  it("is announced with whose it is", async () => {
    const run = await startRun();
    await killCoordinator(run);
    expect((await leftBehind()).runs).toEqual(expect.arrayContaining(["lock-simple with seed 7, stored in results/x"]));
    await cleanUp(silent);
  });

  it("leaves a run alone whose coordinator is alive, while it ends the orphans of another one", async () => {
    const [alive, dead] = await Promise.all([startRun(), startRun()]);
    await killCoordinator(dead);

    await cleanUp(silent);

    expect(Object.values(dead.pids).filter(isRunning)).toEqual([]);
    expect(Object.values(alive.pids).every(isRunning)).toBe(true);
    expect(existsSync(alive.folder)).toBe(true);
  });

  it("does not take a later process with the coordinator's process id for the coordinator", async () => {
    const folder = createTemporaryFolder().path;
    writeFileSync(join(folder, "coordinator"), `${process.pid}:1`);
    const pid = startIdle(folder, {});

    await cleanUp(silent);

    expect(isRunning(pid)).toBe(false);
    expect(existsSync(folder)).toBe(false);
  });

  it("touches no folder that only has a similar name, and no process in it", async () => {
    const checkout = join(temporary, "redquake-checkout");
    mkdirSync(checkout);
    const pid = startIdle(checkout, {});

    expect((await cleanUp(silent)).folders).toBe(0);

    expect(isRunning(pid)).toBe(true);
    expect(existsSync(checkout)).toBe(true);
  });

  it("goes by folders and arguments where only ps shows the processes", async () => {
    const [alive, dead] = await Promise.all([startRun(), startRun()]);
    // The same coordinators, in the notation of this table.
    writeFileSync(join(alive.folder, "coordinator"), markFromPs(alive.coordinator.pid as number));
    writeFileSync(join(dead.folder, "coordinator"), markFromPs(dead.coordinator.pid as number));
    await killCoordinator(dead);

    const result = await cleanUp({ ...silent, table: psTable });

    expect(result).toMatchObject({ processes: 2, folders: 1 });
    expect([dead.pids.node, dead.pids.stoppedNode].filter(isRunning)).toEqual([]);
    expect(Object.values(alive.pids).every(isRunning)).toBe(true);
    expect(existsSync(alive.folder)).toBe(true);
  });
});

function markFromPs(pid: number): string {
  const entry = psTable.find(pid);
  return `${entry?.pid}:${entry?.start}`;
}

describe("abandonOwnRuns", () => {
  it("ends the processes of this process's own runs, and no others", async () => {
    const other = await startRun();
    const { path: folder, environment } = createTemporaryFolder();
    const own = [startIdle("/", environment), startIdle(folder, {})];

    expect(await abandonOwnRuns(silent)).toEqual({ processes: 2, folders: 1, containers: 0 });

    expect(own.filter(isRunning)).toEqual([]);
    expect(existsSync(folder)).toBe(false);
    expect(Object.values(other.pids).every(isRunning)).toBe(true);
    expect(existsSync(other.folder)).toBe(true);
  });
});

describe("coordinatorMark", () => {
  it("names this process by its id and start time", () => {
    expect(coordinatorMark()).toBe(`${process.pid}:${procTable.find(process.pid)?.start}`);
    expect(coordinatorMark()).toMatch(/^\d+:\d+$/);
  });
});
