/**
 * Makes each run in a process of its own, so that none holds up another: to start servers and clients, to judge a
 * history or to write a report takes a busy machine seconds, in which the nemesis of another run in the same process
 * could neither act nor heal.
 */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import type { Plan } from "../history/plan.ts";
import { compiledFile } from "../machine/compiled.ts";
import { RedquakeError } from "../machine/redquake-error.ts";
import { COORDINATOR_VARIABLE, coordinatorMark } from "./equipment/clean.ts";
import type { RunOptions, RunResult } from "./run.ts";
import type { ErrorFacts, FromRunProcess, RunBase, RunPlace, ToRunProcess } from "./run-process/messages.ts";

/** How long there is to remove proxies when everything is to end at once. */
const ABANDON_TIMEOUT_MS = 10_000;

export type ProcessRunOptions = Pick<RunOptions, "results" | "commandLine" | "observer" | "began" | "signal" | "hold">;

/** All that are open in this process. */
const open = new Set<RunProcesses>();

/**
 * Processes for any number of runs in one place. Each is started when a run needs one, and used again for later runs.
 */
export class RunProcesses implements AsyncDisposable {
  readonly #base: RunBase;
  readonly #idle: ChildProcess[] = [];
  readonly #all = new Set<ChildProcess>();

  constructor(place: RunPlace) {
    this.#base = { ...place, coordinator: coordinatorMark() };
    open.add(this);
  }

  /**
   * Runs a plan, like `runPlan`, in a process that makes no other run meanwhile.
   * @throws an error with the name, the message and the stack of what `runPlan` throws; Error when the process ends.
   */
  async run(plan: Plan, options: ProcessRunOptions): Promise<RunResult> {
    const child = this.#idle.pop() ?? this.#start();
    try {
      return await inProcess(child, this.#base, plan, options);
    } finally {
      if (child.connected) this.#idle.push(child);
    }
  }

  /**
   * Removes what the runs have on a Toxiproxy that others use, too, and ends the processes: for when there is no time
   * to heal and save. What the runs have started is left.
   * @throws what could not be removed, and why.
   */
  async abandon(): Promise<void> {
    try {
      await Promise.all([...this.#all].map(abandonIn));
    } finally {
      await this[Symbol.asyncDispose]();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    open.delete(this);
    await Promise.all([...this.#all].map(end));
  }

  #start(): ChildProcess {
    const child = fork(compiledFile("runner/run-process/main.js"), [], {
      // Its own session: Ctrl-C in the terminal must reach the one that wants the runs only.
      detached: true,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      execArgv: ["--no-warnings"],
      env: { ...process.env, [COORDINATOR_VARIABLE]: this.#base.coordinator },
      serialization: "advanced",
    });
    this.#all.add(child);
    child.once("exit", () => this.#all.delete(child));
    return child;
  }
}

/** `abandon` for all that are open in this process. @throws what could not be removed, and why. */
export async function abandonRunProcesses(): Promise<void> {
  await Promise.all([...open].map((processes) => processes.abandon()));
}

async function inProcess(
  child: ChildProcess,
  base: RunBase,
  plan: Plan,
  options: ProcessRunOptions,
): Promise<RunResult> {
  const { results, commandLine, observer, began, signal, hold } = options;
  const { promise, resolve, reject } = Promise.withResolvers<RunResult>();
  const receive = (message: FromRunProcess): void => {
    switch (message.kind) {
      case "progress":
        return observer(message.progress);
      case "began":
        return began?.(message.folder);
      case "held":
        void hold?.(message.addresses).finally(() => tell(child, { kind: "go-on" }));
        return;
      case "ended":
        return resolve(message.result);
      case "failed":
        return reject(errorOf(message.error));
      case "abandoned":
    }
  };
  const failed = (error: Error): void =>
    reject(new Error(`the process of the run could not be started: ${error.message}`));
  const exited = (code: number | null, how: NodeJS.Signals | null): void =>
    reject(new Error(`the process of the run ended unexpectedly (${how ?? `exit code ${code}`})`));
  const interrupt = (): void => tell(child, { kind: "interrupt" });
  child.on("message", receive).once("error", failed).once("exit", exited);
  signal.addEventListener("abort", interrupt);
  try {
    tell(child, { kind: "run", order: { base, plan, results, commandLine, holds: hold !== undefined } });
    if (signal.aborted) interrupt();
    return await promise;
  } finally {
    signal.removeEventListener("abort", interrupt);
    child.off("message", receive).off("error", failed).off("exit", exited);
  }
}

async function abandonIn(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error("a run did not remove its proxies in time")), ABANDON_TIMEOUT_MS);
  child.on("message", (message: FromRunProcess) => {
    if (message.kind !== "abandoned") return;
    if (message.error === undefined) resolve();
    else reject(errorOf(message.error));
  });
  child.once("exit", () => resolve());
  tell(child, { kind: "abandon" });
  await promise.finally(() => clearTimeout(timer));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

function tell(child: ChildProcess, message: ToRunProcess): void {
  // One that has ended cannot be told anything; its end is reported by itself.
  if (child.connected) child.send(message, () => undefined);
}

/** What a run's own process threw on purpose. */
class RunError extends RedquakeError {
  readonly code: RedquakeError["code"];
  readonly origin: RedquakeError["origin"];

  constructor(message: string, { code, origin }: Pick<RedquakeError, "code" | "origin">) {
    super(message);
    this.code = code;
    this.origin = origin;
  }
}

function errorOf({ name, message, stack, known }: ErrorFacts): Error {
  const error = known === undefined ? new Error(message) : new RunError(message, known);
  return Object.assign(error, { name, ...(stack === undefined ? {} : { stack }) });
}
