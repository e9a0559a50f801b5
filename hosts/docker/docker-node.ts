/** One server in a container on the same machine: its process is one of this machine's, and is treated as such. */
import { readFileSync } from "node:fs";
import { awaitAnswer } from "../await-answer.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import { ContainerPackets } from "../packets/container-packets.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { HostError } from "../../machine/host-error.ts";
import type { NodeSpec } from "../host.ts";
import { LocalNode } from "../local-node.ts";
import type { PacketPowers } from "../packets/packet-powers.ts";
import { NodeContainer } from "./node-container.ts";
import type { Missing, NodePackets } from "../packets.ts";
import type { Places } from "../place.ts";
import { IMAGE_SHIM } from "./server-image.ts";

const OURS_TIMEOUT_MS = 5_000;

export interface DockerNodeOptions {
  readonly runtime: ContainerRuntime;
  readonly image: string;
  /** What runs in the node: an executable of the image and its first arguments. */
  readonly program: readonly [executable: string, ...args: string[]];
  readonly network: string;
  /** Unique on this machine. */
  readonly containerName: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Addresses of all nodes that were placed together, for the placeholders of the configuration. */
  readonly places: Places;
  readonly folder: string;
  readonly shim: boolean;
  readonly reaper: boolean;
  readonly environment: Readonly<Record<string, string>>;
  /** The address of this machine in the network. */
  readonly machine: string;
  readonly packetPowers: PacketPowers;
}

/** A container that runs: its process, and when it ends. */
interface Running {
  readonly pid: number;
  readonly ended: Promise<void>;
}

export class DockerNode extends LocalNode {
  readonly packets: NodePackets | Missing;
  readonly #options: DockerNodeOptions;
  #container: string | undefined;
  #running: Running | undefined;

  constructor(spec: NodeSpec, options: DockerNodeOptions) {
    super(spec, {
      folder: options.folder,
      places: options.places,
      config: containerConfig(spec),
      withShim: options.shim,
    });
    this.#options = options;
    const { machine, packetPowers } = options;
    this.packets =
      packetPowers.filterMissing === undefined
        ? new ContainerPackets({
            name: spec.name,
            pid: () => this.pid(),
            machine,
            netemMissing: packetPowers.netemMissing,
          })
        : { missing: packetPowers.filterMissing };
  }

  pid(): number | undefined {
    return this.#running?.pid;
  }

  async kill(): Promise<void> {
    const running = this.#running;
    this.admin.close();
    if (running === undefined) return;
    try {
      process.kill(running.pid, "SIGKILL");
    } catch (error) {
      // It has ended by itself, and the engine is about to tell us.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    await running.ended;
  }

  async start(options: { readonly keepData: boolean }): Promise<void> {
    if ((await this.state()) !== "dead") throw new HostError(`cannot start ${this.name}: it is running`);
    // The process table shows the end of a server that ended by itself before the engine tells us of it.
    await this.#running?.ended;
    this.files.prepare(options);
    if (this.#container === undefined) {
      await this.#newContainer().start();
    } else {
      await this.#options.runtime.startContainer(this.#container);
      await this.#becomeReady(this.#container);
    }
  }

  #newContainer(): NodeContainer {
    const { image, containerName, network, labels, environment, reaper } = this.#options;
    return new NodeContainer({
      image,
      name: containerName,
      hostname: this.name,
      network,
      address: this.address.host,
      folder: this.files.folder,
      workingFolder: this.files.dataFolder,
      command: [...this.#options.program, ...this.files.serverArgs],
      logFile: this.files.logFile,
      environment: { ...environment, ...(this.control === undefined ? {} : { REDQUAKE_SHIM: this.control.path }) },
      preload: this.control === undefined ? "" : IMAGE_SHIM,
      labels,
      reaper,
      ready: async (id) => {
        this.#container = id;
        try {
          await this.#becomeReady(id);
        } catch (error) {
          // testcontainers removes a container that does not become ready.
          this.#container = undefined;
          throw error;
        }
      },
    });
  }

  /**
   * Before anything is done to a process id: the one from a virtual machine's process table is somebody else's here.
   */
  async #awaitOurs(pid: number): Promise<void> {
    const mark = `REDQUAKE_LOG=${this.files.logFile}`;
    const remedy = "is the container engine in a virtual machine? Use one on this Linux, or --host process";
    // For a moment it may still be the engine's own helper, which becomes the server.
    await awaitCondition(`process ${pid} to be the container of ${this.name} (${remedy})`, OURS_TIMEOUT_MS, () => {
      const environment = environmentOf(pid);
      return environment === "ended" || environment.includes(mark) ? true : undefined;
    });
  }

  async #becomeReady(container: string): Promise<void> {
    const { runtime } = this.#options;
    const pid = await runtime.containerPid(container);
    if (pid !== undefined) {
      await this.#awaitOurs(pid);
      const ended = runtime.containerEnd(container).then(() => void (this.#running = undefined));
      // A caller that needs to know that it has ended waits for it; there may be none.
      ended.catch(() => undefined);
      this.#running = { pid, ended };
    }
    await awaitAnswer(this);
  }
}

function environmentOf(pid: number): readonly string[] | "ended" {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ESRCH") return "ended";
    // Another user's.
    if (code === "EACCES" || code === "EPERM") return [];
    throw error;
  }
}

/**
 * Connections reach a node from the address of this machine, be they ours, a client's or another node's through its
 * proxy.
 */
function containerConfig(spec: NodeSpec): string[] {
  if (spec.kind === "etcd" || spec.kind === "zookeeper") return [];
  // So nobody can learn a node's address from its connection: it must be told.
  if (spec.kind === "sentinel")
    return ["sentinel announce-ip {host}", "sentinel announce-port {port}", "protected-mode no"];
  return [
    "protected-mode no",
    "enable-debug-command yes",
    "replica-announce-ip {host}",
    "replica-announce-port {port}",
    ...(spec.bus
      ? ["cluster-announce-ip {host}", "cluster-announce-port {port}", "cluster-announce-bus-port {bus-port}"]
      : []),
  ];
}
