/** Nodes as plain `redis-server` processes on 127.0.0.1, each with its own ports and directory. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Host, Node, NodeSpec } from "./host.ts";
import { freePorts } from "./ports.ts";
import { ProcessNode } from "./process-node.ts";

const LOOPBACK = "127.0.0.1";

export interface ProcessHostOptions {
  /** The run's temporary folder; nodes get folders of their own inside. */
  readonly folder: string;
  /** The executable, its exact version, and where it came from. */
  readonly server: string;
  readonly version: string;
  readonly origin: string;
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
    this.description = `plain processes, redis-server ${options.version} (${options.origin})`;
    this.shimMissing = "missing" in options.shim ? options.shim.missing : undefined;
  }

  async allocate(specs: readonly NodeSpec[]): Promise<readonly Node[]> {
    const ports = await freePorts(specs.length + specs.filter((spec) => spec.bus).length);
    const addresses = new Map(specs.map((spec) => [spec.name, { host: LOOPBACK, port: ports.pop() as number }]));
    const nodes = specs.map((spec) => {
      const shim = spec.faulty && "library" in this.#options.shim ? this.#options.shim.library : undefined;
      return new ProcessNode(spec, {
        addresses,
        busPort: spec.bus ? ports.pop() : undefined,
        folder: join(this.#options.folder, spec.name),
        server: this.#options.server,
        shimLibrary: shim,
        environment: this.#options.environment,
      });
    });
    this.#nodes.push(...nodes);
    return nodes;
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
