/**
 * The contract of a leader election: what any library fits behind that makes one of several processes the leader. It is
 * part of `redquake/adapter`, and explained with an example in `docs/leaders.md`.
 */
import type { AdapterEnvironment, AnyAdapter } from "../adapter/adapter.ts";

/** A library that elects leaders, and how to call it. A module gives it as its default export, or as `adapter`. */
export interface LeaderAdapter extends AnyAdapter {
  readonly kind: "leader";
  /** The shortest term that it can express, in milliseconds. A campaign with a shorter one is refused. Default: 1. */
  readonly minTermMs?: number;
  /**
   * Whether a candidate that was demoted stands again by itself, for as long as it has not resigned. Default: true.
   * Where it does not, redquake calls `stand` again after each demotion.
   */
  readonly standsAgain?: boolean;
  /** Called once in each worker process, before the load begins. What it throws ends the run. */
  open(environment: LeaderEnvironment): LeaderClient | Promise<LeaderClient>;
}

/** What it gets to work with. */
export interface LeaderEnvironment extends AdapterEnvironment {
  readonly election: string;
  readonly termMs: number;
}

export interface LeaderClient {
  /**
   * Becomes a candidate, until it resigns. It is called again when it has resigned and wants to come back.
   * @throws whatever leaves it open whether it stands: it is recorded as `info`, and redquake asks again.
   */
  stand(candidate: Candidate): Standing | Promise<Standing>;
  /** Called when the worker has nothing left to do; afterwards nothing may keep its process alive. */
  close?(): Promise<void>;
}

/** Who is told. Either may be called at any time, also before `stand` has returned. */
export interface Candidate {
  /** It leads from now on. */
  onElected(term?: Term): void;
  /** It leads no more. Not needed after a resignation. */
  onDemoted(reason?: unknown): void;
}

export interface Term {
  /** The fencing token; a text is of decimal digits. */
  readonly token?: bigint | number | string;
}

export interface Standing {
  /** The library's own word, asked before every piece of work. May be asked of somebody else, and then promised. */
  isLeader(): boolean | Promise<boolean>;
  /**
   * Leads and stands no more. Resolves to false, or rejects, when the library could not confirm that it gave its
   * leadership back.
   */
  resign(): Promise<unknown>;
  /**
   * Where the servers have it who leads, where that is known: this text stands at this key for as long as this
   * candidate leads. With it the result can say who led although no server had elected it.
   */
  readonly seat?: { readonly key: string; readonly value: string };
}
