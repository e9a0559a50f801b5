/** One client process, as the coordinator sees it. */
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { cacheFolder } from "../machine/cache-folder.ts";
import { awaitCondition } from "../machine/await-condition.ts";
import { compiledFile } from "../machine/compiled.ts";
import { processState } from "../machine/process-state.ts";
import type { ProcessState } from "../machine/process-state.ts";
import { HostError } from "../machine/host-error.ts";
import type { NodeShim } from "../hosts/host.ts";
import type { ShimControl } from "../hosts/shim/shim-control.ts";
import type { Arrival, Unreachable } from "../nemesis/barriers.ts";
import type { FaultyWorker } from "../nemesis/fault.ts";
import { AdapterFailedError, HarnessError } from "./harness-error.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./worker/messages.ts";

/**
 * Room for what clients throw away at once, so that their garbage collections are few: each is a pause that no campaign
 * has planned.
 */
const YOUNG_GENERATION_MIB = 32;

/** How long a worker may take to finish its last operation when it is told to go. */
const SHUTDOWN_TIMEOUT_MS = 15_000;

export interface WorkerProcessOptions {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Where its standard output and error go. */
  readonly logFile: string;
  /** Told what those who watch the run should know. */
  readonly note: (text: string) => void;
  /** The controls of the fault shim, and the environment that loads it, where there is one. */
  readonly shim: { readonly control: ShimControl; readonly library: string } | undefined;
}

export interface OperationCounts {
  readonly ok: number;
  readonly fail: number;
  readonly info: number;
}

export class WorkerProcess implements FaultyWorker {
  readonly name: string;
  readonly shim: NodeShim | undefined;
  operations: OperationCounts = { ok: 0, fail: 0, info: 0 };
  readonly #child: ChildProcess;
  readonly #note: (text: string) => void;
  readonly #ready = Promise.withResolvers<void>();
  readonly #idle = Promise.withResolvers<void>();
  readonly #ended = Promise.withResolvers<void>();
  readonly #arrivals = new Map<number, (arrival: Arrival | Unreachable) => void>();
  readonly #clocks = new Map<number, (now: number) => void>();
  readonly #stalls = new Map<number, () => void>();
  #lastId = 0;
  #killed = false;
  #told = false;
  #done = false;

  constructor(options: WorkerProcessOptions) {
    this.name = options.name;
    this.#note = options.note;
    this.shim = options.shim?.control;
    const log = openSync(options.logFile, "a");
    try {
      this.#child = fork(compiledFile("runner/worker/main.js"), [], {
        // Its own session: Ctrl-C in the terminal must reach the coordinator only.
        detached: true,
        stdio: ["ignore", log, log, "ipc"],
        // What the user's shell sets for Node does not reach the workers; warnings would only fill their logs.
        execArgv: ["--no-warnings", `--max-semi-space-size=${YOUNG_GENERATION_MIB}`],
        env: {
          PATH: process.env["PATH"],
          // Where what was installed for them is.
          REDQUAKE_CACHE: cacheFolder(),
          // Undefined is left out.
          NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
          ...options.environment,
          ...(options.shim === undefined ? {} : options.shim.control.environment(options.shim.library)),
        },
      });
    } finally {
      closeSync(log);
    }
    // Every wait on these is optional: a worker may fail before anybody waits, and that must not end the coordinator.
    this.#ready.promise.catch(() => undefined);
    this.#ended.promise.catch(() => undefined);
    this.#child.on("message", (message: FromWorker) => this.#receive(message));
    this.#child.once("error", (error) => this.#fail(`could not be started: ${error.message}`));
    this.#child.once("exit", (code, signal) => {
      const inOrder = this.#done || (this.#told && code === 0);
      if (this.#killed || inOrder) this.#ended.resolve();
      else this.#fail(`ended unexpectedly (${signal ?? `exit code ${code}`}); its log is ${options.logFile}`);
    });
  }

  /**
   * Resolves when nothing is left to do but the final reads, or nothing at all. Rejects with a HarnessError when the
   * worker fails.
   */
  get idle(): Promise<void> {
    return Promise.race([this.#idle.promise, this.#ended.promise]);
  }

  /** Resolves when the process is gone. Rejects with a HarnessError when the worker fails. */
  get ended(): Promise<void> {
    return this.#ended.promise;
  }

  /** Hands the worker its role; resolves when it is connected. */
  setUp(setup: WorkerSetup): Promise<void> {
    this.send({ kind: "setup", setup });
    return this.#ready.promise;
  }

  send(message: ToWorker): void {
    // A worker that is just being killed cannot be told anything; its end is reported by itself, with the reason.
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  pid(): number | undefined {
    return this.#child.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  state(): ProcessState {
    const pid = this.pid();
    return pid === undefined ? "dead" : processState(pid);
  }

  signal(signal: NodeJS.Signals): void {
    const pid = this.pid();
    if (pid === undefined) throw new HostError(`cannot send ${signal} to ${this.name}: it has ended`);
    // Its whole group: a client that is stopped must not go on in a process of its own.
    process.kill(-pid, signal);
  }

  async kill(): Promise<void> {
    this.#killed = true;
    if (this.pid() === undefined) return;
    const exited = once(this.#child, "exit");
    this.signal("SIGKILL");
    await exited;
  }

  async shutDown(): Promise<void> {
    this.#told = true;
    this.#child.kill("SIGTERM");
    await awaitCondition(`${this.name} to shut down`, SHUTDOWN_TIMEOUT_MS, () =>
      this.pid() === undefined ? true : undefined,
    );
    await this.#ended.promise;
  }

  stall(ms: number): Promise<void> {
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      this.#stalls.set(id, resolve);
      this.send({ kind: "stall", id, ms });
    });
  }

  /** Resolves when the worker waits at the point, or has found out that it never will. */
  arm(point: string, occurrence: number): Promise<Arrival | Unreachable> {
    const id = (this.#lastId += 1);
    return new Promise((resolve) => {
      this.#arrivals.set(id, resolve);
      this.send({ kind: "arm", id, point, occurrence });
    });
  }

  async clockOffsetMs(): Promise<number> {
    const id = (this.#lastId += 1);
    const before = Date.now();
    const asked = performance.now();
    const now = await new Promise<number>((resolve) => {
      this.#clocks.set(id, resolve);
      this.send({ kind: "clock", id });
    });
    return now - (before + (performance.now() - asked) / 2);
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case "ready":
        this.#ready.resolve();
        break;
      case "arrived":
        this.#arrivals.get(message.id)?.({ proceed: () => this.send({ kind: "proceed", id: message.id }) });
        this.#arrivals.delete(message.id);
        break;
      case "unreachable":
        this.#arrivals.get(message.id)?.({ unreachable: `${this.name} ${message.why}` });
        this.#arrivals.delete(message.id);
        break;
      case "clock":
        this.#clocks.get(message.id)?.(message.now);
        this.#clocks.delete(message.id);
        break;
      case "stalling":
        this.#stalls.get(message.id)?.();
        this.#stalls.delete(message.id);
        break;
      case "operations":
        this.operations = { ok: message.ok, fail: message.fail, info: message.info };
        break;
      case "note":
        this.#note(message.text);
        break;
      case "awaits-final":
        this.#idle.resolve();
        break;
      case "done":
        this.#done = true;
        this.#dismiss();
        break;
      case "failed":
        if (message.by === "adapter") this.#end(new AdapterFailedError(`${this.name}: ${message.message}`));
        else this.#fail(`failed: ${message.message}`);
        this.#dismiss();
        break;
    }
  }

  /** Its last word was heard, so it may go: had it gone by itself, its end could be seen before its word. */
  #dismiss(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  #fail(what: string): void {
    this.#end(new HarnessError(`worker ${this.name} ${what}`));
  }

  #end(error: Error): void {
    this.#ready.reject(error);
    this.#ended.reject(error);
  }
}
