import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { pausedHolder } from "../../declare/paused-holder.ts";
import { KLEPPMANN } from "../../declare/sources.ts";

const TTL_MS = 1_000;

export const lockSimplePausedHolder = campaign({
  name: "lock-simple-paused-holder",
  title: "The holder of a simple lock is paused",
  description:
    "A client makes sure that it holds the lock, is stopped for longer than the lock lives (a garbage collection, a frozen machine), and then writes.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: TTL_MS },
  workers: [...workers("client", 3), reader()],
  loadMs: 3_500,
  faults: pausedHolder(TTL_MS),
  claims: [
    hoped(
      "mutex",
      "The lock is a mutex: a client that was granted it holds it until it lets it go.",
      KLEPPMANN,
      "linearizable",
      {
        model: "mutex",
        operations: ["acquire", "release"],
      },
    ),
    hoped(
      "resource",
      "The lock keeps former holders from writing to the resource, and no update is lost.",
      KLEPPMANN,
      "lock-resource",
    ),
  ],
});
