import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** A resignation that comes late takes a rival's leadership away. */
export const leasePlainDelete: Specimen<LeaderAdapter> = {
  flaw: "it resigns by a plain DEL",
  adapter: lease("lease-plain-delete", { free: async (server, key) => (await server.del(key)) === 1 }),
};
