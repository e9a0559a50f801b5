import { campaign, hoped, promised } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { pausedHolder } from "../../declare/paused-holder.ts";
import { KLEPPMANN } from "../../declare/sources.ts";

const TTL_MS = 1_000;

export const lockFencedPausedHolder = campaign({
  name: "lock-fenced-paused-holder",
  title: "A paused holder meets a fence",
  description:
    "The same pause as in lock-simple-paused-holder, but every grant carries a rising token and the resource refuses older ones: two clients hold the lock, and it does no harm.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "fenced", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 3_500,
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
