/**
 * `redis-leader` (https://github.com/pierreinglebert/redis-leader) on ioredis.
 *
 * Options: the campaign's term as its `ttl`; its default `wait` of 1 s between two attempts. `isLeader` asks the
 * server, and `stop` calls nobody back: it tells by `revoked` that it had led, and otherwise nothing, so a resignation
 * is awaited for a short while only.
 */
import type { EventEmitter } from "node:events";
import type { Redis } from "ioredis";
import { loadClientLibrary } from "../../clients/client-library.ts";
import type { LeaderLibrary } from "./library.ts";

type LeaderClass = new (redis: Redis, options: { readonly key: string; readonly ttl: number }) => Leader;

interface Leader extends EventEmitter {
  readonly id: string;
  readonly key: string;
  elect(): void;
  isLeader(done: (error: Error | null, isLeader: boolean) => void): void;
  stop(): void;
}

export const redisLeader: LeaderLibrary = {
  name: "redis-leader",
  package: "redis-leader",
  tried: ["0.1.0"],
  adapter: (installed) => ({
    kind: "leader",
    open({ redis, election, termMs, log }) {
      const LeaderOfPackage = loadClientLibrary(installed) as LeaderClass;
      const client = redis();
      const leaders = new Set<Leader>();
      return {
        stand({ onElected, onDemoted }) {
          const leader = new LeaderOfPackage(client, { key: election, ttl: termMs });
          leaders.add(leader);
          leader.on("elected", () => onElected());
          leader.on("revoked", () => onDemoted());
          leader.on("error", (error: Error) => log(`redis-leader: ${error.message}`));
          leader.elect();
          return {
            seat: { key: leader.key, value: leader.id },
            isLeader: () =>
              new Promise((resolve, reject) => {
                leader.isLeader((error, isLeader) => (error === null ? resolve(isLeader) : reject(error)));
              }),
            // It is over when the server has answered what the library asks it first, and, if it led, then.
            resign: async () => {
              leader.stop();
              await client.get(leader.key);
              await client.get(leader.key);
            },
          };
        },
        close: () => {
          for (const leader of leaders) leader.stop();
          return Promise.resolve();
        },
      };
    },
  }),
};
