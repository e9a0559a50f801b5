/**
 * A holder is stopped after it made sure that it holds, and before it writes, for longer than its lock lives (a garbage
 * collection, a frozen machine). It breaks every lock without fencing, on however many servers.
 */
import type { Campaign } from "../../../runner/campaign.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { KLEPPMANN, REDLOCK_USING_REJECTS } from "../../declare/sources.ts";
import type { SharedOptions } from "../../declare/workers.ts";
import { reader, workers } from "../../declare/workers.ts";
import { FENCE, oneHolder } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

type PausedHolder = Omit<CampaignDeclaration, "workload" | "options" | "workers" | "faults"> & {
  readonly options: SharedOptions<"lock", "client"> & { readonly lock: string; readonly ttlMs: number };
};

export function pausedHolder(own: PausedHolder): Campaign {
  return campaign({
    ...own,
    workload: "lock",
    workers: [...workers("client", 3), reader()],
    faults: (random) => [
      {
        id: "pause",
        kind: "pause",
        options: { target: "w1" },
        start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5) } },
        end: { afterMs: own.options.ttlMs + random.integer(800, 1_200) },
      },
    ],
  });
}

const ON_ONE = { suite: "quick", system: { kind: "single", options: {} }, loadMs: 3_500 } as const;
const ON_FIVE = { suite: "standard", system: { kind: "independent", options: { nodes: 5 } }, loadMs: 4_000 } as const;

export const lockSimplePausedHolder = pausedHolder({
  ...ON_ONE,
  name: "lock-simple-paused-holder",
  title: "The holder of a simple lock is paused",
  description:
    "A client makes sure that it holds the lock, is stopped for longer than the lock lives (a garbage collection, a frozen machine), and then writes.",
  options: { lock: "simple", ttlMs: 1_000 },
  claims: [
    hoped(
      "mutex",
      "The lock is a mutex: a client that was granted it holds it until it lets it go.",
      KLEPPMANN,
      "linearizable",
      { model: "mutex", operations: ["acquire", "release"] },
    ),
    hoped(
      "resource",
      "The lock keeps former holders from writing to the resource, and no update is lost.",
      KLEPPMANN,
      "lock-resource",
    ),
  ],
});

export const lockFencedPausedHolder = pausedHolder({
  ...ON_ONE,
  name: "lock-fenced-paused-holder",
  title: "A paused holder meets a fence",
  description:
    "The same pause as in lock-simple-paused-holder, but every grant carries a rising token and the resource refuses older ones: two clients hold the lock, and it does no harm.",
  options: { lock: "fenced", ttlMs: 1_000 },
  claims: [oneHolder(KLEPPMANN), ...FENCE],
});

export const redlockPausedHolder = pausedHolder({
  ...ON_FIVE,
  name: "redlock-paused-holder",
  title: "The holder of a Redlock is paused",
  description:
    "Five servers instead of one do not help against a client that is stopped in its critical section for longer than the lock lives.",
  options: { lock: "redlock", ttlMs: 1_500 },
  claims: [
    oneHolder(KLEPPMANN),
    hoped("resource", "The lock keeps former holders from writing to the resource.", KLEPPMANN, "lock-resource"),
  ],
});

export const redlockFencedPausedHolder = pausedHolder({
  ...ON_FIVE,
  name: "redlock-fenced-paused-holder",
  title: "The holder of a Redlock with fencing tokens is paused",
  description:
    "Redlock has no fencing tokens of its own. With tokens from a counter on a majority of its servers, the resource refuses a holder that was stopped for longer than its lock lives.",
  options: { lock: "redlock-fenced", ttlMs: 1_500 },
  claims: [oneHolder(KLEPPMANN), ...FENCE],
});

export const redlockLateRoutine = pausedHolder({
  name: "redlock-late-routine",
  title: "A routine under a lock takes longer than the lock lives",
  description:
    "The library runs a routine under the lock, and the client is stopped in it for longer than the lock lives, just before it writes. The routine comes to its end, and its caller is told what became of the call.",
  suite: "nightly",
  system: MAJORITY.system,
  profile: "app",
  options: { lock: "redlock/using@5.0.0-beta.2", ttlMs: 1_500 },
  loadMs: 5_000,
  claims: [
    hoped(
      "outcome",
      "A call that rejects has not done what it was made for, so that it can be made again.",
      REDLOCK_USING_REJECTS,
      "lock-outcome",
    ),
  ],
});
