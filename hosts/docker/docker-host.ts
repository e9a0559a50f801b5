/** Nodes in containers on a network of the run's own, which reaches this machine and nothing beyond. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ComparatorImage } from "./comparator-image.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { DockerNode } from "./docker-node.ts";
import type { DockerNodeOptions } from "./docker-node.ts";
import { HostError } from "../../machine/host-error.ts";
import type { Comparator, Host, Node, NodeKind, NodeSpec } from "../host.ts";
import { packetPowers } from "../packets/packet-powers.ts";
import type { PacketPowers } from "../packets/packet-powers.ts";
import { placeNodes } from "../place.ts";
import { SERVER_KINDS } from "../server-kinds/registry.ts";
import { IMAGE_SERVER } from "./server-image.ts";
import type { ServerImage } from "./server-image.ts";
import { ALL_RANGES, NODES_PER_SUBNET, subnets } from "./subnets.ts";
import type { Subnet } from "./subnets.ts";

export interface DockerHostOptions {
  readonly runtime: ContainerRuntime;
  readonly image: ServerImage;
  /** What other nodes than those of Redis run, where there are any. */
  readonly comparators?: Readonly<Partial<Record<Comparator, ComparatorImage>>>;
  /** Unique on this machine; part of every name. */
  readonly run: string;
  /** What all that belongs to the run carries beside its own label. */
  readonly labels: Readonly<Record<string, string>>;
  /** The run's temporary folder; nodes get folders of their own inside. */
  readonly folder: string;
  /** Environment of every server. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Names the run that a container, network or volume belongs to. */
export const RUN_LABEL = "redquake.run";

export class DockerHost implements Host {
  readonly kind = "docker";
  readonly description: string;
  readonly redisVersion: string;
  /** The image has it. */
  readonly shimMissing = undefined;
  readonly proxyHost: string;
  readonly #options: DockerHostOptions;
  readonly #subnet: Subnet;
  readonly #packetPowers: PacketPowers;
  readonly #reaper: boolean;
  readonly #nodes: DockerNode[] = [];

  private constructor(options: DockerHostOptions, subnet: Subnet, powers: PacketPowers, reaper: boolean) {
    this.#options = options;
    this.#subnet = subnet;
    this.#packetPowers = powers;
    this.#reaper = reaper;
    this.proxyHost = subnet.gateway;
    this.redisVersion = options.image.version;
    this.description = `Docker ${options.runtime.version}, ${options.image.server} (${options.image.name})${Object.entries(
      options.comparators ?? {},
    )
      .map(([name, { version, image }]) => `, ${name} ${version} (${image})`)
      .join("")}`;
  }

  /**
   * Makes the run's network.
   * @param ranges the address ranges to try, one after the other
   * @throws HostError when all of them are taken.
   */
  static async open(options: DockerHostOptions, ranges: Iterable<Subnet> = subnets()): Promise<DockerHost> {
    const [powers, reaper] = await Promise.all([packetPowers(), options.runtime.hasReaper()]);
    let tried = 0;
    for (const subnet of ranges) {
      tried += 1;
      const { cidr, gateway } = subnet;
      const labels = labelsOf(options);
      const request = { name: networkOf(options), subnet: cidr, gateway, labels };
      if (await options.runtime.createNetwork(request)) return new DockerHost(options, subnet, powers, reaper);
    }
    throw new HostError(
      `no address range is left for the run's network: all ${tried} that were tried, of ${ALL_RANGES}, belong to other networks; remove what nobody uses (\`redquake clean\`, \`docker network prune\`), or use --host process`,
    );
  }

  async allocate(specs: readonly NodeSpec[]): Promise<readonly Node[]> {
    const first = this.#nodes.length;
    if (first + specs.length > NODES_PER_SUBNET) {
      throw new HostError(`a run in Docker has room for ${NODES_PER_SUBNET} nodes, not ${first + specs.length}`);
    }
    // Each node has an address of its own, and a port of its own all the same: clients tell nodes apart by their ports.
    const places = await placeNodes(specs, (i) => this.#subnet.node(first + i), [this.proxyHost]);
    const { runtime, run, folder, environment } = this.#options;
    return specs.map((spec) => {
      const node = new DockerNode(spec, {
        runtime,
        ...this.#program(spec.kind),
        network: networkOf(this.#options),
        containerName: `redquake-${run}-${spec.name}`,
        labels: labelsOf(this.#options),
        places,
        folder: join(folder, spec.name),
        shim: spec.faulty && SERVER_KINDS[spec.kind].protocol === "redis",
        reaper: this.#reaper,
        environment,
        machine: this.proxyHost,
        packetPowers: this.#packetPowers,
      });
      // At once: when a later one cannot be made, this one is disposed of all the same.
      this.#nodes.push(node);
      return node;
    });
  }

  #program(kind: NodeKind): Pick<DockerNodeOptions, "image" | "program"> {
    const { image, comparators } = this.#options;
    if (kind === "redis" || kind === "sentinel") return { image: image.name, program: [IMAGE_SERVER] };
    const found = comparators?.[kind];
    if (found === undefined) throw new HostError(`this host was not made for nodes of ${kind}`);
    return { image: found.image, program: found.command };
  }

  async stop(logs: string | undefined): Promise<void> {
    const { runtime, run } = this.#options;
    try {
      await Promise.all(this.#nodes.map((node) => node.dispose()));
    } finally {
      // By the label: a container whose start failed half-way is nobody's node.
      await runtime.remove(await runtime.labelled(`${RUN_LABEL}=${run}`));
    }
    try {
      if (logs !== undefined) {
        mkdirSync(logs, { recursive: true });
        for (const node of this.#nodes) node.files.copyEvidence(logs);
      }
    } finally {
      for (const node of this.#nodes) node.files.remove();
      this.#nodes.length = 0;
    }
  }
}

function labelsOf({ run, labels }: DockerHostOptions): Record<string, string> {
  return { ...labels, [RUN_LABEL]: run };
}

function networkOf({ run }: DockerHostOptions): string {
  return `redquake-${run}`;
}
