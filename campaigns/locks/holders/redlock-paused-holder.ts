import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { pausedHolder } from "../../declare/paused-holder.ts";
import { KLEPPMANN } from "../../declare/sources.ts";

const TTL_MS = 1_500;

export const redlockPausedHolder = campaign({
  name: "redlock-paused-holder",
  title: "The holder of a Redlock is paused",
  description:
    "Five servers instead of one do not help against a client that is stopped in its critical section for longer than the lock lives.",
  suite: "standard",
  system: { kind: "independent", options: { nodes: 5 } },
  workload: "lock",
  options: { lock: "redlock", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 4_000,
  faults: pausedHolder(TTL_MS),
  claims: [
    hoped("grant", "No two clients hold the lock at the same time.", KLEPPMANN, "lock-overlap", {
      level: "grant",
    }),
    hoped("resource", "The lock keeps former holders from writing to the resource.", KLEPPMANN, "lock-resource"),
  ],
});
