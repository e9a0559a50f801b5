/** The simple lock on one server: `SET key value NX PX ttl`. */
import { singleServerLock } from "./single-server.ts";

export const simple = singleServerLock("simple", async (server, key, value, ttlMs) =>
  (await server.set(key, value, "PX", ttlMs, "NX")) === "OK" ? {} : null,
);
