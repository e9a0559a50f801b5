/** Who holds a lock while the history is written, against the grants that the checkers find in the whole of it. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { grantsOf } from "../../checkers/lock/parts/grants.ts";
import { LockHolders } from "../../nemesis/lock-holders.ts";
import { arbitraryLocks } from "../checkers/arbitrary-locks.ts";

it("a holder has a grant that it has not begun to release, and a lock without one has no holder", () => {
  fc.assert(
    fc.property(arbitraryLocks({ faults: false, log: false }), (history) => {
      const grants = grantsOf(history);
      const holders = new LockHolders();
      for (const event of history.events) {
        holders.hear(event);
        for (const key of ["a", "b"]) {
          const inForce = grants.filter(
            ({ key: own, ok, release }) =>
              own === key && ok.index <= event.index && event.index < (release?.invoke.index ?? Infinity),
          );
          const latest = grants.findLast(({ key: own, ok }) => own === key && ok.index <= event.index);
          expect(holders.holder(key)).toBe(latest !== undefined && inForce.includes(latest) ? latest.who : undefined);
        }
      }
    }),
  );
});
