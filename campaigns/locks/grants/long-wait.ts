import type { DeclaredFault } from "../../declare/declare.ts";
import type { DeclaredClaim } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { REDLOCK_EXPIRED_AT_ONCE, REDLOCK_RETRY_COUNT } from "../../declare/sources.ts";
import { falseLoss } from "../words/levels.ts";
import { MAJORITY } from "../words/settings.ts";

const TTL_MS = 1_100;
/**
 * Longer than the time to live, which its holder prolongs; short against the two seconds or so for which libraries try
 * again by their defaults.
 */
const HOLD_MS = 1_400;
const EXTEND_EVERY_MS = 350;
const USABLE_MS = 300;
const ANSWER_BOUND_MS = 1_000;

/** For the one client that does not want to wait. */
const PROMPT: DeclaredClaim = {
  id: "prompt-answer",
  statement:
    `A client that does not want to wait has the lock within ${ANSWER_BOUND_MS} ms, ` +
    "or is told that another one has it.",
  standing: "hoped",
  expect: "holds",
  source: REDLOCK_RETRY_COUNT,
  checker: "lock-answer",
  options: { property: "prompt", boundMs: ANSWER_BOUND_MS },
  workers: ["w3", "reader"],
};

export const redlockLongWait = campaign({
  name: "redlock-long-wait",
  title: "A lock on a majority is waited for longer than it lives",
  description:
    "One client keeps its lock for longer than the time to live, and prolongs it. Another one waits for it from the moment of the grant: when it has the lock at last, that is a whole new one. A third asks now and then, and wants no waiting.",
  suite: "nightly",
  system: MAJORITY.system,
  workload: "lock",
  options: { lock: MAJORITY.lock, ttlMs: TTL_MS },
  workers: [
    // It leaves the lock to others now and then: one that is kept from it for ten seconds is not there to be struck.
    ...workers("client", 1, 1, {
      thinkAtLeastMs: HOLD_MS,
      thinkMs: HOLD_MS,
      extendEveryMs: EXTEND_EVERY_MS,
      idleMs: 300,
    }),
    ...workers("client", 1, 2, { thinkAtLeastMs: 100, thinkMs: 100, idleMs: 300 }),
    ...workers("client", 1, 3, { waitMs: 0, idleMs: 400 }),
    reader(),
  ],
  loadMs: 10_000,
  faults: (random): readonly DeclaredFault[] => [
    {
      id: "from-the-grant",
      kind: "pause",
      options: { target: "w2" },
      start: { at: { worker: "w2", point: "before-acquire", occurrence: random.integer(1, 2) } },
      end: { on: { event: "acquire", worker: "w1" }, afterMs: 0 },
    },
    // The client that has just released it would be the first to have it again.
    {
      id: "after-the-release",
      kind: "pause",
      options: { target: "w1" },
      start: {
        after: { fault: "from-the-grant", stage: "healed" },
        at: { worker: "w1", point: "before-acquire" },
      },
      end: { on: { event: "acquire", worker: "w2" }, afterMs: 0 },
    },
  ],
  claims: [
    falseLoss({ standing: "promised", expect: "holds", source: REDLOCK_EXPIRED_AT_ONCE }, { usableMs: USABLE_MS }),
    PROMPT,
  ],
});
