/**
 * Elections that are broken on purpose, each with one flaw that is found in the field. Everything else of them is as in
 * the references `lease` and `lease-fenced`, which have to come through the same faults.
 */
import type { Specimen } from "../../adapter/shelf.ts";
import type { LeaderAdapter } from "../adapter.ts";
import { endlessLease } from "./endless-lease.ts";
import { leaseElectsOnError } from "./lease-elects-on-error.ts";
import { leaseEndsAtError } from "./lease-ends-at-error.ts";
import { leaseIgnoresDemotion } from "./lease-ignores-demotion.ts";
import { leaseIgnoresRefusals } from "./lease-ignores-refusals.ts";
import { leasePlainDelete } from "./lease-plain-delete.ts";
import { leaseTellsAgain } from "./lease-tells-again.ts";
import { leaseTokenApart } from "./lease-token-apart.ts";
import { leaseWallClock } from "./lease-wall-clock.ts";
import { leaseWithoutClock } from "./lease-without-clock.ts";

export const specimens: readonly Specimen<LeaderAdapter>[] = [
  endlessLease,
  leaseIgnoresRefusals,
  leaseWithoutClock,
  leaseWallClock,
  leaseEndsAtError,
  leaseElectsOnError,
  leaseTellsAgain,
  leaseIgnoresDemotion,
  leasePlainDelete,
  leaseTokenApart,
];
