import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { lease } from "../leases/lease.ts";

/** Who stood first has the lower token, however late it is elected. */
export const leaseTokenApart: Specimen<LeaderAdapter> = {
  flaw: "its tokens are minted when a candidate stands, and not when it is elected",
  adapter: lease("lease-token-apart", { mint: (server, key) => server.incr(`${key}:token`) }),
};
