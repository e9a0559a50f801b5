import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { LOCK_PAGE } from "../../declare/sources.ts";
import { belief, progress } from "../words/levels.ts";
import { IDLE_MS, MAJORITY } from "../words/settings.ts";

const TTL_MS = 2_000;
const PROGRESS_BOUND_MS = 3_000;
/** Longer than the bound: a client that waits for the dead server is seen to. */
const DOWN_MS = 4_500;

/** The same minority, gone in two ways: one that is noticed at once, and one that is not. */
function withoutMinority(
  name: string,
  title: string,
  description: string,
  gone: (when: Pick<DeclaredFault, "id" | "start" | "end">) => DeclaredFault,
): ReturnType<typeof campaign> {
  return campaign({
    name,
    title,
    description,
    suite: "nightly",
    system: MAJORITY.system,
    workload: "lock",
    options: { lock: MAJORITY.lock, ttlMs: TTL_MS, idleMs: IDLE_MS },
    workers: [...workers("client", 3), reader()],
    loadMs: 5_500,
    faults: (random): readonly DeclaredFault[] => [
      gone({ id: "minority", start: { afterMs: random.integer(300, 600) }, end: { afterMs: DOWN_MS } }),
    ],
    claims: [
      progress({ standing: "promised", expect: "holds", source: LOCK_PAGE }, PROGRESS_BOUND_MS, {
        afterFault: "minority",
        // It leaves every client a majority.
        despite: ["minority"],
        untilRelease: "sent",
      }),
      belief({ standing: "promised", expect: "holds", source: LOCK_PAGE }),
    ],
  });
}

export const redlockMinorityKilled = withoutMinority(
  "redlock-minority-killed",
  "One of three servers is killed",
  "A server is killed, and connections to it are refused. Two of three are left, which is a majority: the lock goes on.",
  (when) => ({ ...when, kind: "kill", options: { target: "n3", keepData: false } }),
);

export const redlockMinoritySilent = withoutMinority(
  "redlock-minority-silent",
  "One of three servers falls silent",
  "A server is cut off without a word: nothing is closed, nothing is refused. Two of three are left, which is a majority, for those who do not wait for the third.",
  (when) => ({ ...when, kind: "link", options: { from: "workers", to: "n3", how: "hold" } }),
);
