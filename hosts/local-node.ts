/** What all nodes have in common whose process and files are on this machine, be it in a container or not. */
import type { Endpoint } from "../network/link.ts";
import { greet } from "../network/greet.ts";
import type { Protocol } from "../network/protocol.ts";
import { AdminConnection } from "./admin-connection.ts";
import { DataFolder } from "./data-folder.ts";
import { HostError } from "../machine/host-error.ts";
import type { Cut, Node, NodeDisk, NodeShim, NodeSpec } from "./host.ts";
import { NoAnswerError } from "../machine/no-answer-error.ts";
import { NodeFiles } from "./node-files.ts";
import type { NodeFilesOptions } from "./node-files.ts";
import type { Missing, NodePackets } from "./packets.ts";
import { processState } from "../machine/process-state.ts";
import type { ProcessState } from "../machine/process-state.ts";
import { SERVER_KINDS } from "./server-kinds/registry.ts";
import { ShimControl } from "./shim/shim-control.ts";

/** How long a server may take to answer a greeting. */
const GREETING_TIMEOUT_MS = 2_000;
/** How much of a command an error repeats. */
const SHOWN_WORDS = 3;

export abstract class LocalNode implements Node {
  readonly spec: NodeSpec;
  readonly name: string;
  readonly protocol: Protocol;
  readonly files: NodeFiles;
  /** The controls of the fault shim, where it is loaded. */
  protected readonly control: ShimControl | undefined;
  protected readonly admin: AdminConnection;
  readonly #data: DataFolder;

  protected constructor(spec: NodeSpec, options: NodeFilesOptions & { readonly withShim: boolean }) {
    this.spec = spec;
    this.name = spec.name;
    this.files = new NodeFiles(spec, options);
    const { protocol, shimUseless } = SERVER_KINDS[spec.kind];
    this.protocol = protocol;
    this.control =
      options.withShim && shimUseless === undefined ? ShimControl.create(this.files.controlFile) : undefined;
    this.admin = new AdminConnection(this.address);
    this.#data = new DataFolder(this.files.dataFolder);
  }

  abstract readonly packets: NodePackets | Missing;
  abstract pid(): number | undefined;
  abstract kill(): Promise<void>;
  abstract start(options: { readonly keepData: boolean }): Promise<void>;

  get address(): Endpoint {
    return this.files.address;
  }

  get busAddress(): Endpoint | undefined {
    return this.files.busAddress;
  }

  get shim(): NodeShim | undefined {
    return this.control;
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

  state(): Promise<ProcessState> {
    const pid = this.pid();
    return Promise.resolve(pid === undefined ? "dead" : processState(pid));
  }

  signal(signal: NodeJS.Signals): void {
    const pid = this.pid();
    if (pid === undefined) throw new HostError(`cannot send ${signal} to ${this.name}: it is not running`);
    try {
      process.kill(pid, signal);
    } catch (error) {
      // It has ended, and we are about to be told.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      throw new HostError(`cannot send ${signal} to ${this.name}: it has just ended`, { cause: error });
    }
  }

  async losePower(): Promise<readonly Cut[]> {
    if (this.control === undefined) {
      throw new HostError(
        `${this.name} cannot lose power: without the fault shim nobody knows what it has forced to disk`,
      );
    }
    await this.kill();
    return this.#data.dropUnsynced(this.control);
  }

  greet(): Promise<string> {
    return greet(this.address, this.protocol, GREETING_TIMEOUT_MS);
  }

  async command(...args: readonly (string | number)[]): Promise<unknown> {
    if (this.protocol !== "redis") {
      throw new HostError(`${this.name} cannot be sent ${args[0]}: it is ${this.spec.kind}, and no Redis server`);
    }
    try {
      return await this.admin.command(...args);
    } catch (error) {
      if (!(error instanceof NoAnswerError)) throw error;
      const asked = args.slice(0, SHOWN_WORDS).join(" ");
      throw new NoAnswerError(`${this.name} gave no answer to ${asked}: ${error.message}`, { cause: error.cause });
    }
  }

  logTail(lines: number): string {
    return this.files.logTail(lines);
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.control?.close();
  }
}
