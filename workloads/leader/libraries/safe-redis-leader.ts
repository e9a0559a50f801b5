/**
 * `safe-redis-leader` (https://github.com/mkralla11/safe-redis-leader) and `ts-safe-redis-leader`
 * (https://github.com/Nesci28/safe-redis-leader), which goes on from it, on ioredis.
 *
 * Options: the campaign's term as their `ttl`; a `wait` of half of that between two attempts, as they have no default.
 * `isLeader` asks the server.
 */
import { createHash } from "node:crypto";
import type { Redis } from "ioredis";
import type { ClientLibrary } from "../../clients/client-library.ts";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LeaderEnvironment, Standing } from "../adapter.ts";
import type { LeaderLibrary } from "./library.ts";

interface Settings {
  readonly client: Redis;
  readonly ttl: number;
  readonly wait: number;
  readonly key: string;
}

interface SafeLeader {
  on(event: string, listener: (error?: Error) => void): void;
  elect(): Promise<void>;
  isLeader(): Promise<boolean>;
  shutdown(): Promise<void>;
}

interface JsModule {
  createSafeRedisLeader(options: {
    readonly asyncRedis: Redis;
    readonly ttl: number;
    readonly wait: number;
    readonly key: string;
  }): Promise<SafeLeader>;
}

interface TsModule {
  readonly SafeRedisLeader: new (
    redis: Redis,
    ttl: number,
    wait: number,
    key: string,
  ) => SafeLeader & {
    readonly id: string;
  };
}

interface Made {
  readonly leader: SafeLeader;
  readonly seat?: Standing["seat"];
}

export const safeRedisLeader = library("safe-redis-leader", "0.0.6", async (module, { client, ...options }) => {
  const { createSafeRedisLeader } = module as JsModule;
  return { leader: await createSafeRedisLeader({ asyncRedis: client, ...options }) };
});

export const tsSafeRedisLeader = library("ts-safe-redis-leader", "0.0.5", (module, { client, ttl, wait, key }) => {
  const { SafeRedisLeader } = module as TsModule;
  const leader = new SafeRedisLeader(client, ttl, wait, key);
  const value = leader.id;
  const seat = { key: `leader: ${createHash("sha1").update(key).digest("hex")}`, value };
  return Promise.resolve({ leader, seat });
});

function library(
  name: string,
  version: string,
  make: (module: unknown, settings: Settings) => Promise<Made>,
): LeaderLibrary {
  return {
    name,
    package: name,
    tried: [version],
    adapter: (installed) => ({ kind: "leader", open: (environment) => open(installed, environment, make) }),
  };
}

function open(
  installed: ClientLibrary,
  { redis, election, termMs, log }: LeaderEnvironment,
  make: (module: unknown, settings: Settings) => Promise<Made>,
): ReturnType<ReturnType<LeaderLibrary["adapter"]>["open"]> {
  const module = loadClientLibrary(installed);
  const client = redis();
  const open = new Set<SafeLeader>();
  return {
    async stand({ onElected, onDemoted }) {
      const made = await make(module, { client, ttl: termMs, wait: termMs / 2, key: election });
      const { leader } = made;
      open.add(leader);
      leader.on("elected", () => onElected());
      leader.on("demoted", () => onDemoted());
      leader.on("error", (error) => log(`${installed.name}: ${error?.message}`));
      await leader.elect();
      return {
        ...(made.seat === undefined ? {} : { seat: made.seat }),
        isLeader: () => leader.isLeader(),
        resign: () => {
          open.delete(leader);
          return leader.shutdown();
        },
      };
    },
    async close() {
      await Promise.all([...open].map((leader) => leader.shutdown()));
    },
  };
}
