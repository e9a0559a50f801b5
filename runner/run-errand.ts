/** Has something done with a user's adapter in a process of its own, which is gone afterwards. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import { sourceName } from "../workloads/lock/adapter-source.ts";
import { AdapterFailedError, HarnessError } from "./harness-error.ts";
import type { Errand, FromErrand } from "./errand/messages.ts";

/** The same kind of file as this one: TypeScript in a checkout, JavaScript in the package. */
const ENTRY = fileURLToPath(new URL(`./errand/main${extname(import.meta.url)}`, import.meta.url));

export interface ErrandOptions {
  /** Told everything that the process says, its last word excepted. */
  readonly told: (message: FromErrand) => void;
  /** How long it may take, in milliseconds. */
  readonly deadlineMs: number;
  /** What is said when that time is over. */
  readonly overdue: string;
}

/**
 * Resolves when it is done. What the adapter writes goes to standard error.
 * @throws AdapterFailedError when the adapter is wrong, or ends the process; HarnessError when that could not be started, or something else failed in it.
 */
export async function runErrand(errand: Errand, { told, deadlineMs, overdue }: ErrandOptions): Promise<void> {
  const named = sourceName(errand.source);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = fork(ENTRY, [], {
    // A group of its own: what an adapter's command starts is ended with it.
    detached: true,
    stdio: ["ignore", process.stderr, "inherit", "ipc"],
    execArgv: ["--no-warnings"],
  });
  const timer = setTimeout(() => reject(new AdapterFailedError(overdue)), deadlineMs);
  child.on("message", (message: FromErrand) => {
    if (message.kind === "done") resolve();
    else if (message.kind === "failed")
      reject(message.by === "adapter" ? new AdapterFailedError(message.message) : new HarnessError(message.message));
    else told(message);
  });
  child.once("error", (error) =>
    reject(new HarnessError(`the adapter's process could not be started: ${error.message}`)),
  );
  child.once("exit", (code, signal) =>
    reject(new AdapterFailedError(`the adapter ${named} has ended its process (${signal ?? `exit code ${code}`})`)),
  );
  child.send(errand);
  try {
    await promise;
  } finally {
    clearTimeout(timer);
    await end(child);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await exited;
}
