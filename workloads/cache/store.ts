/** The store itself, past every cache: the versions that it has, over a connection of redquake's own. */
import { openDataClient } from "../clients/open-data-client.ts";
import type { DataClient } from "../clients/data-client.ts";
import type { WorkerSurroundings } from "../workload.ts";
import { storeKeyOf, textOf, versionWithin } from "./store-text.ts";

/** What lies in the store: `text` where it is none that anybody wrote under this key. */
export interface Stored {
  readonly key: string;
  readonly version: number | null;
  readonly text?: string;
}

interface Answered<Value> {
  readonly value: Value;
  readonly node: string | undefined;
}

const MOST_CHARACTERS = 100;

export class Store {
  readonly #client: DataClient;
  readonly #storeKey: string;

  private constructor(client: DataClient, storeKey: string) {
    this.#client = client;
    this.#storeKey = storeKey;
  }

  static async open(
    context: WorkerSurroundings,
    { storeKey, commandTimeoutMs }: { readonly storeKey: string; readonly commandTimeoutMs: number },
  ): Promise<Store> {
    // Whatever the caches are measured with, here no command is ever sent twice.
    return new Store(await openDataClient({ ...context, profile: "raw" }, commandTimeoutMs), storeKey);
  }

  async read(key: string): Promise<Answered<Stored>> {
    const { reply, node } = await this.#client.call(storeKeyOf(this.#storeKey, key), "GET");
    return { value: storedOf(key, reply), node };
  }

  /** Writes a version. @returns the one that it replaced */
  async write(key: string, version: number, length: number): Promise<Answered<Stored>> {
    const { reply, node } = await this.#client.call(
      storeKeyOf(this.#storeKey, key),
      "SET",
      textOf(key, version, length),
      "GET",
    );
    return { value: storedOf(key, reply), node };
  }

  /** After an unknown outcome. */
  renew(): Promise<void> {
    return this.#client.renew();
  }

  close(): void {
    this.#client.close();
  }
}

function storedOf(key: string, reply: unknown): Stored {
  if (reply === null) return { key, version: 0 };
  const text = typeof reply === "string" ? reply : JSON.stringify(reply);
  const version = versionWithin(key, text);
  return version === undefined ? { key, version: null, text: text.slice(0, MOST_CHARACTERS) } : { key, version };
}
