import type { DeclaredFault } from "../../declare/declare.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { KLEPPMANN } from "../../declare/sources.ts";
import { FENCED_RESOURCE } from "../words/levels.ts";

const TTL_MS = 1_000;

type Own = Pick<CampaignDeclaration, "name" | "title" | "claims"> & { readonly lock: string; readonly what: string };

/** No pause, and no clock: what is late is the write itself. */
function delayedWrite({ lock, what, ...own }: Own): ReturnType<typeof campaign> {
  return campaign({
    ...own,
    description: `A client makes sure that it holds the lock and writes at once, but its write is held up in the network until the lock has expired and others have used the resource. ${what}`,
    suite: "nightly",
    system: { kind: "single", options: {} },
    workload: "lock",
    options: { lock, ttlMs: TTL_MS },
    workers: [...workers("client", 3), reader()],
    loadMs: 4_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "delay",
        kind: "link",
        options: { from: "w1", to: "resource", how: "hold", direction: "forth" },
        start: { at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5) } },
        // By then the lock has expired, and another client has made sure that it holds.
        end: { afterMs: TTL_MS + random.integer(300, 600), at: { worker: "w2", point: "critical-section" } },
      },
    ],
  });
}

export const lockDelayedWrite = delayedWrite({
  name: "lock-delayed-write",
  title: "A write that the network delivers late",
  lock: "simple",
  what: "The resource takes whatever comes.",
  claims: [
    hoped("resource", "The lock keeps former holders from writing to the resource.", KLEPPMANN, "lock-resource"),
  ],
});

export const lockFencedDelayedWrite = delayedWrite({
  name: "lock-fenced-delayed-write",
  title: "A write that the network delivers late meets a fence",
  lock: "fenced",
  what: "It comes with the token of its grant, and the resource has seen a newer one.",
  claims: [FENCED_RESOURCE],
});
