/** Has something done with a user's adapter in a process of its own, which is gone afterwards. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { compiledFile } from "../../machine/compiled.ts";
import { sourceName } from "../../workloads/adapter/adapter-source.ts";
import { AdapterFailedError, HarnessError } from "../harness-error.ts";
import type { Errand, FromErrand } from "./messages.ts";

export interface ErrandOptions {
  /** Told everything that the process says, its last word excepted. */
  readonly told: (message: FromErrand) => void;
  /** How long it may take, in milliseconds. */
  readonly deadlineMs: number;
  /** What is said when that time is over. */
  readonly overdue: string;
  /** Told in the end what the adapter, its library, or its command has written, where that is anything. */
  readonly say: (text: string) => void;
}

/** More of what an adapter writes is not kept. */
const MOST_OUTPUT = 16_384;

/**
 * Resolves when it is done. What the adapter writes is kept apart from what is said of it, and told afterwards.
 * @throws AdapterFailedError when the adapter is wrong, or ends the process; HarnessError when that could not be
 * started, or something else failed in it.
 */
export async function runErrand(errand: Errand, { told, deadlineMs, overdue, say }: ErrandOptions): Promise<void> {
  const named = sourceName(errand.source);
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const child = fork(compiledFile("runner/errand/main.js"), [], {
    // A group of its own: what an adapter's command starts is ended with it.
    detached: true,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    execArgv: ["--no-warnings"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream?.on("data", (chunk: Buffer) => {
      if (output.length <= MOST_OUTPUT) output += chunk.toString();
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
    if (output.trim() !== "") say(attributed(named, output));
  }
}

/** What somebody else has written, so that nobody takes it for redquake's words. */
function attributed(named: string, output: string): string {
  const lines = output.slice(0, MOST_OUTPUT).trimEnd().split("\n");
  const cut = output.length > MOST_OUTPUT ? [`(and more, which was not kept)`] : [];
  return [
    `the adapter ${named}, or its library, wrote meanwhile:`,
    ...[...lines, ...cut].map((line) => `  | ${line}`),
  ].join("\n");
}

/** Resolves when it is gone, and all that it has written is read. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined) return;
  const open = [child.stdout, child.stderr].filter((stream) => stream !== null).filter(({ closed }) => !closed);
  const read = Promise.all(open.map((stream) => once(stream, "close")));
  if (child.exitCode === null && child.signalCode === null) {
    const exited = once(child, "exit");
    process.kill(-child.pid, "SIGKILL");
    await exited;
  }
  await read;
}
