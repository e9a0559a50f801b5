/** A specimen that is broken on purpose: the simple lock, but its release deletes whatever lock is there. */
import type { LockAdapter } from "../adapter.ts";
import { simple } from "./simple.ts";

export const plainDelete: LockAdapter = {
  name: "plain-delete",
  async open(environment) {
    const lock = await simple.open(environment);
    const server = environment.redis();
    return {
      async acquire(key, ttlMs, wait) {
        const held = await lock.acquire(key, ttlMs, wait);
        return held && { ...held, release: async () => (await server.del(key)) === 1 };
      },
    };
  },
};
