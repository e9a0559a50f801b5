import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { progress, grant, resource } from "../words/levels.ts";
import { forBoth, IDLE_MS } from "../words/settings.ts";

/** No holder is late by so much, however busy the machine is. */
const TTL_MS = 6_000;

export const [lockScriptFlush, redlockScriptFlush] = forBoth(({ prefix, system, lock, aLock }) =>
  campaign({
    name: `${prefix}-script-flush`,
    title: `The servers of ${aLock} forget all scripts`,
    description:
      "The servers' script caches are emptied between a grant and its release, again and again, as a restart or a failover does it. A client that calls a script by its hash has to notice.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, idleMs: IDLE_MS },
    workers: [...workers("client", 3), reader()],
    loadMs: 12_000,
    faults: (random) =>
      ["w1", "w2", "w3"].map((worker) => ({
        id: `flush-${worker}`,
        kind: "script-flush",
        options: { target: "servers", mode: "SYNC" },
        start: { at: { worker, point: "before-release", occurrence: random.integer(2, 8) } },
        end: { afterMs: 0 },
      })),
    claims: [
      grant({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      resource({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, TTL_MS + 3_000),
    ],
  }),
);
