/** Connections by an `ioredis` that lies beside a library, with its own defaults, for libraries that take no other. */
import { once } from "node:events";
import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";

export interface IoredisModule {
  readonly Redis: new (options: object) => Redis;
}

/** One connection to each server, or, with Sentinel, one to the primary; all are up. @throws what a connection met. */
export async function connectOwnIoredis(
  { Redis: OwnRedis }: IoredisModule,
  { endpoints, masterName, commandTimeoutMs, log }: AdapterEnvironment,
): Promise<readonly [Redis, ...Redis[]]> {
  const places: readonly object[] =
    masterName === undefined ? endpoints : [{ sentinels: [...endpoints], name: masterName }];
  const [first, ...others] = places.map((place) => {
    const client = new OwnRedis({
      ...place,
      ...(commandTimeoutMs === undefined ? {} : { commandTimeout: commandTimeoutMs }),
    });
    // Without a listener it writes every error to the standard error by itself.
    client.on("error", (error: Error) => log(`ioredis: ${error.message}`));
    return client;
  });
  if (first === undefined) throw new RangeError("there is no server to connect to");
  await Promise.all([first, ...others].map((client) => once(client as EventEmitter, "ready")));
  return [first, ...others];
}
