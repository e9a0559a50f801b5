/**
 * A client of one member of etcd, for `GET` and `SET`. Reads are linearizable, as etcd's are unless they are asked not
 * to be.
 */
import type { WorkerSurroundings } from "../workload.ts";
import { CLIENT_LIBRARIES, loadClientLibrary } from "./client-library.ts";
import type { Answer, DataClient } from "./data-client.ts";
import type { Etcd3, Etcd3Module } from "./etcd3.ts";

export class EtcdClient implements DataClient {
  readonly #context: WorkerSurroundings;
  readonly #commandTimeoutMs: number;
  #module: Etcd3Module | undefined;
  #client: Etcd3 | undefined;
  #node = "";

  constructor(context: WorkerSurroundings, commandTimeoutMs: number) {
    this.#context = context;
    this.#commandTimeoutMs = commandTimeoutMs;
  }

  async open(): Promise<void> {
    this.#module = loadClientLibrary(CLIENT_LIBRARIES.etcd) as Etcd3Module;
    await this.renew();
  }

  async call(key: string, command: string, ...[value]: readonly (string | number)[]): Promise<Answer> {
    const [client, node] = [this.#client, this.#node];
    if (client === undefined) throw new Error("the client was not opened");
    const deadline = { deadline: Date.now() + this.#commandTimeoutMs };
    try {
      if (command === "GET") return { reply: await client.get(key).options(deadline).string(), node };
      if (command !== "SET") throw new TypeError(`a client of etcd knows GET and SET, and not ${command}`);
      return { reply: await client.put(key).value(String(value)).options(deadline).exec(), node };
    } catch (error) {
      throw Object.assign(error as Error, { node });
    }
  }

  /** Goes to any of the members: not all may be up. */
  renew(): Promise<void> {
    this.close();
    const { name, proxied } = this.#context.random.pick(this.#context.nodes);
    this.#node = name;
    this.#client = this.#module && new this.#module.Etcd3({ hosts: [`http://${proxied.host}:${proxied.port}`] });
    return Promise.resolve();
  }

  close(): void {
    this.#client?.close();
  }
}
