/** What an adapter gets to work with, where a test opens it by itself: what is not given throws. */
import { seededRandom } from "../../history/random.ts";
import type { AdapterEnvironment } from "../../workloads/adapter/adapter.ts";

export function adapterEnvironment(
  given: Pick<AdapterEnvironment, "endpoints" | "clientId"> & Partial<AdapterEnvironment>,
): AdapterEnvironment {
  const missing = (what: string) => (): never => {
    throw new RangeError(`there is no ${what} here`);
  };
  return {
    system: "single",
    random: seededRandom(1),
    redis: missing("ioredis"),
    cluster: missing("Cluster"),
    nodeRedis: missing("node-redis"),
    signal: new AbortController().signal,
    log: () => undefined,
    ...given,
  };
}
