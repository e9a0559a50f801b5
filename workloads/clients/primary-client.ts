/** A client of the one primary there is: of a single server, or of the one that the sentinels name. */
import type { Redis } from "ioredis";
import type { WorkerSurroundings } from "../workload.ts";
import { connected, connection } from "./connection.ts";
import type { Answer, DataClient } from "./data-client.ts";
import { connectionOptions } from "./profiles.ts";
import { connectedNode, sentinelOptions } from "./sentinel.ts";

export class PrimaryClient implements DataClient {
  readonly #context: WorkerSurroundings;
  readonly #commandTimeoutMs: number;
  #client: Redis | undefined;

  constructor(context: WorkerSurroundings, commandTimeoutMs: number) {
    this.#context = context;
    this.#commandTimeoutMs = commandTimeoutMs;
  }

  async open(): Promise<void> {
    this.#client = await connected(this.#options());
  }

  call(key: string, command: string, ...args: readonly (string | number)[]): Promise<Answer> {
    const client = this.#client;
    if (client === undefined) return Promise.reject(new Error("the client was not opened"));
    // Taken before the command is sent: afterwards the connection may lead elsewhere.
    const node = connectedNode(this.#context, client);
    return client.call(command, key, ...args).then(
      (reply) => ({ reply, node }),
      (error: Error) => {
        throw Object.assign(error, { node });
      },
    );
  }

  /** Does not wait for the new connection: until it is up, commands fail at once and say so in the history. */
  renew(): Promise<void> {
    this.#client?.disconnect();
    this.#client = connection(this.#options());
    return Promise.resolve();
  }

  close(): void {
    this.#client?.disconnect();
  }

  #options() {
    const base = connectionOptions(this.#context.profile, this.#commandTimeoutMs);
    if (this.#context.system === "sentinel") return { ...base, ...sentinelOptions(this.#context) };
    const server = this.#context.nodes[0];
    if (server === undefined) throw new RangeError("there is no server");
    return { ...base, ...server.proxied };
  }
}
