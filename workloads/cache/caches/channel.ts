/** Changes that are told over a channel of Pub/Sub, by those who make them. */
import type { Redis } from "ioredis";
import { Heartbeat } from "./heartbeat.ts";
import type { Listener, Source } from "./source.ts";

export const CHANNEL = "cache:changes";

const RETRY_MS = 50;

export interface ChannelFlaws {
  /** It subscribes when it is made, and never again. */
  readonly subscribesOnce?: boolean;
  /** Only the end of its connection tells it that nothing arrives. */
  readonly hasNoHeartbeat?: boolean;
}

/** @param connection does not subscribe again by itself */
export function channelSource(connection: Redis, listener: Listener, flaws: ChannelFlaws = {}): Source {
  const first = Promise.withResolvers<void>();
  const heartbeat = new Heartbeat([connection]);
  let isSubscribed = false;
  let subscriptions = 0;
  const subscribe = async (): Promise<void> => {
    try {
      if (flaws.subscribesOnce !== true || subscriptions === 0) await connection.subscribe(CHANNEL);
      if (subscriptions > 0) listener.back?.();
      subscriptions += 1;
      isSubscribed = true;
      await heartbeat.beat();
      first.resolve();
    } catch {
      // The connection was lost again; or the server refuses, which it may do while it starts.
      if (connection.status === "ready") setTimeout(() => void subscribe(), RETRY_MS).unref();
    }
  };
  connection.on("ready", () => void subscribe());
  if (connection.status === "ready") void subscribe();
  connection.on("close", () => {
    isSubscribed = false;
    heartbeat.forget();
    listener.lost();
  });
  connection.on("message", (_channel: string, key: string) => listener.changed(key));
  return {
    get isInForce() {
      return isSubscribed && (flaws.hasNoHeartbeat === true || heartbeat.isAlive);
    },
    ready: first.promise,
    end: () => heartbeat.end(),
  };
}
