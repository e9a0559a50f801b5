/**
 * Stands between the workload and an adapter: what the adapter returns is checked, and what it does not settle is told.
 */
import { LongTimeout } from "../../machine/long-timeout.ts";
import type { AdapterEnvironment, Held, LockAdapter, LockClient } from "./adapter.ts";
import { AdapterError } from "./adapter-error.ts";
import { assertClient, assertHeldOrNull } from "./adapter-shape.ts";

const OPEN_DEADLINE_MS = 15_000;

export interface GuardOptions {
  /** How the adapter is named in messages. */
  readonly named: string;
  /** How long a release, an extension or a close may take, and an acquire beyond its own time, in milliseconds. */
  readonly deadlineMs: number;
  /** Told once for each method that does not settle in time. */
  readonly note: (text: string) => void;
  /** Called when the adapter does what it must not. */
  readonly fail: (error: AdapterError) => void;
}

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
  const guard = new Guard(options);
  const client = assertClient(await opened(adapter, environment, options), options.named);
  return {
    acquire: async (key, ttlMs, wait) => {
      const held = await guard.call("acquire", wait.waitMs + options.deadlineMs, async () => {
        try {
          return assertHeldOrNull(await client.acquire(key, ttlMs, wait), options.named);
        } catch (error) {
          return nullIfRefused(adapter, error, options);
        }
      });
      return held && guard.held(held);
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

async function opened(
  adapter: LockAdapter,
  environment: AdapterEnvironment,
  { named }: GuardOptions,
): Promise<LockClient> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () =>
      late.reject(
        new AdapterError({
          adapter: named,
          problem: `has not opened within ${OPEN_DEADLINE_MS} ms`,
          remedy: "open() must settle by itself; every server is up and no fault acts when it is called",
        }),
      ),
    OPEN_DEADLINE_MS,
  );
  try {
    return await Promise.race([(async () => adapter.open(environment))(), late.promise]);
  } catch (error) {
    if (error instanceof AdapterError) throw error;
    const remedy = "open() must not throw: every server is up and no fault acts when it is called";
    throw new AdapterError({ adapter: named, problem: "throws in open()", thrown: error, remedy });
  } finally {
    clearTimeout(timer);
  }
}

class Guard {
  readonly #options: GuardOptions;
  readonly #told = new Set<string>();

  constructor(options: GuardOptions) {
    this.#options = options;
  }

  held(held: Held): Held {
    const { deadlineMs } = this.#options;
    const { isHeld, extend } = held;
    return {
      release: () => this.call("release", deadlineMs, () => held.release()),
      ...(extend === undefined
        ? {}
        : { extend: (ttlMs: number) => this.call("extend", deadlineMs, () => extend.call(held, ttlMs)) }),
      ...(isHeld === undefined
        ? {}
        : { isHeld: () => this.call("isHeld", deadlineMs, () => Promise.resolve(isHeld.call(held))) }),
      ...(held.validUntil === undefined ? {} : { validUntil: () => held.validUntil?.() ?? Number.NaN }),
      ...(held.signal === undefined ? {} : { signal: held.signal }),
      ...(held.token === undefined ? {} : { token: held.token }),
      ...(held.outcome === undefined ? {} : { outcome: held.outcome }),
    };
  }

  /** Calls the adapter; a method that throws instead of rejecting rejects all the same. */
  async call<T>(method: string, deadlineMs: number, body: () => Promise<T>): Promise<T> {
    const timer = new LongTimeout(() => this.#tell(method, deadlineMs), deadlineMs).unref();
    try {
      return await body();
    } catch (error) {
      if (error instanceof AdapterError) this.#options.fail(error);
      throw error;
    } finally {
      timer.clear();
    }
  }

  #tell(method: string, deadlineMs: number): void {
    if (this.#told.has(method)) return;
    this.#told.add(method);
    this.#options.note(
      `${method}() of ${this.#options.named} has not settled within ${deadlineMs} ms: nobody knows what became of it`,
    );
  }
}
