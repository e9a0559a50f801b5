/**
 * The connections of redquake's own clients: one to the only server, or to the primary that the sentinels name, or one
 * to each node of a Cluster that owns a key. Nothing is sent twice, and no redirection is followed.
 */
import calculateSlot from "cluster-key-slot";
import type { Redis } from "ioredis";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import { connection, usable } from "../../clients/connection.ts";
import { connectionOptions } from "../../clients/profiles.ts";
import { isReply } from "../refusal.ts";

const SLOTS = 16_384;
const PATIENCE_MS = 10_000;
const COMMAND_TIMEOUT_MS = 2_000;

export interface Connections {
  open(): Promise<void>;
  /** The connection to the node that has the key, as far as it is known. @throws Error when nobody is known to. */
  of(key: string): Promise<Redis>;
  /** Learns from what a command met. */
  met(error: Error, key: string, asked: Redis): void;
}

/** @param follows whether it looks for the server anew after an error. Default: true */
export function connectionsOf(environment: AdapterEnvironment, follows = true): Connections {
  return environment.system === "cluster"
    ? new ClusterConnections(environment, follows)
    : new PrimaryConnection(environment, follows);
}

/** As ioredis says it. */
const TIMED_OUT = "Command timed out";

/**
 * Whether a connection leads nowhere although it stays: to a server that refuses writes, or that does not answer. One
 * that is closed comes back by itself.
 */
function leadsNowhere(error: Error): boolean {
  return isReply(error) ? error.message.startsWith("READONLY") : error.message === TIMED_OUT;
}

function rawOptions({ commandTimeoutMs = COMMAND_TIMEOUT_MS }: AdapterEnvironment) {
  return connectionOptions("raw", commandTimeoutMs);
}

/** To the only server, or to the primary. */
class PrimaryConnection implements Connections {
  readonly #environment: AdapterEnvironment;
  readonly #follows: boolean;
  #connection: Redis | undefined;

  constructor(environment: AdapterEnvironment, follows: boolean) {
    this.#environment = environment;
    this.#follows = follows;
  }

  async open(): Promise<void> {
    this.#connection = this.#follows ? this.#new() : await this.#forEver();
    await usable(this.#connection, PATIENCE_MS);
  }

  /** To the primary that the first sentinel names now, and never to another one. */
  async #forEver(): Promise<Redis> {
    const { masterName, endpoints } = this.#environment;
    if (masterName === undefined) return this.#new();
    const sentinel = connection({ ...endpoints[0] });
    const [host, port] = (await sentinel.call("SENTINEL", "GET-MASTER-ADDR-BY-NAME", masterName)) as [string, string];
    sentinel.disconnect();
    return connection({ ...rawOptions(this.#environment), host, port: Number(port) });
  }

  of(): Promise<Redis> {
    return Promise.resolve((this.#connection ??= this.#new()));
  }

  met(error: Error, _: string, asked: Redis): void {
    if (!this.#follows || asked !== this.#connection || !leadsNowhere(error)) return;
    asked.disconnect();
    this.#connection = this.#new();
  }

  #new(): Redis {
    return this.#environment.redis(0, rawOptions(this.#environment));
  }
}

/** To each node of a Cluster that is known to own something. */
class ClusterConnections implements Connections {
  readonly #environment: AdapterEnvironment;
  readonly #follows: boolean;
  readonly #connections = new Map<string, Redis>();
  /** The address of each slot's owner, as far as it is known. */
  #owners: (string | undefined)[] = [];
  #learning: Promise<void> | undefined;
  #stale = true;

  constructor(environment: AdapterEnvironment, follows: boolean) {
    this.#environment = environment;
    this.#follows = follows;
  }

  async open(): Promise<void> {
    await this.#learn();
    const owners = [...new Set(this.#owners)].filter((owner) => owner !== undefined);
    await Promise.all(owners.map((owner) => usable(this.#to(owner), PATIENCE_MS)));
  }

  async of(key: string): Promise<Redis> {
    if (this.#stale) await (this.#learning ??= this.#learn().finally(() => (this.#learning = undefined)));
    const owner = this.#owners[calculateSlot(key)];
    if (owner === undefined)
      throw Object.assign(new Error(`CLUSTERDOWN nobody is known to own the slot of ${key}`), { name: "ReplyError" });
    return this.#to(owner);
  }

  met(error: Error, key: string, asked: Redis): void {
    if (!this.#follows) return;
    const { host, port } = /^MOVED \d+ (?<host>.*):(?<port>\d+)$/.exec(error.message)?.groups ?? {};
    if (host !== undefined && port !== undefined) {
      this.#owners[calculateSlot(key)] = `${host}:${port}`;
      return;
    }
    if (isReply(error) && !leadsNowhere(error)) return;
    // A node that does not answer may have lost its slots.
    this.#stale = true;
    if (!leadsNowhere(error)) return;
    for (const [address, each] of this.#connections) if (each === asked) this.#connections.delete(address);
    asked.disconnect();
  }

  #to(address: string): Redis {
    const open = this.#connections.get(address);
    if (open !== undefined) return open;
    const at = address.lastIndexOf(":");
    const client = this.#environment.redis(0, {
      ...rawOptions(this.#environment),
      host: address.slice(0, at),
      port: Number(address.slice(at + 1)),
    });
    this.#connections.set(address, client);
    return client;
  }

  /** Takes the view of the node that answers first. */
  async #learn(): Promise<void> {
    const views = this.#environment.endpoints.map(async ({ host, port }) => {
      const client = this.#to(`${host}:${port}`);
      await usable(client, COMMAND_TIMEOUT_MS);
      const ranges = (await client.call("CLUSTER", "SLOTS")) as [number, number, [string, number]][];
      // A node that is not in the Cluster answers too, and its answer must not win.
      if (ranges.length === 0) throw new Error("it knows of no slots");
      return ranges;
    });
    try {
      const ranges = await Promise.any(views);
      const owners: (string | undefined)[] = Array.from({ length: SLOTS });
      for (const [from, to, [host, port]] of ranges) owners.fill(`${host}:${port}`, from, to + 1);
      this.#owners = owners;
      this.#stale = false;
    } catch (error) {
      // Nobody answers: what was known stays, and the next command tries again.
      if (!(error instanceof AggregateError)) throw error;
    }
  }
}
