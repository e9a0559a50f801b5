/** Stands between the workload and the adapter of a cache: what the adapter returns is checked. */
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { GuardedCalls, openInTime } from "../adapter/guarded-calls.ts";
import type { GuardOptions } from "../adapter/guarded-calls.ts";
import type { CacheAdapter, CacheClient } from "./adapter.ts";
import { assertClient, assertFreshness, assertText } from "./adapter-shape.ts";

/**
 * Opens the adapter.
 * @throws AdapterError when it cannot be opened.
 */
export async function openGuarded(
  adapter: CacheAdapter,
  environment: AdapterEnvironment,
  options: GuardOptions,
): Promise<CacheClient> {
  const { named, deadlineMs } = options;
  const guard = new GuardedCalls(options);
  const client = assertClient(await openInTime(adapter, environment, options), named);
  const { isFresh } = client;
  return {
    get: (key) => guard.call("get", deadlineMs, async () => assertText(await client.get(key), named)),
    set: (key, value) => guard.call("set", deadlineMs, async () => client.set(key, value)),
    invalidate: (key) => guard.call("invalidate", deadlineMs, async () => client.invalidate(key)),
    ...(isFresh === undefined
      ? {}
      : {
          isFresh: (key: string) =>
            guard.call("isFresh", deadlineMs, async () => assertFreshness(await isFresh.call(client, key), named)),
        }),
    ...(client.close === undefined
      ? {}
      : { close: () => guard.call("close", deadlineMs, async () => client.close?.()) }),
  };
}
