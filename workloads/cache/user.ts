/** Asks its cache again and again, and whether the cache says that it is fresh: right before and right after. */
import { pause } from "../../machine/long-timeout.ts";
import type { CacheUserEvents } from "../../history/vocabulary/cache.ts";
import { CACHE_USER } from "../../history/vocabulary/cache.ts";
import { useAdapter } from "../adapter/use-adapter.ts";
import { role } from "../role.ts";
import type { Completion, Ends, RecordedCompletion, WorkerContext } from "../workload.ts";
import type { CacheClient } from "./adapter.ts";
import type { UserOptions } from "./cache-options.ts";
import { USER_OPTIONS } from "./cache-options.ts";
import { openGuarded } from "./guard.ts";
import { cacheKind } from "./kind.ts";
import { versionOf } from "./store-text.ts";

/** Reads change nothing, so one that failed may be made again; the history has each attempt. */
const FINAL_ATTEMPTS = 20;
const FINAL_PAUSE_MS = 100;
const MOST_CHARACTERS = 100;

type Context = WorkerContext<CacheUserEvents>;
type Read = CacheUserEvents["read"];

export const user = role({ options: USER_OPTIONS, events: CACHE_USER }, async (context, options) => {
  const wishes = { ...options, name: options.cache, source: options.adapter };
  await useAdapter(context, cacheKind, wishes, async ({ adapter, environment, guard, connected }) => {
    const cache = await openGuarded(adapter, environment, guard);
    await connected();
    await useCache(context, options, cache);
    await cache.close?.();
  });
});

async function useCache(context: Context, options: UserOptions, cache: CacheClient): Promise<void> {
  const { keys, readEveryMs, getDeadlineMs } = options;
  const { random, settling } = context;
  const logical = context.client();
  const read = (key: string): Promise<RecordedCompletion<Read>> =>
    logical.operation("read", { key }, (end) => get(cache, key, end), { reads: true, deadlineMs: getDeadlineMs });
  await context.ready();
  // What was missed under a fault shows when everything has healed: it goes on until the final reads.
  while (!settling.aborted) {
    await read(random.pick(keys));
    await pause(random.integer(0, readEveryMs));
  }
  await context.final();
  for (const key of keys)
    for (let attempt = 1; attempt <= FINAL_ATTEMPTS && (await read(key)).type !== "ok"; attempt += 1)
      await pause(FINAL_PAUSE_MS);
}

async function get(cache: CacheClient, key: string, { ok }: Ends<Read>): Promise<Completion<Read>> {
  const before = await cache.isFresh?.(key);
  const text = await cache.get(key);
  const after = await cache.isFresh?.(key);
  return ok({
    ...found(key, text),
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  });
}

function found(key: string, text: string | null | undefined): Pick<Read["ok"], "key" | "version" | "text"> {
  if (text === undefined) return { key, version: null };
  if (text === null) return { key, version: 0 };
  const version = versionOf(key, text);
  return version === undefined ? { key, version: null, text: text.slice(0, MOST_CHARACTERS) } : { key, version };
}
