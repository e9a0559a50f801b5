import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** It goes on to lead when another has been elected meanwhile. */
export const leaseIgnoresRefusals: Specimen<LeaderAdapter> = {
  flaw: "it takes a renewal that is refused for one that was done",
  adapter: lease("lease-ignores-refusals", { heedsRefusals: false }),
};
