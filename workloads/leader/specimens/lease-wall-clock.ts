import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** When the clock is set back, its term is longer for it than for the server. */
export const leaseWallClock: Specimen<LeaderAdapter> = {
  flaw: "it counts its term by the wall clock",
  adapter: lease("lease-wall-clock", { byWallClock: true }),
};
