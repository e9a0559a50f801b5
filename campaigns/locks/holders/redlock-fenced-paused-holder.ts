import { campaign, hoped, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { pausedHolder } from "../../declare/paused-holder.ts";
import { KLEPPMANN } from "../../declare/sources.ts";

const TTL_MS = 1_500;

export const redlockFencedPausedHolder = campaign({
  name: "redlock-fenced-paused-holder",
  title: "The holder of a Redlock with fencing tokens is paused",
  description:
    "Redlock has no fencing tokens of its own. With tokens from a counter on a majority of its servers, the resource refuses a holder that was stopped for longer than its lock lives.",
  suite: "standard",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { lock: "redlock-fenced", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 4_000,
  faults: pausedHolder(TTL_MS),
  claims: [
    hoped("grant", "No two clients hold the lock at the same time.", KLEPPMANN, "lock-overlap", {
      level: "grant",
    }),
    promised(
      "resource",
      "Fencing tokens keep former holders from writing to the resource.",
      KLEPPMANN,
      "lock-resource",
      { fenced: true },
    ),
    promised("token-order", "A later grant has a higher token.", KLEPPMANN, "lock-token-order"),
  ],
});
