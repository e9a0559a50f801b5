/** One `redis-server` (or sentinel) process. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import type { Endpoint } from "../network/link.ts";
import { AdminConnection } from "./admin-connection.ts";
import { awaitAnswer } from "./await-answer.ts";
import { DataFolder } from "./data-folder.ts";
import { HostError } from "./host-error.ts";
import type { Cut, Node, NodeDisk, NodeShim, NodeSpec } from "./host.ts";
import { diskOf, losePower } from "./node-disk.ts";
import { NodeFiles } from "./node-files.ts";
import { processState } from "./process-state.ts";
import type { ProcessState } from "./process-state.ts";
import { ShimControl } from "./shim-control.ts";

export interface ProcessNodeOptions {
  /** Addresses of all nodes that were placed together, for the placeholders of the configuration. */
  readonly addresses: ReadonlyMap<string, Endpoint>;
  readonly busPort: number | undefined;
  readonly folder: string;
  readonly server: string;
  readonly shimLibrary: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

export class ProcessNode implements Node {
  readonly spec: NodeSpec;
  readonly name: string;
  readonly files: NodeFiles;
  readonly #options: ProcessNodeOptions;
  readonly #data: DataFolder;
  readonly #shim: ShimControl | undefined;
  readonly #admin: AdminConnection;
  #child: ChildProcess | undefined;

  constructor(spec: NodeSpec, options: ProcessNodeOptions) {
    this.spec = spec;
    this.name = spec.name;
    this.#options = options;
    this.files = new NodeFiles(spec, {
      folder: options.folder,
      addresses: options.addresses,
      busPort: options.busPort,
      config: spec.kind === "redis" ? ["enable-debug-command local"] : [],
    });
    this.#data = new DataFolder(this.files.dataFolder);
    this.#shim = options.shimLibrary === undefined ? undefined : ShimControl.create(this.files.controlFile);
    this.#admin = new AdminConnection(this.address);
  }

  get address(): Endpoint {
    return this.files.address;
  }

  get busAddress(): Endpoint | undefined {
    return this.files.busAddress;
  }

  get shim(): NodeShim | undefined {
    return this.#shim;
  }

  pid(): number | undefined {
    const child = this.#child;
    return child === undefined || child.exitCode !== null || child.signalCode !== null ? undefined : child.pid;
  }

  state(): Promise<ProcessState> {
    const pid = this.pid();
    return Promise.resolve(pid === undefined ? "dead" : processState(pid));
  }

  signal(signal: NodeJS.Signals): void {
    const pid = this.pid();
    if (pid === undefined) throw new HostError(`cannot send ${signal} to ${this.name}: it is not running`);
    process.kill(pid, signal);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.#admin.close();
    if (child === undefined || this.pid() === undefined) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  get disk(): NodeDisk {
    return diskOf(this, this.#data);
  }

  losePower(): Promise<readonly Cut[]> {
    return losePower(this, this.#data, this.#shim);
  }

  async start(options: { readonly keepData: boolean }): Promise<void> {
    if ((await this.state()) !== "dead") throw new HostError(`cannot start ${this.name}: it is running`);
    // The process table shows the end of a server that ended by itself before we are told of it.
    if (this.#child !== undefined && this.pid() !== undefined) await once(this.#child, "exit");
    this.files.prepare(options);
    const log = openSync(this.files.logFile, "a");
    const child = spawn(this.#options.server, this.files.serverArgs, {
      cwd: this.files.dataFolder,
      // Its own session: Ctrl-C in the terminal must reach the coordinator only, which then heals and saves first.
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env["PATH"],
        ...this.#options.environment,
        ...(this.#shim === undefined || this.#options.shimLibrary === undefined
          ? {}
          : this.#shim.environment(this.#options.shimLibrary)),
      },
    });
    closeSync(log);
    this.#child = child;
    try {
      await once(child, "spawn");
    } catch (error) {
      throw new HostError(`cannot run ${this.#options.server}: ${(error as Error).message}`, { cause: error });
    }
    await awaitAnswer(this, this.#admin);
  }

  command(...args: readonly (string | number)[]): Promise<unknown> {
    return this.#admin.command(...args);
  }

  logTail(lines: number): string {
    return this.files.logTail(lines);
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.#shim?.close();
  }
}
