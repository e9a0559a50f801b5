import { campaign, promised } from "../declare/declare.ts";
import { reader, workers } from "../declare/workers.ts";
import { LOCK_PAGE } from "../declare/sources.ts";

export const lockSimple = campaign({
  name: "lock-simple",
  title: "The simple lock under contention",
  description:
    "Four clients contend for one lock (SET NX PX, released by compare-and-delete). Nothing goes wrong, so nothing may break.",
  suite: "quick",
  system: { kind: "single", options: {} },
  workload: "lock",
  options: { lock: "simple", ttlMs: 10_000 },
  workers: [...workers("client", 4), reader()],
  loadMs: 3_000,
  claims: [
    promised("grant", "No two clients hold the lock at the same time.", LOCK_PAGE, "lock-overlap", {
      level: "grant",
      minGrants: 20,
    }),
    promised(
      "mutex",
      "The grants and releases that clients saw could have been those of a mutex that nobody else shares.",
      LOCK_PAGE,
      "linearizable",
      { model: "mutex", operations: ["acquire", "release"], minOperations: 40 },
    ),
    promised(
      "resource",
      "No update of the protected counter is lost, and no write of a former holder gets in.",
      LOCK_PAGE,
      "lock-resource",
    ),
  ],
});
