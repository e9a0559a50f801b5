/** Where the clients of libraries connect to, as the options of ioredis and of node-redis have it. */
import type { AdapterEnvironment, Endpoint } from "../../adapter/adapter.ts";

/** The options of one ioredis: to the only server, or, with Sentinel, to the primary. */
export function ioredisPlace({ endpoints, masterName }: AdapterEnvironment): object {
  return masterName === undefined ? firstOf(endpoints) : { sentinels: [...endpoints], name: masterName };
}

/** @throws RangeError when there is none. */
export function firstOf(endpoints: readonly Endpoint[]): Endpoint {
  const [first] = endpoints;
  if (first === undefined) throw new RangeError("there is no server to connect to");
  return first;
}
