import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { IOREDIS_COMMAND_TIMEOUT, LOCK_PAGE } from "../../declare/sources.ts";
import { progress } from "../words/levels.ts";
import { othersWait } from "../words/others-wait.ts";
import { forBoth } from "../words/settings.ts";

const TTL_MS = 6_000;
/** A client waits for an answer for so long, and no longer. */
const GIVE_UP_MS = 400;
const PROGRESS_BOUND_MS = 2_500;
/** For the request that was given up to arrive before anybody else asks. */
const DELIVERED_MS = 300;

export const [lockLateRequest, redlockLateRequest] = forBoth(({ prefix, system, lock, decisive, aLock }) => {
  const isOne = prefix === "lock";
  return campaign({
    name: `${prefix}-late-request`,
    title: `A request for ${aLock} arrives after its client has given it up`,
    description:
      "A client's request is held up in the network until the client has given up waiting for an answer. Then it arrives and is granted: nobody knows that this lock is his, and nobody frees it, unless the client has taken its request back.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, giveUpMs: GIVE_UP_MS, commandTimeoutMs: GIVE_UP_MS, survey: true },
    workers: [...workers("client", 2), reader()],
    loadMs: 5_000,
    faults: (random): readonly DeclaredFault[] => [
      othersWait("w2", (id) => id, { after: { fault: "held-up", stage: "healed" }, afterMs: DELIVERED_MS }),
      {
        id: "held-up",
        kind: "link",
        options: { from: "w1", to: decisive, how: "hold", direction: "forth" },
        start: {
          after: { fault: "others-wait", stage: "active" },
          at: { worker: "w1", point: "before-acquire", occurrence: random.integer(1, 4) },
        },
        end: { on: { event: "acquire", type: "invoke", worker: "w1" }, afterMs: 2 * GIVE_UP_MS },
      },
    ],
    claims: [
      progress(
        isOne
          ? { standing: "hoped", expect: "broken", source: IOREDIS_COMMAND_TIMEOUT }
          : { standing: "promised", expect: "holds", source: LOCK_PAGE },
        PROGRESS_BOUND_MS,
        { afterFault: "held-up" },
      ),
    ],
  });
});
