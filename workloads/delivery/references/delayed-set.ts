/**
 * Delayed work by a sorted set, as it is commonly written: the score is when a message is due by the server's clock,
 * and one script takes a message that is due and gives it a lease, after which it is due again.
 */
import type { DeliveryAdapter } from "../adapter.ts";

const LEASE_MS = 2_000;
const POLL_MS = 20;

/** KEYS: the set. ARGV: the delay, the text. */
const ADD = `
local t = redis.call("TIME")
return redis.call("ZADD", KEYS[1], t[1] * 1000 + math.floor(t[2] / 1000) + ARGV[1], ARGV[2])`;

/** KEYS: the set. ARGV: the lease, and how long before its time a message is due. Returns one that is due, or false. */
const TAKE = `
local t = redis.call("TIME")
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local due = redis.call("ZRANGEBYSCORE", KEYS[1], "-inf", now + ARGV[2], "LIMIT", 0, 1)[1]
if due then redis.call("ZADD", KEYS[1], now + ARGV[1], due) end
return due`;

export const delayedSet: DeliveryAdapter = delayedAdapter("delayed-zset");

/** @param earlyMs how long before its time a message is handed over. */
export function delayedAdapter(name: string, earlyMs = 0): DeliveryAdapter {
  return {
    kind: "delivery",
    name,
    contract: "at-least-once",
    delays: true,
    takeoverMs: LEASE_MS + 1_000,
    open: (environment) => {
      const publisher = environment.redis();
      return {
        publish: async (channel, text, { delayMs = 0 }) => void (await publisher.eval(ADD, 1, channel, delayMs, text)),
        consume: async (channel, handler) => {
          const server = environment.redis();
          let stopping = false;
          const running = (async () => {
            while (!stopping) {
              try {
                const text = await server.eval(TAKE, 1, channel, LEASE_MS, earlyMs);
                if (typeof text !== "string") {
                  await new Promise((resolve) => setTimeout(resolve, POLL_MS));
                  continue;
                }
                await handler(text);
                await server.zrem(channel, text);
              } catch {
                // Refused, or the server did not answer: the lease ends by itself.
                await new Promise((resolve) => setTimeout(resolve, POLL_MS));
              }
            }
          })();
          return {
            stop: async () => {
              stopping = true;
              await running;
              await server.quit();
            },
          };
        },
      };
    },
  };
}
