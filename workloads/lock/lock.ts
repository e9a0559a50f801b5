/** A lock as redquake sees it: any library fits behind this, in a few lines. */
import type { Redis, RedisOptions } from "ioredis";
import type { Random } from "../../history/random.ts";

export interface LockAdapter {
  readonly name: string;
  /** Called once in each worker process. */
  open(environment: LockEnvironment): Promise<LockClient> | LockClient;
}

export interface LockEnvironment {
  /** How many servers there are to lock on: 1, or N for Redlock. */
  readonly servers: number;
  /** A connection to the i-th server (or, with Sentinel, to the primary), behind the fault proxy; closed by redquake. */
  redis(i?: number, extra?: RedisOptions): Promise<Redis>;
  /** Unique in the run. */
  readonly clientId: string;
  readonly random: Random;
}

export interface LockClient {
  /**
   * Tries until it gets the lock or `signal` is aborted.
   * @returns null when somebody else has it until then. @throws whatever leaves it open whether the lock was taken.
   */
  acquire(
    key: string,
    ttlMs: number,
    wait: { readonly signal: AbortSignal; readonly retryMs: number },
  ): Promise<Held | null>;
}

/** A lock that its client believes to hold. */
export interface Held {
  /** Resolves to false when the server said that the lock was not ours any more, true when it was freed, undefined when the library does not tell. */
  release(): Promise<boolean | undefined>;
  /** What the client's own library says is left, in milliseconds; at most 0 when it says that the lock is lost. */
  remainingMs(): number;
  /** The fencing token, where the lock has one. */
  readonly token?: number;
}
