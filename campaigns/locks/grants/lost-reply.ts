import type { DeclaredFault } from "../../declare/declare.ts";
import { campaign } from "../../declare/declare.ts";
import { reader, workers } from "../../declare/workers.ts";
import { IOREDIS_RESENDS, LOCK_PAGE } from "../../declare/sources.ts";
import { progress, refusal } from "../words/levels.ts";
import { forBoth } from "../words/settings.ts";
import { othersWait } from "../words/others-wait.ts";

const TTL_MS = 4_000;
const PROGRESS_BOUND_MS = 2_000;
/** Short against the time to live, so that a refused client is told so while its own key is still there. */
const WAIT_MS = 300;
/** For the first one to connect again, and to be told what has become of its request. */
const ALONE_MS = 1_500;

export const [lockLostReply, redlockLostReply] = forBoth(({ prefix, system, lock, decisive, aLock }) => {
  const isOne = prefix === "lock";
  return campaign({
    name: `${prefix}-lost-reply`,
    title: `The reply to a grant of ${aLock} is lost, and the request is sent again`,
    description:
      "A client asks for a lock that nobody has and gets it; the replies vanish, and the connections are reset. The client library, as its defaults have it, connects again and sends the request once more: the servers say that the lock is taken, and it is the client's own.",
    suite: "nightly",
    system,
    workload: "lock",
    options: { lock, ttlMs: TTL_MS, waitMs: WAIT_MS, survey: true },
    profile: "app",
    workers: [...workers("client", 2), reader()],
    loadMs: 5_000,
    faults: (random): readonly DeclaredFault[] => [
      othersWait("w2", (id) => id, { after: { fault: "reply-lost", stage: "healed" }, afterMs: ALONE_MS }),
      {
        id: "reply-lost",
        kind: "link",
        options: { from: "w1", to: decisive, how: "lose-reply" },
        start: {
          after: { fault: "others-wait", stage: "active" },
          at: { worker: "w1", point: "before-acquire", occurrence: random.integer(1, 4) },
        },
        end: { on: { event: "acquire", type: "invoke", worker: "w1" }, afterMs: 300 },
      },
    ],
    claims: [
      // Redlock is granted or not granted: it does not tell a server that refuses from one that it does not hear.
      ...(isOne ? [refusal({ standing: "hoped", expect: "broken", source: IOREDIS_RESENDS })] : []),
      progress(
        isOne
          ? { standing: "hoped", expect: "broken", source: IOREDIS_RESENDS }
          : { standing: "promised", expect: "holds", source: LOCK_PAGE },
        PROGRESS_BOUND_MS,
        { afterFault: "reply-lost" },
      ),
    ],
  });
});
