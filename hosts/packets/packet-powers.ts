/** What can be done to packets on this machine, found out by trying. */
import { netemMissing } from "./kernel-netem.ts";
import { packetFilterMissing } from "./packet-filter.ts";

export interface PacketPowers {
  /**
   * Why packets cannot be filtered, or undefined where they can. Without that nothing else can be done to them either.
   */
  readonly filterMissing: string | undefined;
  /** Why there is no netem, or undefined where there is. */
  readonly netemMissing: string | undefined;
}

export async function packetPowers(): Promise<PacketPowers> {
  const [filterMissing, withoutNetem] = await Promise.all([packetFilterMissing(), netemMissing()]);
  return { filterMissing, netemMissing: withoutNetem };
}
