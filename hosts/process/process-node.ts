/** One server as a process. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { awaitAnswer } from "../await-answer.ts";
import { HostError } from "../../machine/host-error.ts";
import type { NodeSpec } from "../host.ts";
import { LocalNode } from "../local-node.ts";
import type { Missing } from "../packets.ts";
import type { Places } from "../place.ts";

export interface ProcessNodeOptions {
  /** Addresses of all nodes that were placed together, for the placeholders of the configuration. */
  readonly places: Places;
  readonly folder: string;
  /** What runs in the node: an executable and its first arguments. */
  readonly program: readonly [executable: string, ...args: string[]];
  readonly shimLibrary: string | undefined;
  readonly environment: Readonly<Record<string, string>>;
}

/** Why the packets of a plain process cannot be told from those of everybody else. */
export const PACKETS_MISSING = "plain processes share the network of this machine: use --host docker";

export class ProcessNode extends LocalNode {
  readonly packets: Missing = { missing: PACKETS_MISSING };
  readonly #options: ProcessNodeOptions;
  #child: ChildProcess | undefined;

  constructor(spec: NodeSpec, options: ProcessNodeOptions) {
    super(spec, {
      folder: options.folder,
      places: options.places,
      config: spec.kind === "redis" ? ["enable-debug-command local"] : [],
      withShim: options.shimLibrary !== undefined,
    });
    this.#options = options;
  }

  pid(): number | undefined {
    const child = this.#child;
    return child === undefined || child.exitCode !== null || child.signalCode !== null ? undefined : child.pid;
  }

  async kill(): Promise<void> {
    const child = this.#child;
    this.admin.close();
    if (child === undefined || this.pid() === undefined) return;
    const exited = once(child, "exit");
    child.kill("SIGKILL");
    await exited;
  }

  async start(options: { readonly keepData: boolean }): Promise<void> {
    if ((await this.state()) !== "dead") throw new HostError(`cannot start ${this.name}: it is running`);
    // The process table shows the end of a server that ended by itself before we are told of it.
    if (this.#child !== undefined && this.pid() !== undefined) await once(this.#child, "exit");
    this.files.prepare(options);
    const log = openSync(this.files.logFile, "a");
    const [executable, ...args] = this.#options.program;
    const child = spawn(executable, [...args, ...this.files.serverArgs], {
      cwd: this.files.dataFolder,
      // Its own session: Ctrl-C in the terminal must reach the coordinator only, which then heals and saves first.
      detached: true,
      stdio: ["ignore", log, log],
      env: {
        PATH: process.env["PATH"],
        ...this.#options.environment,
        ...(this.control === undefined || this.#options.shimLibrary === undefined
          ? {}
          : this.control.environment(this.#options.shimLibrary)),
      },
    });
    closeSync(log);
    this.#child = child;
    try {
      await once(child, "spawn");
    } catch (error) {
      throw new HostError(`cannot run ${executable}: ${(error as Error).message}`, { cause: error });
    }
    await awaitAnswer(this);
  }
}
