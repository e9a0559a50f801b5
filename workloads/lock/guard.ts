/** Stands between the workload and a lock's adapter: what the adapter returns is checked. */
import { AdapterError } from "../adapter/adapter-error.ts";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { GuardedCalls, openInTime } from "../adapter/guarded-calls.ts";
import type { GuardOptions } from "../adapter/guarded-calls.ts";
import type { Held, LockAdapter, LockClient } from "./adapter.ts";
import { assertClient, assertHeldOrNull } from "./adapter-shape.ts";

/**
 * Opens the adapter.
 * @throws AdapterError when it cannot be opened, or the time to live is below what it can express.
 */
export async function openGuarded(
  adapter: LockAdapter,
  environment: AdapterEnvironment,
  options: GuardOptions,
): Promise<LockClient> {
  assertTtl(adapter, environment.ttlMs, options.named);
  const guard = new GuardedCalls(options);
  const client = assertClient(await openInTime(adapter, environment, options), options.named);
  return {
    acquire: async (key, ttlMs, wait) => {
      const held = await guard.call("acquire", wait.waitMs + options.deadlineMs, async () => {
        try {
          return assertHeldOrNull(await client.acquire(key, ttlMs, wait), options.named);
        } catch (error) {
          return nullIfRefused(adapter, error, options);
        }
      });
      return held && guarded(held, guard, options.deadlineMs);
    },
    ...(client.close === undefined
      ? {}
      : { close: () => guard.call("close", options.deadlineMs, async () => client.close?.()) }),
  };
}

/** @throws AdapterError when the adapter cannot have such a short one. */
export function assertTtl(
  { minTtlMs = 1, name }: { readonly minTtlMs?: number | undefined; readonly name: string },
  ttlMs: number | undefined,
  named: string,
): void {
  if (ttlMs === undefined || ttlMs >= minTtlMs) return;
  throw new AdapterError({
    adapter: named,
    problem: `cannot lock for ${ttlMs} ms: the shortest time to live of ${name} is ${minTtlMs} ms`,
    remedy: "choose campaigns with a longer time to live",
  });
}

/**
 * @throws the error, where it does not say that somebody else has the lock; AdapterError when the adapter cannot tell.
 */
function nullIfRefused(adapter: LockAdapter, error: unknown, { named }: GuardOptions): null {
  if (adapter.refused === undefined || error instanceof AdapterError) throw error;
  const remedy = "refused(error) must say true or false of whatever acquire() throws";
  let refused: unknown;
  try {
    refused = adapter.refused(error);
  } catch (thrown) {
    throw new AdapterError({ adapter: named, problem: "throws in refused()", thrown, remedy });
  }
  if (typeof refused !== "boolean")
    throw new AdapterError({ adapter: named, problem: `returns ${typeof refused} from refused()`, remedy });
  if (!refused) throw error;
  return null;
}

function guarded(held: Held, guard: GuardedCalls, deadlineMs: number): Held {
  const { isHeld, extend } = held;
  return {
    release: () => guard.call("release", deadlineMs, () => held.release()),
    ...(extend === undefined
      ? {}
      : { extend: (ttlMs: number) => guard.call("extend", deadlineMs, () => extend.call(held, ttlMs)) }),
    ...(isHeld === undefined
      ? {}
      : { isHeld: () => guard.call("isHeld", deadlineMs, () => Promise.resolve(isHeld.call(held))) }),
    ...(held.validUntil === undefined ? {} : { validUntil: () => held.validUntil?.() ?? Number.NaN }),
    ...(held.signal === undefined ? {} : { signal: held.signal }),
    ...(held.token === undefined ? {} : { token: held.token }),
    ...(held.outcome === undefined ? {} : { outcome: held.outcome }),
  };
}
