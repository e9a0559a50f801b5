/** Nodes as plain processes on 127.0.0.1, each with its own ports and directory. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Comparator, Host, Node, NodeKind, NodeSpec } from "../host.ts";
import { HostError } from "../../machine/host-error.ts";
import { placeNodes } from "../place.ts";
import { ProcessNode } from "./process-node.ts";

const LOOPBACK = "127.0.0.1";

/** A program that was found on this machine. */
export interface ServerProgram {
  /** An executable and its first arguments; what its configuration says comes after them. */
  readonly command: readonly [executable: string, ...args: string[]];
  /** Such as `3.4.23`. */
  readonly version: string;
  /** Where it came from, such as `PATH`. */
  readonly origin: string;
}

export interface ProcessHostOptions {
  /** The run's temporary folder; nodes get folders of their own inside. */
  readonly folder: string;
  /** The executable, its exact version, and where it came from. */
  readonly server: string;
  readonly version: string;
  readonly origin: string;
  /** What other nodes than those of Redis run, where there are any. */
  readonly comparators?: Readonly<Partial<Record<Comparator, ServerProgram>>>;
  /** The compiled fault shim, or why there is none. */
  readonly shim: { readonly library: string } | { readonly missing: string };
  /** Environment of every server: the run's marks, and a library path where the server needs one. */
  readonly environment: Readonly<Record<string, string>>;
}

export class ProcessHost implements Host {
  readonly kind = "process";
  readonly description: string;
  readonly redisVersion: string;
  readonly shimMissing: string | undefined;
  readonly proxyHost = LOOPBACK;
  readonly #options: ProcessHostOptions;
  readonly #nodes: ProcessNode[] = [];

  constructor(options: ProcessHostOptions) {
    this.#options = options;
    this.redisVersion = options.version;
    this.description = `plain processes, redis-server ${options.version} (${options.origin})${Object.entries(
      options.comparators ?? {},
    )
      .map(([name, { version, origin }]) => `, ${name} ${version} (${origin})`)
      .join("")}`;
    this.shimMissing = "missing" in options.shim ? options.shim.missing : undefined;
  }

  async allocate(specs: readonly NodeSpec[]): Promise<readonly Node[]> {
    const places = await placeNodes(specs, () => LOOPBACK);
    return specs.map((spec) => {
      const shim = spec.faulty && "library" in this.#options.shim ? this.#options.shim.library : undefined;
      const node = new ProcessNode(spec, {
        places,
        folder: join(this.#options.folder, spec.name),
        program: this.#program(spec.kind),
        shimLibrary: shim,
        environment: this.#options.environment,
      });
      // At once: when a later one cannot be made, this one is disposed of all the same.
      this.#nodes.push(node);
      return node;
    });
  }

  #program(kind: NodeKind): ServerProgram["command"] {
    if (kind === "redis" || kind === "sentinel") return [this.#options.server];
    const program = this.#options.comparators?.[kind];
    if (program === undefined) throw new HostError(`this host was not made for nodes of ${kind}`);
    return program.command;
  }

  async stop(logs: string | undefined): Promise<void> {
    await Promise.all(this.#nodes.map((node) => node.dispose()));
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
