/**
 * The lock of ZooKeeper's recipes (https://zookeeper.apache.org/doc/r3.8.0/recipes.html#sc_recipes_Locks): everybody
 * makes an ephemeral sequential node, the first one holds, and each of the others watches the one before it. The
 * transaction that made the node (`czxid`) is the fencing token. The time to live is that of the client's session, and
 * the library tells of its end when the server has told it.
 */
import { randomUUID } from "node:crypto";
import { CLIENT_LIBRARIES } from "../../clients/client-library.ts";
import type { Held, LockAdapter, Wait } from "../adapter.ts";
import { inSequence } from "./sequential-node.ts";
import { ZookeeperSession } from "./zookeeper-session.ts";

const LIBRARY = CLIENT_LIBRARIES.zookeeper;

/** A session is at least two ticks long; see `systems/zookeeper.ts`. */
const MIN_TTL_MS = 1_000;

export const zookeeper: LockAdapter = {
  name: `${LIBRARY.name}@${LIBRARY.version}`,
  systems: ["zookeeper"],
  minTtlMs: MIN_TTL_MS,
  async open({ endpoints, ttlMs }) {
    if (ttlMs === undefined) throw new TypeError("a session with ZooKeeper needs the time to live when it is opened");
    let session = ZookeeperSession.open(endpoints, ttlMs);
    await session.connected();
    return {
      acquire(key, _ttlMs, wait) {
        if (session.expired.aborted) session = ZookeeperSession.open(endpoints, ttlMs);
        return new Contender(session, `/locks/${encodeURIComponent(key)}`).enter(wait);
      },
      close: () => Promise.resolve(session.close()),
    };
  },
};

/** One attempt to get one lock. */
class Contender {
  readonly #session: ZookeeperSession;
  readonly #folder: string;
  /** Tells our node from those of others when the answer to its making is lost. */
  readonly #prefix = `${randomUUID()}-`;

  constructor(session: ZookeeperSession, folder: string) {
    this.#session = session;
    this.#folder = folder;
  }

  async enter({ signal }: Wait): Promise<Held | null> {
    await this.#session.makePath(this.#folder);
    const own = await this.#makeOwn();
    const path = `${this.#folder}/${own}`;
    for (;;) {
      const queue = inSequence(await this.#session.children(this.#folder));
      const place = queue.indexOf(own);
      if (place === -1) throw new Error(`${path} is gone: the session that made it is over`);
      const before = queue[place - 1];
      if (before === undefined) return this.#held(path);
      if (!(await this.#awaitEnd(`${this.#folder}/${before}`, signal))) {
        await this.#session.remove(path);
        return null;
      }
    }
  }

  async #held(path: string): Promise<Held> {
    const stat = await this.#session.look(path);
    if (stat === null) throw new Error(`${path} is gone: the session that made it is over`);
    return {
      release: () => this.#session.remove(path),
      token: stat.czxid.readBigUInt64BE(0),
      signal: this.#session.expired,
    };
  }

  /** Resolves to the name of our node. */
  async #makeOwn(): Promise<string> {
    try {
      const path = await this.#session.makeSequential(`${this.#folder}/${this.#prefix}`);
      return path.slice(this.#folder.length + 1);
    } catch (error) {
      if (!this.#session.lostConnection(error)) throw error;
      const made = (await this.#session.children(this.#folder)).find((name) => name.startsWith(this.#prefix));
      if (made === undefined) throw error;
      return made;
    }
  }

  /** Resolves to true when the node is gone or has changed, and to false when nobody waits for it any more. */
  async #awaitEnd(path: string, signal: AbortSignal): Promise<boolean> {
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    // A caller that has been answered before does not hear of the end of the session any more.
    promise.catch(() => undefined);
    const giveUp = (): void => resolve(false);
    const expire = (): void => reject(this.#session.expired.reason as Error);
    signal.addEventListener("abort", giveUp, { once: true });
    this.#session.expired.addEventListener("abort", expire, { once: true });
    try {
      if ((await this.#session.look(path, () => resolve(true))) === null) return true;
      if (signal.aborted) return false;
      return await promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
      this.#session.expired.removeEventListener("abort", expire);
    }
  }
}
