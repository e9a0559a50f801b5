/**
 * Whether flows can be impaired at all, and the impairment be proved: not everywhere there is a link, and not every
 * server can be asked everything.
 */
import type { Flow, Impairment, LinkImpairment } from "../../network/link.ts";
import type { FaultContext } from "../fault.ts";
import { ImpossibleFault } from "../impossible-fault.ts";

/** Their probes look into the server with commands of Redis, or need an answer that is as long as the question. */
const PROVED_BY_REDIS: readonly Impairment["kind"][] = ["lose-reply", "bandwidth", "slicer", "slow-close"];

/** @throws ImpossibleFault naming the parties, and why. */
export function assertImpairable(
  { nodes, topology }: FaultContext,
  flows: readonly Flow[],
  planned: readonly LinkImpairment[],
): void {
  const between = flows.find(({ from, to }) => nodes.has(from) && nodes.has(to));
  if (between !== undefined && topology.unlinked !== undefined) {
    throw new ImpossibleFault(`a fault of the network between ${between.from} and ${between.to}`, topology.unlinked);
  }
  const unproved = planned.find(
    ({ link, impairment }) => link.protocol !== "redis" && PROVED_BY_REDIS.includes(impairment.kind),
  );
  if (unproved !== undefined) {
    const { link, impairment } = unproved;
    throw new ImpossibleFault(
      `${impairment.kind} from ${link.from} to ${link.to}`,
      `what proves it are commands of Redis, and ${link.to} is ${link.protocol}; use hold, drop, reset, down or latency`,
    );
  }
}
