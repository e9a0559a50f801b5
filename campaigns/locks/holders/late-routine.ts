import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { pausedHolder } from "../../declare/paused-holder.ts";
import { REDLOCK_USING_REJECTS } from "../../declare/sources.ts";
import { MAJORITY } from "../words/settings.ts";

const TTL_MS = 1_500;

export const redlockLateRoutine = campaign({
  name: "redlock-late-routine",
  title: "A routine under a lock takes longer than the lock lives",
  description:
    "The library runs a routine under the lock, and the client is stopped in it for longer than the lock lives, just before it writes. The routine comes to its end, and its caller is told what became of the call.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  profile: "app",
  options: { lock: "redlock/using@5.0.0-beta.2", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 5_000,
  faults: pausedHolder(TTL_MS),
  claims: [
    hoped(
      "outcome",
      "A call that rejects has not done what it was made for, so that it can be made again.",
      REDLOCK_USING_REJECTS,
      "lock-outcome",
    ),
  ],
});
