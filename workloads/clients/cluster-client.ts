/**
 * A client of a Redis Cluster that never does anything behind the caller's back: one connection for each node, no
 * redirection followed. `MOVED` is a refusal that teaches it the slot's owner; when a node does not answer it asks the
 * others for their view
 * (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#redirection-and-resharding).
 */
import calculateSlot from "cluster-key-slot";
import type { Redis } from "ioredis";
import type { NodeAddress, WorkerSurroundings } from "../workload.ts";
import { connection, usable } from "./connection.ts";
import type { Answer, DataClient } from "./data-client.ts";
import { connectionOptions } from "./profiles.ts";

const SLOTS = 16_384;
const OPEN_PATIENCE_MS = 10_000;

export class ClusterClient implements DataClient {
  readonly #context: WorkerSurroundings;
  readonly #commandTimeoutMs: number;
  readonly #connections = new Map<string, Redis>();
  /** Owner of each slot, as far as this client knows. */
  #owners: (NodeAddress | undefined)[] = [];
  #stale = false;

  constructor(context: WorkerSurroundings, commandTimeoutMs: number) {
    this.#context = context;
    this.#commandTimeoutMs = commandTimeoutMs;
  }

  async open(): Promise<void> {
    await Promise.all(this.#context.nodes.map((node) => usable(this.#connection(node), OPEN_PATIENCE_MS)));
    await this.#learn();
  }

  async call(key: string, command: string, ...args: readonly (string | number)[]): Promise<Answer> {
    if (this.#stale) await this.#learn();
    const slot = calculateSlot(key);
    const owner = this.#owners[slot];
    if (owner === undefined) {
      this.#stale = true;
      throw Object.assign(new Error(`CLUSTERDOWN no node is known to own slot ${slot}`), { name: "ReplyError" });
    }
    try {
      return { reply: await this.#connection(owner).call(command, key, ...args), node: owner.name };
    } catch (error) {
      this.#learnFrom(error as Error, slot);
      throw Object.assign(error as Error, { node: owner.name });
    }
  }

  renew(): Promise<void> {
    this.close();
    this.#stale = true;
    return Promise.resolve();
  }

  close(): void {
    for (const client of this.#connections.values()) client.disconnect();
    this.#connections.clear();
  }

  #connection(node: NodeAddress): Redis {
    const open = this.#connections.get(node.name);
    if (open !== undefined) return open;
    const client = connection({ ...connectionOptions(this.#context.profile, this.#commandTimeoutMs), ...node.proxied });
    this.#connections.set(node.name, client);
    return client;
  }

  #learnFrom(error: Error, slot: number): void {
    const moved = /^MOVED \d+ .*:(\d+)$/.exec(error.message);
    if (moved === null) {
      this.#stale = true;
      return;
    }
    this.#owners[slot] = this.#context.nodes.find((node) => node.announced.port === Number(moved[1]));
  }

  /** Takes the view of whichever node answers first; asks all at once, as some may be cut off. */
  async #learn(): Promise<void> {
    const views = this.#context.nodes.map(async (node) => {
      const client = this.#connection(node);
      await usable(client, this.#commandTimeoutMs);
      const ranges = (await client.call("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
      // A node that is not in the Cluster answers too, and its answer must not win.
      if (ranges.length === 0) throw new Error(`${node.name} knows of no slots`);
      return ranges;
    });
    try {
      const ranges = await Promise.any(views);
      this.#owners = Array.from({ length: SLOTS });
      for (const [from, to, [, port]] of ranges) {
        this.#owners.fill(
          this.#context.nodes.find((node) => node.announced.port === port),
          from,
          to + 1,
        );
      }
      this.#stale = false;
    } catch (error) {
      // Nobody answers: what was known stays, and the next command tries again.
      if (!(error instanceof AggregateError)) throw error;
    }
  }
}
