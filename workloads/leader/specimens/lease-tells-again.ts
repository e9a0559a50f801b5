import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** What is started with an election is started again and again. */
export const leaseTellsAgain: Specimen<LeaderAdapter> = {
  flaw: "it tells its candidate of an election with every renewal",
  adapter: lease("lease-tells-again", { tellsAgain: true }),
};
