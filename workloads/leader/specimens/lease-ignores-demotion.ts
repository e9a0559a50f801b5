import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** Its word, and what it tells, are not the same. */
export const leaseIgnoresDemotion: Specimen<LeaderAdapter> = {
  flaw: "it says that it leads although it has told that it does not",
  adapter: lease("lease-ignores-demotion", { heedsDemotion: false }),
};
