/**
 * The contract of a lock: what any lock library fits behind, in a few lines. It is part of `redquake/adapter`, and
 * explained with an example in `docs/adapters.md`.
 */
import type { SystemPlan } from "../../history/plan.ts";
import type { AdapterEnvironment, AnyAdapter } from "../adapter/adapter.ts";

/** A lock library, and how to call it. A module gives it as its default export, or as the export `adapter`. */
export interface LockAdapter extends AnyAdapter {
  readonly kind?: "lock";
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
