/**
 * The contract of a lock: what any lock library fits behind, in a few lines. It is public (`redquake/adapter`), and
 * explained with an example in `docs/adapters.md`.
 * @module redquake/adapter
 */
import type { Redis, RedisOptions } from "ioredis";
import type { SystemPlan } from "../../history/plan.ts";
import type { Random } from "../../history/random.ts";

/** A lock library, and how to call it. A module gives it as its default export, or as the export `adapter`. */
export interface LockAdapter {
  /** What is tested, with its exact version, such as `redlock@5.0.0-beta.2`. It stands in every result. */
  readonly name: string;
  /**
   * `one`: it locks on one server. `majority`: on a majority of independent servers, as Redlock does. Default: `one`.
   */
  readonly servers?: "one" | "majority";
  /**
   * The kinds of system that it can be run on, for locks where `servers` does not say it all. Default: those that
   * `servers` suits.
   */
  readonly systems?: readonly SystemPlan["kind"][];
  /** How many may hold a key at the same time: more than 1 for a semaphore. Default: 1. */
  readonly limit?: number;
  /**
   * The shortest time to live that it can express, in milliseconds. A campaign with a shorter one is refused. Default:
   * 1.
   */
  readonly minTtlMs?: number;
  /**
   * It cannot try once and say no, but only wait until it has the lock. A grant that comes after the time was over is
   * recorded as the grant that it is.
   */
  readonly blocking?: true;
  /**
   * Whether what `acquire` throws says that somebody else has the lock, of libraries that reject for that too: then it
   * counts as `null`. Everything else stays an error after which nobody knows.
   */
  refused?(error: unknown): boolean;
  /** Called once in each worker process, before the load begins. What it throws ends the run. */
  open(environment: AdapterEnvironment): LockClient | Promise<LockClient>;
}

/** What a lock gets to work with. */
export interface AdapterEnvironment {
  /**
   * Where the servers are, each behind this worker's own fault proxy: one, or N independent ones. With Sentinel, the
   * sentinels: they name the primary of `masterName`.
   */
  readonly endpoints: readonly Endpoint[];
  /** With Sentinel only. */
  readonly masterName?: string;
  /** Unique in the run. */
  readonly clientId: string;
  /**
   * A new connection to the i-th endpoint (with Sentinel: to the primary), by redquake's own ioredis, for libraries
   * that take one. Those that are asked for in `open` are connected before the load begins; all are closed by redquake.
   * They have ioredis' defaults except where `options` say otherwise.
   * @throws RangeError when there is no such endpoint.
   */
  redis(i?: number, options?: RedisOptions): Redis;
  /** The worker's own source of randomness: the same seed, the same draws. */
  readonly random: Random;
  /**
   * The time to live that the campaign asks for in every `acquire`, where it has only one: for libraries that take it
   * when they are made.
   */
  readonly ttlMs?: number;
  /**
   * How long a command may take, where the campaign is about clients that give up: `redis()` has it as ioredis'
   * `commandTimeout`.
   */
  readonly commandTimeoutMs?: number;
  /** Writes a line to the worker's log. */
  log(text: string): void;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

export interface LockClient {
  /**
   * Tries to get the lock, once or for as long as `waitMs`: redquake asks again until its own time is over.
   * @returns null when somebody else has it.
   * @throws whatever leaves it open whether the lock was taken: it is recorded as `info`.
   */
  acquire(key: string, ttlMs: number, wait: Wait): Promise<Held | null>;
  /** Called when the worker has nothing left to do; afterwards nothing may keep its process alive. */
  close?(): Promise<void>;
}

export interface Wait {
  /** How much time is left, in milliseconds. */
  readonly waitMs: number;
  /** Aborted when that time is over, or the load ends. */
  readonly signal: AbortSignal;
}

/**
 * A lock that its client has got. `isHeld`, `validUntil` and `signal` are the library's own word on whether it still
 * holds, and nothing else: give those that the library offers. Without any of the three it says nothing, and its user
 * has to believe until the release.
 */
export interface Held {
  /** Resolves to false, or rejects, when the library could not confirm that it freed its own lock. */
  release(): Promise<unknown>;
  /** Prolongs the lock to `ttlMs` from now. Resolves to false, or rejects, when it did not. */
  extend?(ttlMs: number): Promise<unknown>;
  /** May be asked of somebody else, and then promised. */
  isHeld?(): boolean | Promise<boolean>;
  /** Milliseconds since 1970 on the client's own clock (`Date.now()`). */
  validUntil?(): number;
  /** Aborted when the library notices that the lock is lost. */
  readonly signal?: AbortSignal;
  /** The fencing token; a text is of decimal digits. */
  readonly token?: bigint | number | string;
  /**
   * For libraries that run a routine under the lock, and free it themselves: the promise that the call gave to its
   * caller. It settles when `release` has let the routine end; what it settles to is recorded.
   */
  readonly outcome?: Promise<unknown>;
}
