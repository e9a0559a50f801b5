/**
 * One session with ZooKeeper by `node-zookeeper-client` (https://github.com/alexguan/node-zookeeper-client): its
 * callbacks as promises, which end at the latest when the session does; the library itself never settles what was still
 * queued then.
 */
import { once } from "node:events";
import type { Endpoint } from "../../adapter/adapter.ts";
import { CLIENT_LIBRARIES, loadClientLibrary } from "../../clients/client-library.ts";

/** What is used of it. */
export interface ZookeeperModule {
  createClient(servers: string, options: ClientOptions): Client;
  readonly CreateMode: { readonly PERSISTENT: number; readonly EPHEMERAL_SEQUENTIAL: number };
  readonly Exception: { readonly NO_NODE: number; readonly CONNECTION_LOSS: number };
}

interface ClientOptions {
  /** In milliseconds. */
  readonly sessionTimeout: number;
  /** The longest pause between two rounds of attempts to connect, in milliseconds. */
  readonly spinDelay: number;
}

interface Client {
  connect(): void;
  close(): void;
  on(event: "expired", listener: () => void): this;
  once(event: "connected" | "expired", listener: () => void): this;
  create(path: string, mode: number, callback: Callback<string>): void;
  mkdirp(path: string, callback: Callback<string>): void;
  remove(path: string, callback: Callback<void>): void;
  exists(path: string, watcher: (event: unknown) => void, callback: Callback<Stat | null>): void;
  getChildren(path: string, callback: Callback<string[]>): void;
}

type Callback<T> = (error: ZookeeperError | null, result: T) => void;

interface ZookeeperError extends Error {
  getCode(): number;
}

export interface Stat {
  /** The id of the transaction that made the node, as eight bytes. */
  readonly czxid: Buffer;
}

const SPIN_DELAY_MS = 100;

export class ZookeeperSession {
  readonly #module: ZookeeperModule;
  readonly #client: Client;
  readonly #expired = new AbortController();
  readonly #connected: Promise<unknown>;

  private constructor(module: ZookeeperModule, client: Client) {
    this.#module = module;
    this.#client = client;
    client.on("expired", () => this.#expired.abort(new Error("the session with ZooKeeper has expired")));
    this.#connected = once(client as unknown as NodeJS.EventEmitter, "connected");
    client.connect();
  }

  /** @param timeoutMs how long the server keeps the session when it does not hear of the client. */
  static open(servers: readonly Endpoint[], timeoutMs: number): ZookeeperSession {
    const module = loadClientLibrary(CLIENT_LIBRARIES.zookeeper) as ZookeeperModule;
    const names = servers.map(({ host, port }) => `${host}:${port}`).join(",");
    return new ZookeeperSession(
      module,
      module.createClient(names, { sessionTimeout: timeoutMs, spinDelay: SPIN_DELAY_MS }),
    );
  }

  /** Resolves when the library has connected for the first time. */
  async connected(): Promise<void> {
    await this.#connected;
  }

  /** Aborted when the library is told that the session is over. */
  get expired(): AbortSignal {
    return this.#expired.signal;
  }

  close(): void {
    this.#client.close();
  }

  /** Makes a node and those above it, unless they are there. */
  makePath(path: string): Promise<unknown> {
    return this.#ask<string>((done) => this.#client.mkdirp(path, done));
  }

  /**
   * Makes a node that ends with the session. Resolves to its path, which goes on with a number after what was asked
   * for.
   */
  makeSequential(path: string): Promise<string> {
    const mode = this.#module.CreateMode.EPHEMERAL_SEQUENTIAL;
    return this.#ask((done) => this.#client.create(path, mode, done));
  }

  /** Resolves to whether it was there. */
  async remove(path: string): Promise<boolean> {
    try {
      await this.#ask<void>((done) => this.#client.remove(path, done));
      return true;
    } catch (error) {
      if (this.#hasCode(error, "NO_NODE")) return false;
      throw error;
    }
  }

  /**
   * Resolves to what is known of a node, or null when there is none; `changed` is then called once when that changes.
   */
  look(path: string, changed: () => void = () => undefined): Promise<Stat | null> {
    return this.#ask((done) => this.#client.exists(path, changed, done));
  }

  children(path: string): Promise<string[]> {
    return this.#ask((done) => this.#client.getChildren(path, done));
  }

  lostConnection(error: unknown): boolean {
    return this.#hasCode(error, "CONNECTION_LOSS");
  }

  #hasCode(error: unknown, name: keyof ZookeeperModule["Exception"]): boolean {
    return (error as Partial<ZookeeperError>).getCode?.() === this.#module.Exception[name];
  }

  #ask<T>(request: (done: Callback<T>) => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const expire = (): void => reject(this.expired.reason as Error);
      if (this.expired.aborted) expire();
      this.expired.addEventListener("abort", expire, { once: true });
      request((error, result) => {
        this.expired.removeEventListener("abort", expire);
        if (error === null) resolve(result);
        else reject(error);
      });
    });
  }
}
