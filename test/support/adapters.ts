/** Adapters for tests, each a file in a folder that goes with it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface AdapterFolder extends Disposable {
  readonly folder: string;
  /** Writes a file, and returns its path. */
  file(name: string, text: string): string;
}

export function adapterFolder(): AdapterFolder {
  const folder = mkdtempSync(join(tmpdir(), "adapter-test-"));
  return {
    folder,
    file: (name, text) => {
      const path = join(folder, name);
      writeFileSync(path, text);
      return path;
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The textbook lock on one server, as a user would write it; `more` is code that runs in `open`, before all else. */
export function goodAdapter(more = "", held = ""): string {
  return `
const RELEASE = 'if redis.call("GET", KEYS[1]) == ARGV[1] then return redis.call("DEL", KEYS[1]) end return 0';
let attempts = 0;
export default {
  name: "good@1.0.0",
  open({ redis, clientId }) {
    ${more}
    const server = redis();
    return {
      async acquire(key, ttlMs) {
        const value = clientId + ":" + (attempts += 1);
        const until = Date.now() + ttlMs;
        if ((await server.set(key, value, "PX", ttlMs, "NX")) === null) return null;
        return { release: async () => (await server.eval(RELEASE, 1, key, value)) === 1, validUntil: () => until, ${held} };
      },
    };
  },
};
`;
}

/** The same, but it only waits, whatever it is told. */
export function blockingAdapter(): string {
  return goodAdapter()
    .replace("name:", "blocking: true, name:")
    .replace(
      `if ((await server.set(key, value, "PX", ttlMs, "NX")) === null) return null;`,
      `while ((await server.set(key, value, "PX", ttlMs, "NX")) === null) await new Promise((again) => setTimeout(again, 20));`,
    )
    .replace("const until = Date.now() + ttlMs;", "")
    .replace("return { release", "const until = Date.now() + ttlMs; return { release");
}
