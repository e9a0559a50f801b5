/**
 * Changes that the server itself tells, of every key that the data connection has read since it asked for tracking
 * (https://redis.io/docs/latest/develop/reference/client-side-caching/). They come over a connection of their own, as
 * ioredis drops the pushes of RESP3.
 */
import type { Redis } from "ioredis";
import { Heartbeat } from "./heartbeat.ts";
import type { Listener, Source } from "./source.ts";

/** The channel is the server's. */
const CHANNEL = "__redis__:invalidate";

const RETRY_MS = 50;

export interface TrackingFlaws {
  /** It asks for tracking when it is made, and never again. */
  readonly tracksOnce?: boolean;
}

/**
 * @param data reads the keys
 * @param ears hears of them; it speaks RESP2 and does not subscribe again by itself
 */
export function trackingSource(data: Redis, ears: Redis, listener: Listener, flaws: TrackingFlaws = {}): Source {
  const first = Promise.withResolvers<void>();
  const heartbeat = new Heartbeat([data, ears]);
  let isTracked = false;
  let asked = 0;
  /** Rises with every loss: what was begun before it counts no more. */
  let generation = 0;
  /** The connection that hears, as the server knows it. */
  let hearing: { readonly id: number; readonly server: string } | undefined;

  const lost = (): void => {
    generation += 1;
    isTracked = false;
    heartbeat.forget();
    listener.lost();
  };
  const listen = async (): Promise<void> => {
    const id = await ears.client("ID");
    const server = runIdOf(await ears.info("server"));
    await ears.subscribe(CHANNEL);
    hearing = { id, server };
  };
  const track = async (): Promise<void> => {
    if (hearing === undefined || data.status !== "ready") return;
    const { id, server } = hearing;
    const began = generation;
    if (flaws.tracksOnce !== true || asked === 0) {
      // The number of a connection means another one on another server: both must be on the same.
      const replies = await data.multi().info("server").call("CLIENT", "TRACKING", "ON", "REDIRECT", id).exec();
      const [info, tracking] = replies ?? [];
      if (runIdOf(String(info?.[1])) !== server) throw new Error("the two connections lead to different servers");
      const [error] = tracking ?? [];
      if (error instanceof Error) throw error;
    }
    if (began !== generation) return;
    asked += 1;
    isTracked = true;
    await heartbeat.beat();
    first.resolve();
  };
  const attempts = new Map<Redis, number>();
  /** Makes a step until it is made, or the connection has to begin anew. */
  const again = (step: () => Promise<void>, connection: Redis): void => {
    const attempt = (attempts.get(connection) ?? 0) + 1;
    attempts.set(connection, attempt);
    step().catch(() => {
      // A connection was lost again, or the server refuses: a failover is going on.
      setTimeout(() => {
        if (connection.status === "ready" && attempts.get(connection) === attempt) again(step, connection);
      }, RETRY_MS).unref();
    });
  };
  const listenThenTrack = async (): Promise<void> => {
    await listen();
    again(track, data);
  };
  ears.on("ready", () => again(listenThenTrack, ears));
  data.on("ready", () => again(track, data));
  ears.on("close", () => {
    hearing = undefined;
    lost();
  });
  data.on("close", lost);
  // A list of keys; null stands for all of them.
  ears.on("messageBuffer", (_channel: Buffer, keys: readonly Buffer[] | null) => {
    if (keys === null) listener.changed();
    else for (const key of keys) listener.changed(key.toString());
  });
  if (ears.status === "ready") again(listenThenTrack, ears);
  return {
    get isInForce() {
      return isTracked && heartbeat.isAlive;
    },
    ready: first.promise,
    end: () => heartbeat.end(),
  };
}

function runIdOf(info: string): string {
  return /^run_id:(\w+)/m.exec(info)?.[1] ?? "";
}
