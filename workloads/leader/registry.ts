/**
 * The leader elections that redquake brings along: references that are right, specimens that are wrong on purpose, and
 * libraries of npm, named with their version.
 */
import { shelf } from "../adapter/shelf.ts";
import type { Shelf } from "../adapter/shelf.ts";
import type { LeaderAdapter } from "./adapter.ts";
import { fencedLease, plainLease } from "./leases/lease.ts";
import { leaderLibraries } from "./libraries/registry.ts";
import { specimens } from "./specimens/registry.ts";

export const leaders: Shelf<LeaderAdapter> = shelf<LeaderAdapter>({
  what: "leader election",
  own: [plainLease, fencedLease],
  specimens,
  libraries: leaderLibraries,
});
