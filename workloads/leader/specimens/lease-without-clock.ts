import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** Cut off, it leads until somebody tells it otherwise. */
export const leaseWithoutClock: Specimen<LeaderAdapter> = {
  flaw: "it does not step down when the server does not answer",
  adapter: lease("lease-without-clock", { watchesClock: false }),
};
