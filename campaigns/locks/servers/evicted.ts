import type { DeclaredFault } from "../../declare/declare.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { EVICTION_PAGE } from "../../declare/sources.ts";
import { belief } from "../words/levels.ts";

const TTL_MS = 4_000;
const STAY_MS = 1_500;

type Own = Pick<CampaignDeclaration, "name" | "title" | "description"> & {
  readonly policy: "allkeys-lru" | "noeviction";
  /** After the fault has acted; the holder stays for `STAY_MS`. */
  readonly lastsMs: number;
  readonly terms: Pick<Parameters<typeof belief>[0], "standing" | "expect">;
};

function evicted({ policy, lastsMs, terms, ...own }: Own): ReturnType<typeof campaign> {
  return campaign({
    ...own,
    suite: "nightly",
    system: { kind: "single", options: {} },
    workload: "lock",
    options: { lock: "simple", ttlMs: TTL_MS },
    workers: [...workers("client", 3), reader()],
    loadMs: 4_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "evict",
        kind: "evict",
        options: { target: "n1", policy },
        start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdMs: STAY_MS } },
        end: { afterMs: lastsMs },
      },
    ],
    claims: [belief({ ...terms, source: EVICTION_PAGE }, { fromFault: "evict" })],
  });
}

export const lockEvicted = evicted({
  name: "lock-evicted",
  title: "The server runs out of memory, and evicts the lock",
  description:
    "The server may evict any key when its memory is used up, and does so while a client holds the lock. A lock is a key like any other.",
  policy: "allkeys-lru",
  lastsMs: 0,
  terms: { standing: "hoped", expect: "broken" },
});

export const lockNotEvicted = evicted({
  name: "lock-not-evicted",
  title: "The server runs out of memory, and evicts nothing",
  description:
    "The server must not evict keys (noeviction), and its memory is used up while a client holds the lock: it refuses what needs memory, new locks too, and keeps the one that is there.",
  policy: "noeviction",
  lastsMs: STAY_MS,
  terms: { standing: "promised", expect: "holds" },
});
