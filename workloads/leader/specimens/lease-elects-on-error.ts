import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** A candidate that cannot ask the server leads, although another one leads already. */
export const leaseElectsOnError: Specimen<LeaderAdapter> = {
  flaw: "it takes an error for its election",
  adapter: lease("lease-elects-on-error", { electsOnError: true }),
};
