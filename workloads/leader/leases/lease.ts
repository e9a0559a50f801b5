/**
 * Leadership as a lease on one server: `SET NX PX`, renewed by a watchdog that compares before it prolongs. A leader
 * steps down by its own monotonic clock, counted from before the command was sent that granted or renewed the lease: so
 * it is over for the leader before it is over for the server, whatever becomes of the network.
 */
import type { Redis } from "ioredis";
import { grantWithToken } from "../../lock/locks/fenced.ts";
import type { Grant } from "../../lock/locks/single-server.ts";
import { freeOwn, grantFree, prolongOwn } from "../../lock/locks/single-server.ts";
import type { Candidate, LeaderAdapter, Standing } from "../adapter.ts";

/** So often in its term a lease is asked for, or renewed. */
const TRIES = 3;

/** The parts of a lease, and what it may get wrong; what is not given is right. */
export interface LeaseRules {
  /** Default: no token. */
  readonly grant?: Grant;
  /** Whether it is over when its time is, without an answer to a renewal. Default true. */
  readonly watchesClock?: boolean;
  /** Whether it looks at the wall clock when it is asked, and steps down by no timer. Default false. */
  readonly byWallClock?: boolean;
  /** Whether it is over when a renewal is refused. Default true. */
  readonly heedsRefusals?: boolean;
  /** Whether it asks for renewals. Default true. */
  readonly renews?: boolean;
  /** Whether it goes on after an error. Default true. */
  readonly outlivesErrors?: boolean;
  /** Whether it says that it leads only until it has been demoted. Default true. */
  readonly heedsDemotion?: boolean;
  /** Whether it takes an error for its election. Default false. */
  readonly electsOnError?: boolean;
  /** Whether its candidate is told of an election with each renewal. Default false. */
  readonly tellsAgain?: boolean;
  /** Gives the leadership back; resolves to whether that was still there. Default: compares first. */
  readonly free?: (server: Redis, key: string, value: string) => Promise<boolean>;
  /** Mints the token before the first lease is asked for, and keeps it. */
  readonly mint?: (server: Redis, key: string) => Promise<number>;
}

export function lease(name: string, rules: LeaseRules = {}): LeaderAdapter {
  return {
    kind: "leader",
    name,
    open({ redis, election, termMs, clientId, log }) {
      // A server that is silent must not keep the candidate from asking again.
      const server = redis(0, { commandTimeout: termMs });
      const candidacies = new Set<Candidacy>();
      let count = 0;
      return {
        stand(candidate) {
          count += 1;
          const candidacy = new Candidacy(
            { server, key: election, value: `${clientId}:${count}`, termMs, candidate, log },
            rules,
          );
          candidacies.add(candidacy);
          return candidacy;
        },
        close: () => {
          for (const candidacy of candidacies) candidacy.stop();
          return Promise.resolve();
        },
      };
    },
  };
}

export const plainLease = lease("lease");
export const fencedLease = lease("lease-fenced", { grant: grantWithToken });

interface Parts {
  readonly server: Redis;
  readonly key: string;
  readonly value: string;
  readonly termMs: number;
  readonly candidate: Candidate;
  readonly log: (text: string) => void;
}

class Candidacy implements Standing {
  readonly seat: NonNullable<Standing["seat"]>;
  readonly #parts: Parts;
  readonly #rules: LeaseRules;
  #timer: NodeJS.Timeout | undefined;
  #stepDown: NodeJS.Timeout | undefined;
  #stopped = false;
  #leads = false;
  /** It was elected once. */
  #led = false;
  /** When the lease is over, on the clock that it looks at. */
  #until = 0;
  #minted: Promise<number> | undefined;

  constructor(parts: Parts, rules: LeaseRules) {
    this.#parts = parts;
    this.#rules = rules;
    this.seat = { key: parts.key, value: parts.value };
    void this.#ask();
  }

  isLeader(): boolean {
    const { heedsDemotion = true, watchesClock = true } = this.#rules;
    if (this.#stopped) return false;
    if (!heedsDemotion) return this.#led;
    return this.#leads && (!watchesClock || this.#now() < this.#until);
  }

  #now(): number {
    return this.#rules.byWallClock === true ? Date.now() : performance.now();
  }

  async resign(): Promise<boolean> {
    this.stop();
    const { server, key, value } = this.#parts;
    return (this.#rules.free ?? freeOwn)(server, key, value);
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
    clearTimeout(this.#stepDown);
  }

  async #ask(): Promise<void> {
    const { server, key, value, termMs } = this.#parts;
    const { grant = grantFree, electsOnError = false } = this.#rules;
    const asked = this.#now();
    try {
      const minted = await this.#mintedToken();
      const granted = await grant(server, key, value, termMs);
      if (granted !== null) this.#granted(asked, minted ?? granted.token);
    } catch (error) {
      if (!this.#failed(error)) return;
      if (electsOnError) this.#granted(this.#now(), undefined);
    }
    this.#again();
  }

  /** What was granted too late to be led by is left to end by itself. */
  #granted(asked: number, token: number | undefined): void {
    if (this.#stopped || this.#now() >= asked + this.#parts.termMs) return;
    [this.#leads, this.#led] = [true, true];
    this.#extend(asked);
    this.#parts.candidate.onElected(token === undefined ? undefined : { token });
  }

  async #renew(): Promise<void> {
    const { server, key, value, termMs, candidate } = this.#parts;
    const { heedsRefusals = true, tellsAgain = false } = this.#rules;
    const asked = this.#now();
    try {
      const renewed = await prolongOwn(server, key, value, termMs);
      if (this.#leads && !this.#stopped) {
        if (renewed || !heedsRefusals) this.#extend(asked);
        else this.#demote("its lease is another's, or nobody's");
        if (renewed && tellsAgain) candidate.onElected();
      }
    } catch (error) {
      if (!this.#failed(error)) return;
    }
    this.#again();
  }

  #extend(asked: number): void {
    const { watchesClock = true, byWallClock = false } = this.#rules;
    this.#until = asked + this.#parts.termMs;
    clearTimeout(this.#stepDown);
    if (watchesClock && !byWallClock)
      this.#stepDown = setTimeout(
        () => this.#demote("its lease is over, and no renewal was answered"),
        this.#until - performance.now(),
      );
  }

  #demote(reason: string): void {
    if (!this.#leads) return;
    this.#leads = false;
    clearTimeout(this.#stepDown);
    this.#parts.candidate.onDemoted(reason);
  }

  /** @returns whether it goes on */
  #failed(error: unknown): boolean {
    const { outlivesErrors = true } = this.#rules;
    this.#parts.log(`${this.#leads ? "renewal" : "candidacy"}: ${(error as Error).message}`);
    return outlivesErrors;
  }

  #again(): void {
    const { renews = true } = this.#rules;
    if (this.#stopped || (this.#leads && !renews)) return;
    this.#timer = setTimeout(() => void (this.#leads ? this.#renew() : this.#ask()), this.#parts.termMs / TRIES);
  }

  async #mintedToken(): Promise<number | undefined> {
    const { server, key } = this.#parts;
    return (this.#minted ??= this.#rules.mint?.(server, key));
  }
}
