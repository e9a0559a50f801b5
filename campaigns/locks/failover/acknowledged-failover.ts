import type { DeclaredFault } from "../../declare/declare.ts";
import type { CampaignDeclaration } from "../../declare/declare.ts";
import { campaign, hoped } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { WAIT_PAGE } from "../../declare/sources.ts";

/** Long against a failover, and the replication that follows it. */
const TTL_MS = 8_000;
/** The least that a failover takes. */
const FAILOVER_MS = 1_500;
/**
 * Sentinel promotes the replica with the lowest priority that is not 0, before it looks at who has more of the data.
 */
const PREFERRED = "1";

type Own = Pick<CampaignDeclaration, "name" | "title"> & {
  readonly promoted: "n2" | "n3";
  readonly what: string;
  readonly expect: "holds" | "broken";
};

/** A grant counts when n2 has acknowledged it; n3 hears nothing. */
function acknowledgedFailover({ promoted, what, expect, ...own }: Own): ReturnType<typeof campaign> {
  const claim = hoped(
    "belief",
    "A lock that a replica has acknowledged is known after a failover.",
    WAIT_PAGE,
    "lock-overlap",
    { level: "belief", fromFault: "crash" },
  );
  return campaign({
    ...own,
    description: `A client takes the lock, and waits until one of two replicas has it (WAIT 1). Then the primary is killed. ${what}`,
    suite: "nightly",
    system: { kind: "sentinel", options: {} },
    workload: "lock",
    options: { lock: "fenced-acknowledged", ttlMs: TTL_MS, commandTimeoutMs: 2_000 },
    workers: [...workers("client", 3), reader()],
    // The former holder lets go when all is over, and others get the lock after it; in containers a server takes longer
    // to be killed and to come back.
    loadMs: 24_000,
    faults: (random): readonly DeclaredFault[] => [
      {
        id: "preferred",
        kind: "command",
        options: {
          target: promoted,
          command: ["CONFIG", "SET", "replica-priority", PREFERRED],
          undo: ["CONFIG", "SET", "replica-priority", "100"],
          expect: "OK",
        },
        start: { afterMs: random.integer(100, 200) },
      },
      {
        id: "replication-stalls",
        kind: "link",
        options: { from: "n1", to: "n3", how: "hold", direction: "forth" },
        start: { after: { fault: "preferred", stage: "active" }, afterMs: random.integer(100, 200) },
      },
      {
        id: "crash",
        kind: "kill",
        options: { target: "n1", keepData: false },
        // By then nothing that n3 has heard of is left there, or it is over before n3 can be promoted.
        start: {
          after: { fault: "replication-stalls", stage: "active" },
          afterMs: TTL_MS - FAILOVER_MS,
          at: { worker: "w1", point: "critical-section", occurrence: random.integer(2, 5), holdUntilHealed: "crash" },
        },
        end: { on: { primary: promoted }, afterMs: 3_000 },
      },
    ],
    claims: [{ ...claim, expect }],
  });
}

export const lockAcknowledgedFailover = acknowledgedFailover({
  name: "lock-acknowledged-failover",
  title: "The replica that has acknowledged the lock is promoted",
  promoted: "n2",
  what: "The replica that has it is promoted.",
  expect: "holds",
});

export const lockUnacknowledgedFailover = acknowledgedFailover({
  name: "lock-unacknowledged-failover",
  title: "The replica that has not heard of the lock is promoted",
  promoted: "n3",
  what: "The other one is promoted.",
  expect: "broken",
});
