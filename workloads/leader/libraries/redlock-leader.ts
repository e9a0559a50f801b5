/**
 * A leader as many make it from `redlock` 5 (https://github.com/mike-marcacci/node-redlock/tree/v5.0.0-beta.2): it
 * leads for as long as the routine of `using` runs, and asks again when it could not begin. The library prolongs the
 * lock by itself, and aborts a signal when it cannot.
 *
 * Options: the library's defaults; one server. The routine ends when its signal is aborted.
 */
import type { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { Candidate, Standing } from "../adapter.ts";
import type { LeaderLibrary } from "./library.ts";

type RedlockClass = new (clients: Iterable<Redis>) => EventEmitter & {
  using(resources: readonly string[], ttlMs: number, routine: (signal: AbortSignal) => Promise<void>): Promise<void>;
};
type Redlock = InstanceType<RedlockClass>;

/** `using` refuses a time to live that is not 100 ms longer than its `automaticExtensionThreshold`. */
const USING_MIN_MS = 600;
const RETRY_MS = 200;

export const redlockLeader: LeaderLibrary = {
  name: "redlock/leader",
  package: "redlock",
  tried: ["5.0.0-beta.2"],
  adapter: (installed) => ({
    kind: "leader",
    minTermMs: USING_MIN_MS,
    open({ redis, election, termMs, log }) {
      const { default: Redlock } = loadClientLibrary(installed) as { default: RedlockClass };
      const redlock = new Redlock([redis()]);
      redlock.on("error", (error: Error) => {
        if (error.name !== "ResourceLockedError") log(`redlock: ${error.message}`);
      });
      const candidacies = new Set<Candidacy>();
      return {
        stand(candidate) {
          const candidacy = new Candidacy(redlock, election, termMs, candidate);
          candidacies.add(candidacy);
          return candidacy;
        },
        async close() {
          await Promise.all([...candidacies].map((candidacy) => candidacy.resign()));
        },
      };
    },
  }),
};

class Candidacy implements Standing {
  readonly #resigned = new AbortController();
  readonly #over: Promise<void>;
  #term: AbortSignal | undefined;

  constructor(redlock: Redlock, election: string, termMs: number, candidate: Candidate) {
    this.#over = this.#stand(redlock, election, termMs, candidate);
  }

  isLeader(): boolean {
    return this.#term?.aborted === false;
  }

  async resign(): Promise<void> {
    this.#resigned.abort();
    await this.#over;
  }

  async #stand(redlock: Redlock, election: string, termMs: number, candidate: Candidate): Promise<void> {
    const { signal: resigned } = this.#resigned;
    while (!resigned.aborted) {
      await redlock
        .using([election], termMs, async (signal) => {
          this.#term = signal;
          candidate.onElected();
          await aborted(AbortSignal.any([signal, resigned]));
          this.#term = undefined;
          if (!resigned.aborted) candidate.onDemoted(signal.reason);
        })
        // Others lead, or the servers failed; in both cases it stands on.
        .catch(() => delay(RETRY_MS));
    }
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
