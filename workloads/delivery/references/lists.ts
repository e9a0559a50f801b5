/**
 * Lists as queues: `LPUSH` and `BRPOP`, which loses what its consumer has taken when that dies, and the reliable queue
 * of `BLMOVE` (https://redis.io/docs/latest/commands/lmove/#pattern-reliable-queue), where every consumer keeps what it
 * has taken in a list of its own, and the others give back what a dead one has left there.
 */
import type { Redis } from "ioredis";
import type { AdapterEnvironment } from "../../adapter/adapter.ts";
import type { Consumer, Consumption, DeliveryAdapter, Handler } from "../adapter.ts";

const BLOCK_S = 0.2;
const RETRY_MS = 50;
/** How long a consumer counts as alive after it has said so. */
const ALIVE_MS = 1_500;
const SAYS_EVERY_MS = 500;

/** KEYS: the queue, the list of who may be gone, who says that it lives, all consumers. ARGV: the consumer's name. */
const GIVE_BACK = `
if redis.call("EXISTS", KEYS[3]) == 1 then return 0 end
local given = 0
while redis.call("LMOVE", KEYS[2], KEYS[1], "LEFT", "RIGHT") do given = given + 1 end
redis.call("SREM", KEYS[4], ARGV[1])
return given`;

export const unreliableList: DeliveryAdapter = {
  kind: "delivery",
  name: "list-brpop",
  contract: "at-most-once",
  audience: "group",
  ordered: false,
  open: (environment) => {
    const publisher = environment.redis();
    return {
      publish: async (channel, text) => void (await publisher.lpush(channel, text)),
      consume: async (channel, handler) => {
        const server = environment.redis();
        const take = async (): Promise<string | undefined> => (await server.brpop(channel, BLOCK_S))?.[1];
        return looped(server, async () => {
          const text = await take();
          if (text !== undefined) await handler(text);
        });
      },
    };
  },
};

export const reliableList: DeliveryAdapter = {
  kind: "delivery",
  name: "list-blmove",
  contract: "at-least-once",
  takeoverMs: 2 * ALIVE_MS,
  open: (environment) => {
    const publisher = environment.redis();
    return {
      publish: async (channel, text) => void (await publisher.lpush(channel, text)),
      consume: (channel, handler, consumer) => consumeReliably(environment, channel, handler, consumer),
    };
  },
};

async function consumeReliably(
  environment: AdapterEnvironment,
  channel: string,
  handler: Handler,
  { name }: Consumer,
): Promise<Consumption> {
  const server = environment.redis();
  // A blocking command would hold up everything else.
  const side = environment.redis();
  const consumers = `${channel}:consumers`;
  const takenBy = (who: string): string => `${channel}:taken:${who}`;
  const aliveKey = (who: string): string => `${channel}:alive:${who}`;
  const sayAlive = async (): Promise<void> => {
    await side.multi().sadd(consumers, name).set(aliveKey(name), "1", "PX", ALIVE_MS).exec();
  };
  const giveBack = async (): Promise<void> => {
    for (const other of await side.smembers(consumers))
      if (other !== name) await side.eval(GIVE_BACK, 4, channel, takenBy(other), aliveKey(other), consumers, other);
  };
  await sayAlive();
  // The next time, where the server does not answer.
  const lookAfter = (): Promise<void> =>
    sayAlive()
      .then(giveBack)
      .catch((error: Error) => environment.log(`list-blmove: ${error.message}`));
  const timer = setInterval(() => void lookAfter(), SAYS_EVERY_MS);
  const loop = looped(server, async () => {
    const text = await server.blmove(channel, takenBy(name), "RIGHT", "LEFT", BLOCK_S);
    if (text === null) return;
    try {
      await handler(text);
      await side.lrem(takenBy(name), 1, text);
    } catch (error) {
      // Refused, or nobody knows: it goes back to the others.
      await side.multi().lrem(takenBy(name), 1, text).lpush(channel, text).exec();
      throw error;
    }
  });
  return {
    stop: async () => {
      await loop.stop();
      clearInterval(timer);
      await side.multi().srem(consumers, name).del(aliveKey(name)).exec();
      await side.quit();
    },
  };
}

/** One step after the other until it is stopped, then the connection is closed. */
function looped(server: Redis, step: () => Promise<void>): Consumption {
  let stopping = false;
  const running = (async () => {
    while (!stopping)
      await step().catch(async () => {
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      });
  })();
  return {
    stop: async () => {
      stopping = true;
      await running;
      await server.quit();
    },
  };
}
