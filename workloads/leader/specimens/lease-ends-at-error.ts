import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** What a lost connection costs is not one term, but the candidate. */
export const leaseEndsAtError: Specimen<LeaderAdapter> = {
  flaw: "it neither renews nor stands again after an error",
  adapter: lease("lease-ends-at-error", { outlivesErrors: false }),
};
