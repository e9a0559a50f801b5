/** The starting point of `redquake init` for a cache. */

export const CACHE_TEMPLATE = `// Your cache, as redquake calls it. The contract: node_modules/redquake/docs/caches.md
// This one hears of changes over Pub/Sub; put your own library in its place.
import type { CacheAdapter } from "redquake/adapter";

export default {
  kind: "cache",
  name: "my-cache@1.0.0",
  writes: ["set", "invalidate"],
  async open({ redis }) {
    const server = redis(); // an ioredis; for a client of your own, connect to \`endpoints\`
    const ears = redis();
    const copies = new Map<string, string | null>();
    ears.on("message", (_channel, key) => copies.delete(key));
    ears.on("close", () => copies.clear()); // what was told meanwhile is lost
    await ears.subscribe("changes");
    const get = async (key: string) => {
      const copy = copies.get(key);
      if (copy !== undefined) return copy;
      const value = await server.get(key);
      copies.set(key, value);
      return value;
    };
    const invalidate = (key: string) => server.publish("changes", key);
    const set = async (key: string, value: string) => (await server.set(key, value), invalidate(key));
    return { get, set, invalidate, isFresh: () => ears.status === "ready" };
  },
} satisfies CacheAdapter;
`;
