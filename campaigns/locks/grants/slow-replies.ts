/**
 * The servers grant a lock, and their replies take long. The client w1 asks when nobody has the lock, and
 * w2 does not ask meanwhile.
 */
import type { Barrier, Moment } from "../../../history/plan.ts";
import type { Random } from "../../../history/random.ts";
import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { ANTIREZ, KLEPPMANN, LOCK_PAGE } from "../../declare/sources.ts";
import { reader, workers } from "../../declare/workers.ts";
import { belief, grant, progress, tokenOrder } from "../words/levels.ts";
import { forBoth, MAJORITY } from "../words/settings.ts";

interface SlowReplies {
  readonly id: string;
  /** The servers that grant the lock. */
  readonly from: readonly string[];
  /** Until when w2 does not ask. */
  readonly alone: Pick<Barrier, "holdMs" | "holdUntilHealed">;
  readonly arrive: Moment;
}

function slowReplies(random: Random, { id, from, alone, arrive }: SlowReplies): DeclaredFault {
  return {
    id,
    kind: "link",
    options: { from: "w1", to: from, how: "hold", direction: "back" },
    start: {
      at: { worker: "w1", point: "before-acquire", occurrence: random.integer(2, 5) },
      and: [{ worker: "w2", point: "before-acquire", occurrence: random.integer(2, 5), ...alone }],
    },
    end: arrive,
  };
}

const TTL_MS = 2_000;
/** Nothing is left by then of what the slow client was granted. */
const EXPIRED_MS = TTL_MS + 300;
/** Time for the late replies to arrive, and for what follows from them. */
const WHILE_ANOTHER_HOLDS: Moment = { at: { worker: "w2", point: "critical-section", holdMs: 700 } };

export const [lockSlowReplies, redlockSlowReplies] = forBoth(({ prefix, system, lock, decisive, aLock }) =>
  campaign({
    name: `${prefix}-slow-replies`,
    title: `The replies to ${aLock} come after its time to live`,
    description:
      "The servers grant the lock, and their replies are on the way for longer than it lives. By the time they arrive another client has it: a client that looks at the clock then knows that its own lock is over.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock: prefix === "lock" ? "fenced" : lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000 },
    workers: [...workers("client", 2), reader()],
    loadMs: 4_000,
    faults: (random) => [
      slowReplies(random, { id: "slow", from: decisive, alone: { holdMs: EXPIRED_MS }, arrive: WHILE_ANOTHER_HOLDS }),
    ],
    claims: [
      ...(prefix === "lock" ? [tokenOrder({ standing: "promised", expect: "holds", source: KLEPPMANN })] : []),
      belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
      prefix === "lock"
        ? grant({ standing: "hoped", expect: "broken", source: LOCK_PAGE })
        : grant({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
    ],
  }),
);

export const redlockPausedInFlight = campaign({
  name: "redlock-paused-in-flight",
  title: "A client is paused while the replies are on their way",
  description:
    "The servers have granted the lock, and the client is stopped before it has heard so. When it goes on the replies lie there at once, and its lock is long over: it has to look at the clock after the replies, not before.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS, commandTimeoutMs: 10_000 },
  workers: [...workers("client", 2), reader()],
  loadMs: 4_000,
  faults: (random) => [
    slowReplies(random, {
      id: "slow",
      from: MAJORITY.decisive,
      alone: { holdMs: EXPIRED_MS },
      arrive: { after: { fault: "pause", stage: "active" }, afterMs: 0 },
    }),
    {
      id: "pause",
      kind: "pause",
      options: { target: "w1" },
      start: {
        after: { fault: "slow", stage: "active" },
        on: { event: "acquire", type: "invoke", worker: "w1" },
        afterMs: 150,
      },
      end: WHILE_ANOTHER_HOLDS,
    },
  ],
  claims: [
    grant({ standing: "promised", expect: "holds", source: ANTIREZ }),
    belief({ standing: "promised", expect: "holds", source: ANTIREZ }),
  ],
});

/** Long against the bound: what is not given back is in the way for all of it. */
const UNANSWERED_TTL_MS = 8_000;
/** Longer than any server is waited for that has this long to answer: a tenth of the time to live. */
const SILENT_MS = 1_600;
/** The silence itself, trying again, and a machine that is busy. */
const BOUND_MS = SILENT_MS + 3_000;

export const redlockUnansweredGrant = campaign({
  name: "redlock-unanswered-grant",
  title: "Servers grant a lock, and nobody hears of it",
  description:
    "A client asks for the lock, and a majority of the servers grant it, but their answers are held up until it has given up. What it got has to be given back on all servers, also on those that did not answer, or it is in everybody's way until it expires.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: UNANSWERED_TTL_MS, commandTimeoutMs: 10_000 },
  workers: [...workers("client", 2), reader()],
  loadMs: 7_500,
  // Nobody else asks until w1 has been granted the lock, and has given up.
  faults: (random) => [
    slowReplies(random, {
      id: "unheard",
      from: MAJORITY.decisive,
      alone: { holdUntilHealed: "unheard" },
      arrive: { afterMs: SILENT_MS },
    }),
  ],
  claims: [
    progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, BOUND_MS, { afterFault: "unheard" }),
    belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
  ],
});
