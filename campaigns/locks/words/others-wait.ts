/**
 * The other client of a lane is stopped before it asks for the lock the first time, so that what the first one asks for
 * next is granted.
 */
import type { DeclaredFault } from "../../declare/declare.ts";
import type { Moment } from "../../../history/plan.ts";

/** A fault `others-wait`; from its `active` on the lock is the first client's alone. */
export function othersWait(other: string, fault: (id: string) => string, end: Moment): DeclaredFault {
  return {
    id: fault("others-wait"),
    kind: "pause",
    options: { target: other },
    start: { at: { worker: other, point: "before-acquire" } },
    end,
  };
}
