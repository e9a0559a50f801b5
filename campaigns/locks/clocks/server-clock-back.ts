import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { EXPIRE_PAGE } from "../../declare/sources.ts";

const TTL_MS = 1_000;
const BACK_MS = 60_000;
const BOUND_MS = TTL_MS + 1_500;

export const lockServerClockBack = campaign({
  name: "lock-server-clock-back",
  title: "The server's clock goes back under a lock",
  description:
    "The server's wall clock goes back by a minute while a client holds the lock, and the client is killed. Redis keeps the moment in which a key expires, so that the lock of the dead client lives on for that minute.",
  suite: "nightly",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS, survey: true },
  workers: [...workers("client", 3), reader()],
  loadMs: 5_500,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "back",
      kind: "clock-jump",
      options: { target: "n1", offsetMs: -BACK_MS },
      start: {
        at: { worker: "w1", point: "granted", occurrence: random.integer(2, 5), holdUntilHealed: "crash" },
      },
    },
    {
      id: "crash",
      kind: "kill",
      options: { target: "w1" },
      start: { after: { fault: "back", stage: "active" }, afterMs: 0 },
      end: { afterMs: 0 },
    },
  ],
  claims: [
    hoped(
      "progress",
      `After a holder's crash the next client gets the lock within its time to live (and ${BOUND_MS - TTL_MS} ms of grace), whatever the server's clock does.`,
      EXPIRE_PAGE,
      "lock-progress",
      { boundMs: BOUND_MS, afterFault: "back" },
    ),
  ],
});
