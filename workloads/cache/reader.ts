/** Looks at the store itself, and at what the servers count, over connections that no fault of the users touches. */
import type { Redis } from "ioredis";
import { pause } from "../../machine/long-timeout.ts";
import type { CacheReaderEvents } from "../../history/vocabulary/cache.ts";
import { CACHE_READER } from "../../history/vocabulary/cache.ts";
import { connection } from "../clients/connection.ts";
import { connectionOptions } from "../clients/profiles.ts";
import { role } from "../role.ts";
import type { LogicalClient, WorkerContext } from "../workload.ts";
import { READER_OPTIONS } from "./cache-options.ts";
import { Store } from "./store.ts";

const READS = { reads: true };
const FINAL_ATTEMPTS = 20;
const FINAL_PAUSE_MS = 100;

type Context = WorkerContext<CacheReaderEvents>;

export const reader = role({ options: READER_OPTIONS, events: CACHE_READER }, async (context, options) => {
  const { keys, lookEveryMs, observeEveryMs } = options;
  const store = await Store.open(context, options);
  const observers = openObservers(context, options.commandTimeoutMs);
  const logical = context.client();
  const read = async (key: string): Promise<boolean> => {
    const { type } = await logical.operation(
      "read-store",
      { key },
      async ({ ok }) => {
        const { value, node } = await store.read(key);
        return ok(value, { node });
      },
      READS,
    );
    if (type !== "ok") await store.renew();
    return type === "ok";
  };
  await context.ready();
  let observed = -Infinity;
  while (!context.settling.aborted) {
    for (const key of keys) if (!(await read(key))) break;
    if (performance.now() - observed >= observeEveryMs) {
      observed = performance.now();
      for (const observer of observers) await observe(logical, observer);
    }
    await pause(lookEveryMs);
  }
  await context.final();
  for (const key of keys)
    for (let attempt = 1; attempt <= FINAL_ATTEMPTS && !(await read(key)); attempt += 1) await pause(FINAL_PAUSE_MS);
  for (const { client } of observers) client.disconnect();
  store.close();
});

interface Observer {
  readonly node: string;
  readonly client: Redis;
}

function openObservers(context: Context, commandTimeoutMs: number): Observer[] {
  return context.nodes
    .filter(({ kind }) => kind === "redis")
    .map(({ name, proxied }) => ({
      node: name,
      client: connection({ ...connectionOptions("raw", commandTimeoutMs), ...proxied }),
    }));
}

/** What the server counts: subscriptions to channels and patterns, and connections for which it tracks keys. */
async function observe(logical: LogicalClient<CacheReaderEvents>, { node, client }: Observer): Promise<void> {
  await logical.operation(
    "observe",
    { node },
    async ({ ok }) => {
      const list = String(await client.client("LIST"))
        .trim()
        .split("\n");
      let [subscriptions, tracking] = [0, 0];
      for (const line of list) {
        subscriptions += Number(/ sub=(\d+)/.exec(line)?.[1] ?? 0) + Number(/ psub=(\d+)/.exec(line)?.[1] ?? 0);
        if (/ flags=\w*t/.test(line)) tracking += 1;
      }
      return ok({ node, subscriptions, tracking, clients: list.length });
    },
    READS,
  );
}
