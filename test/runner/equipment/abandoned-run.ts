/**
 * What a coordinator leaves behind when it is killed: a folder with nodes in it, and workers. Prints the process ids as
 * one line of JSON when all of them are running, then waits to be killed.
 */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createTemporaryFolder } from "../../../runner/run-folder.ts";

const { path: folder, environment } = createTemporaryFolder("lock-simple with seed 7, stored in results/x");
const nodeFolder = join(folder, "n1", "data");
mkdirSync(nodeFolder, { recursive: true });

function idle(cwd: string, variables: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ["-e", "console.log(); setInterval(() => {}, 1000)", join(cwd, "redis.conf")], {
    cwd,
    env: variables,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

const children = {
  worker: idle("/", environment),
  stoppedWorker: idle("/", environment),
  node: idle(nodeFolder, {}),
  stoppedNode: idle(nodeFolder, {}),
};
await Promise.all(Object.values(children).map((child) => once(child.stdout as NodeJS.EventEmitter, "data")));
children.stoppedWorker.kill("SIGSTOP");
children.stoppedNode.kill("SIGSTOP");
const pids = Object.fromEntries(Object.entries(children).map(([name, child]) => [name, child.pid]));
console.log(JSON.stringify({ folder, pids }));
