/** One `redis-server` (or sentinel) process. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync, readFileSync, rmSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Endpoint } from "../network/link.ts";
import { AdminConnection } from "./admin-connection.ts";
import { awaitCondition } from "./await-condition.ts";
import { DataFolder } from "./data-folder.ts";
import { HostError } from "./host-error.ts";
import type { Cut, Node, NodeDisk, NodeShim, NodeSpec } from "./host.ts";
import { processState } from "./process-state.ts";
import type { ProcessState } from "./process-state.ts";
import { ShimControl } from "./shim-control.ts";

const START_TIMEOUT_MS = 15_000;
const LOG_TAIL_LINES = 15;

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
  readonly address: Endpoint;
  readonly busAddress: Endpoint | undefined;
  readonly folder: string;
  readonly #options: ProcessNodeOptions;
  readonly #data: DataFolder;
  readonly #shim: ShimControl | undefined;
  readonly #admin: AdminConnection;
  #child: ChildProcess | undefined;

  constructor(spec: NodeSpec, options: ProcessNodeOptions) {
    this.spec = spec;
    this.name = spec.name;
    this.folder = options.folder;
    this.#options = options;
    this.#data = new DataFolder(join(options.folder, "data"));
    this.address = addressOf(options.addresses, spec.name);
    this.busAddress = options.busPort === undefined ? undefined : { host: this.address.host, port: options.busPort };
    this.#shim = options.shimLibrary === undefined ? undefined : ShimControl.create(join(options.folder, "shim"));
    this.#admin = new AdminConnection(this.address);
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
    return {
      files: () => Promise.resolve(this.#data.files()),
      cut: async (file, length) => {
        if (this.pid() !== undefined) throw new HostError(`cannot cut ${file} of ${this.name}: it is running`);
        return Promise.resolve(this.#data.cut(file, length));
      },
    };
  }

  async losePower(): Promise<readonly Cut[]> {
    if (this.#shim === undefined) {
      throw new HostError(
        `${this.name} cannot lose power: without the fault shim nobody knows what it has forced to disk`,
      );
    }
    await this.kill();
    return this.#data.dropUnsynced(this.#shim);
  }

  async start(options: { readonly keepData: boolean }): Promise<void> {
    if ((await this.state()) !== "dead") throw new HostError(`cannot start ${this.name}: it is running`);
    // The process table shows the end of a server that ended by itself before we are told of it.
    if (this.#child !== undefined && this.pid() !== undefined) await once(this.#child, "exit");
    if (!options.keepData) rmSync(this.#data.path, { recursive: true, force: true });
    mkdirSync(this.#data.path, { recursive: true });
    // Sentinel and Cluster write what they learnt into these files; a node that lost its data has lost that too.
    if (!options.keepData || !existsSync(this.#configFile)) writeFileSync(this.#configFile, this.#configuration());
    const log = openSync(this.#logFile, "a");
    const child = spawn(
      this.#options.server,
      [this.#configFile, ...(this.spec.kind === "sentinel" ? ["--sentinel"] : [])],
      {
        cwd: this.#data.path,
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
      },
    );
    closeSync(log);
    this.#child = child;
    let failure: Error | undefined;
    child.once("error", (error) => (failure = error));
    await awaitCondition(`${this.name} to answer PING`, START_TIMEOUT_MS, async () => {
      if (failure !== undefined) throw new HostError(`cannot run ${this.#options.server}: ${failure.message}`);
      if (this.pid() === undefined) {
        throw new HostError(
          `${this.name} (port ${this.address.port}) ended while starting; its log ends with:\n${this.logTail(LOG_TAIL_LINES)}`,
        );
      }
      return (await this.#admin.command("PING")) === "PONG" ? true : undefined;
    });
  }

  command(...args: readonly (string | number)[]): Promise<unknown> {
    return this.#admin.command(...args);
  }

  logTail(lines: number): string {
    if (!existsSync(this.#logFile)) return "(no log)";
    return readFileSync(this.#logFile, "utf8").trimEnd().split("\n").slice(-lines).join("\n");
  }

  /** Files worth keeping, with the extension that says what they are. */
  evidence(): [file: string, extension: string][] {
    const files: [string, string][] = [
      [this.#logFile, "log"],
      [this.#configFile, `${this.spec.kind}.conf`],
    ];
    return files.filter(([file]) => existsSync(file));
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.#shim?.close();
  }

  get #configFile(): string {
    return join(this.folder, `${this.spec.kind}.conf`);
  }

  get #logFile(): string {
    return join(this.folder, "log");
  }

  #configuration(): string {
    const lines = [
      `port ${this.address.port}`,
      `bind ${this.address.host}`,
      `dir ${JSON.stringify(this.#data.path)}`,
      `daemonize no`,
      `logfile ""`,
      // The title would overwrite the environment that marks the process as ours.
      `set-proc-title no`,
      ...(this.spec.kind === "redis" ? ["enable-debug-command local"] : []),
      ...this.spec.config.map((line) => this.#fill(line)),
    ];
    return `${lines.join("\n")}\n`;
  }

  #fill(line: string): string {
    return line.replaceAll(
      /\{(host|port|bus-port)(?::([^}]+))?\}/g,
      (_match, part: string, name: string | undefined) => {
        const address = name === undefined ? this.address : addressOf(this.#options.addresses, name);
        if (part === "host") return address.host;
        return String(part === "port" ? address.port : this.busAddress?.port);
      },
    );
  }
}

function addressOf(addresses: ReadonlyMap<string, Endpoint>, name: string): Endpoint {
  const address = addresses.get(name);
  if (address === undefined) throw new HostError(`no node named ${JSON.stringify(name)} was placed`);
  return address;
}
