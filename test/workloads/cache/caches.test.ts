/** The caches that redquake brings along keep their contract on a real server, as far as is known. */
import { describe, expect, it } from "vitest";
import { caches } from "../../../workloads/cache/registry.ts";
import { cacheLibraries } from "../../../workloads/cache/libraries/registry.ts";
import { adapterFolder } from "../../support/adapters.ts";
import { redquake } from "../../cli/redquake.ts";

interface Check {
  readonly id: string;
  readonly state: "passed" | "failed" | "skipped";
  readonly seen: string;
}

async function checksOf(adapter: string): Promise<readonly Check[]> {
  const { stdout } = await redquake(["adapter-test", adapter, "--host", "process", "--json"]);
  return (JSON.parse(stdout) as { checks: readonly Check[] }).checks;
}

const failures = (checks: readonly Check[]): string[] =>
  checks.filter(({ state }) => state === "failed").map(({ id }) => id);

describe("a cache on a real server", () => {
  it.each(["pubsub", "tracking", "ttl"])(
    "keeps its contract: %s",
    async (name) => {
      const checks = await checksOf(name);
      expect(failures(checks)).toEqual([]);
      expect(checks.find(({ id }) => id === "hears-direct")?.state).toBe(name === "pubsub" ? "skipped" : "passed");
    },
    120_000,
  );

  it("is found to hear of nothing, where it does", async () => {
    const checks = await checksOf("never-invalidates");
    expect(failures(checks)).toEqual(["hears-set", "hears-invalidate", "hears-direct"]);
  }, 120_000);

  it.each(
    cacheLibraries.flatMap(({ name, tried, fails = {} }) =>
      tried.map((version): [string, string[]] => [`${name}@${version}`, Object.keys(fails)]),
    ),
  )(
    "keeps its contract as far as is known: %s",
    async (name, fails) => {
      expect(caches.has(name)).toBe(true);
      expect(failures(await checksOf(name))).toEqual(fails);
    },
    240_000,
  );
});

describe("a cache in another language", () => {
  it("is asked in JSON lines", async () => {
    using folder = adapterFolder();
    folder.file(
      "cache.mjs",
      `import { createInterface } from "node:readline";
import { createConnection } from "node:net";
let socket, waiting = [];
const say = (reply) => process.stdout.write(JSON.stringify(reply) + "\\n");
const send = (...words) => new Promise((resolve) => {
  waiting.push(resolve);
  socket.write("*" + words.length + "\\r\\n" + words.map((w) => "$" + Buffer.byteLength(w) + "\\r\\n" + w + "\\r\\n").join(""));
});
const hear = (chunk) => {
  const text = chunk.toString();
  const [head, body] = text.split("\\r\\n");
  waiting.shift()(head === "$-1" ? null : head[0] === "$" ? body : head);
};
createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, op, key, value, endpoints } = JSON.parse(line);
  if (op === "describe") return say({ id, kind: "cache", name: "plain@1.0.0", writes: ["set", "invalidate", "direct"], fresh: true });
  if (op === "open") {
    socket = createConnection(endpoints[0]);
    socket.on("data", hear);
    return say({ id });
  }
  if (op === "get") return say({ id, value: await send("GET", key) });
  if (op === "set") {
    const reply = await send("SET", key, value);
    return say(reply === "+OK" ? { id } : { id, error: reply });
  }
  if (op === "fresh") return say({ id, fresh: true });
  if (op === "close") socket.destroy();
  say({ id });
});
`,
    );
    const command = folder.file("cache.json", JSON.stringify({ command: "node cache.mjs" }));
    const checks = await checksOf(command);
    expect(failures(checks)).toEqual([]);
    expect(checks.find(({ id }) => id === "hears-direct")?.state).toBe("passed");
  }, 120_000);
});
