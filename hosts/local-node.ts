/** What all nodes have in common whose process and files are on this machine, be it in a container or not. */
import type { Endpoint } from "../network/link.ts";
import { AdminConnection } from "./admin-connection.ts";
import { DataFolder } from "./data-folder.ts";
import { HostError } from "./host-error.ts";
import type { Cut, Node, NodeDisk, NodeShim, NodeSpec } from "./host.ts";
import { NodeFiles } from "./node-files.ts";
import type { NodeFilesOptions } from "./node-files.ts";
import type { Missing, NodePackets } from "./packets.ts";
import { processState } from "./process-state.ts";
import type { ProcessState } from "./process-state.ts";
import { ShimControl } from "./shim-control.ts";

export abstract class LocalNode implements Node {
  readonly spec: NodeSpec;
  readonly name: string;
  readonly files: NodeFiles;
  /** The controls of the fault shim, where it is loaded. */
  protected readonly control: ShimControl | undefined;
  protected readonly admin: AdminConnection;
  readonly #data: DataFolder;

  protected constructor(spec: NodeSpec, options: NodeFilesOptions & { readonly withShim: boolean }) {
    this.spec = spec;
    this.name = spec.name;
    this.files = new NodeFiles(spec, options);
    this.control = options.withShim ? ShimControl.create(this.files.controlFile) : undefined;
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
    process.kill(pid, signal);
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

  command(...args: readonly (string | number)[]): Promise<unknown> {
    return this.admin.command(...args);
  }

  logTail(lines: number): string {
    return this.files.logTail(lines);
  }

  async dispose(): Promise<void> {
    await this.kill();
    this.control?.close();
  }
}
