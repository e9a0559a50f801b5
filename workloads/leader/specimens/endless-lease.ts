import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** A candidate that is elected once goes on, and others are elected beside it. */
export const endlessLease: Specimen<LeaderAdapter> = {
  flaw: "it never renews its lease, and leads on when that is over",
  adapter: lease("endless-lease", { renews: false, watchesClock: false }),
};
