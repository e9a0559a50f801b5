/** `redquake adapter-test` on real servers: a lock that keeps its contract, and one flaw for every check. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../../../../machine/package-root.ts";
import { testContract } from "../../../../session/adapter-contract.ts";
import type { ConformanceCheck } from "../../../../workloads/adapter/conformance/check.ts";
import { adapterFolder, blockingAdapter, goodAdapter } from "../../../support/adapters.ts";
import { redquake } from "../../redquake.ts";

interface Checked {
  readonly states: Readonly<Record<string, string>>;
  readonly checks: readonly ConformanceCheck[];
}

/** What the command does, without a command line for each; the adapter is in a process of its own all the same. */
async function checksOf(adapter: string): Promise<Checked> {
  const { checks } = await testContract(adapter, {
    host: "process",
    seed: 1,
    notice: () => undefined,
    seen: () => undefined,
  });
  return { states: Object.fromEntries(checks.map(({ id, state }) => [id, state])), checks };
}

/** What the command ends with 0 for. */
function expectKept({ checks }: Checked): void {
  expect(checks.filter(({ state }) => state === "failed")).toEqual([]);
}

describe("a lock that keeps its contract", () => {
  it("has a line for every check", async () => {
    using adapters = adapterFolder();
    const { code, stdout } = await redquake([
      "adapter-test",
      adapters.file("lock.mjs", goodAdapter()),
      "--host",
      "process",
    ]);
    expect(stdout).toMatch(/^✓ asks the servers that it is given: for a grant the servers carried out 1 set$/m);
    // A stranger to the adapter's contract is told whether a number is good.
    expect(stdout).toMatch(/^✓ says so when the lock is lost: its key was removed .*, within its time to live, /m);
    expect(stdout).toMatch(/^✓ exclusive: client 2 did not get what another held$/m);
    expect(stdout).toMatch(/^– extends: it has no extend\(\)$/m);
    expect(stdout).toMatch(/good@1\.0\.0 keeps its contract\.\n$/);
    expect(code).toBe(0);
  });

  it("may write what it likes: that is kept apart from the checks, and told afterwards whose it is", async () => {
    using adapters = adapterFolder();
    const talking = `process.stderr.write("library: 1\\n"); console.log("library: 2");`;
    const lock = adapters.file("lock.mjs", goodAdapter(talking));
    const { code, stdout, stderr } = await redquake(["adapter-test", lock, "--host", "process"]);
    expect(stdout).not.toContain("library");
    const from = stderr.indexOf(`the adapter ${lock}, or its library, wrote meanwhile:\n`);
    expect(from).toBeGreaterThan(-1);
    for (const line of stderr.slice(from).trimEnd().split("\n").slice(1))
      expect(line).toMatch(/^ {2}\| library: [12]$/);
    expect(stderr.slice(0, from)).not.toMatch(/library: [12]/);
    expect(code).toBe(0);
  });

  it("may be written in Python, and extend", async () => {
    const checked = await checksOf(`command: python3 ${join(packageRoot, "examples/python-lock/my_lock.py")}`);
    expect(checked.states).toMatchObject({
      exclusive: "passed",
      "throws-when-refused": "passed",
      extends: "passed",
      "extends-own-only": "passed",
      closes: "passed",
    });
    expectKept(checked);
  });

  it("may be able to wait only", async () => {
    using adapters = adapterFolder();
    const checked = await checksOf(adapters.file("lock.mjs", blockingAdapter()));
    expect(checked.states).toMatchObject({
      exclusive: "passed",
      "null-when-held": "skipped",
      "release-frees": "passed",
    });
    expectKept(checked);
  });

  it("may be a semaphore", async () => {
    using adapters = adapterFolder();
    // Two slots, each a key of its own.
    const semaphore = `
export default {
  name: "semaphore@1",
  limit: 2,
  open({ redis }) {
    const server = redis();
    return {
      async acquire(key, ttlMs) {
        const value = String(Math.trunc(performance.now() * 1e6));
        for (const slot of [key + ":a", key + ":b"])
          if ((await server.set(slot, value, "PX", ttlMs, "NX")) !== null)
            return { release: async () => (await server.get(slot)) === value && (await server.del(slot)) === 1 };
        return null;
      },
    };
  },
};`;
    const checked = await checksOf(adapters.file("lock.mjs", semaphore));
    expect(checked.states).toMatchObject({
      exclusive: "passed",
      "release-of-others": "passed",
      "reports-loss": "skipped",
    });
    expectKept(checked);
  });
});

describe("what a lock may also do", () => {
  it("may take its token for the proof that a lock is its own", async () => {
    using adapters = adapterFolder();
    // Without the counter the next holder would have the same token, and a late release would free its lock.
    const counting = goodAdapter(
      "",
      "token, extend: async (ms) => (await server.eval(EXTEND, 1, key, token, ms)) === 1",
    )
      .replace("let attempts = 0;", `const EXTEND = RELEASE.replace('"DEL", KEYS[1]', '"PEXPIRE", KEYS[1], ARGV[2]');`)
      .replace(
        `const value = clientId + ":" + (attempts += 1);`,
        `const token = await server.incr("counter"), value = token;`,
      );
    const checked = await checksOf(adapters.file("lock.mjs", counting));
    expect(checked.states).toMatchObject({
      "release-of-others": "passed",
      "extends-own-only": "passed",
      "token-rises": "passed",
    });
    expectKept(checked);
  });

  it("may have a timer from grant to release", async () => {
    using adapters = adapterFolder();
    const watched = goodAdapter().replace(
      "return { release: async () => (",
      "const timer = setInterval(() => undefined, 1_000); return { release: async () => (clearInterval(timer), ",
    );
    const checked = await checksOf(adapters.file("lock.mjs", watched));
    expect(checked.states).toMatchObject({ closes: "passed" });
    expectKept(checked);
  });
});

it("tries no more with a lock that is never granted", async () => {
  using adapters = adapterFolder();
  const broken = goodAdapter().replace("const until", "server.missing(); const until");
  const lock = adapters.file("lock.mjs", broken);
  const { code, stdout } = await redquake(["adapter-test", lock, "--host", "process", "--seed", "1", "--json"]);
  const { checks } = JSON.parse(stdout) as { checks: ConformanceCheck[] };
  expect(Object.fromEntries(checks.map(({ id, state }) => [id, state]))).toMatchObject({
    exclusive: "failed",
    "throws-when-refused": "skipped",
    closes: "passed",
  });
  expect(checks.filter(({ id }) => id === "exclusive")[0]?.seen).toBe(
    "acquire() rejected: server.missing is not a function",
  );
  expect(new Set(checks.map(({ id }) => id)).size).toBe(checks.length);
  expect(code).toBe(1);
});

const FLAWS: readonly (readonly [string, string, string])[] = [
  [
    "asks-servers",
    "answers by itself what Redis would",
    goodAdapter().replace(
      "const server = redis();",
      `redis(); const mine = (globalThis.mine ??= new Map()); const server = {
        set: async (key, value, _px, ttlMs) =>
          mine.get(key)?.until > Date.now() ? null : (mine.set(key, { value, until: Date.now() + ttlMs }), "OK"),
        eval: async (_script, _keys, key, value) => (mine.get(key)?.value === value && mine.delete(key) ? 1 : 0),
      };`,
    ),
  ],
  ["exclusive", "never refuses", goodAdapter().replace(`, "NX"`, "")],
  [
    "null-when-held",
    "rejects instead",
    goodAdapter().replace("=== null) return null", `=== null) throw new Error("taken")`),
  ],
  [
    "throws-when-refused",
    "takes an error for a no",
    goodAdapter().replace(
      `(await server.set(key, value, "PX", ttlMs, "NX"))`,
      `(await server.set(key, value, "PX", ttlMs, "NX").catch(() => null))`,
    ),
  ],
  [
    "release-frees",
    "does not release",
    goodAdapter().replace("(await server.eval(RELEASE, 1, key, value)) === 1", "true"),
  ],
  [
    "release-frees",
    "never settles its release",
    goodAdapter().replace("server.eval(RELEASE, 1, key, value)", "new Promise(() => undefined)"),
  ],
  [
    "release-of-others",
    "deletes whatever is there",
    goodAdapter().replace("server.eval(RELEASE, 1, key, value)", "server.del(key)"),
  ],
  ["expires", "has no time to live", goodAdapter().replace(`"PX", ttlMs, `, "")],
  [
    "expires",
    "counts in seconds, and rounds down",
    goodAdapter().replace(`"PX", ttlMs`, `"EX", Math.floor(ttlMs / 1_000)`),
  ],
  ["extends", "does not extend", goodAdapter("", "extend: async () => true")],
  [
    "extends-own-only",
    "extends what is not its own",
    goodAdapter("", `extend: async (ms) => (await server.pexpire(key, ms)) === 1`),
  ],
  ["validity", "counts in seconds", goodAdapter().replace("+ ttlMs;", "+ ttlMs * 1_000;")],
  ["reports-loss", "never says so", goodAdapter().replace("validUntil: () => until", "isHeld: () => true")],
  ["token-rises", "has a constant token", goodAdapter("", "token: 7")],
  [
    "leaves-nothing",
    "leaves a key",
    goodAdapter("", "").replace("const until", `await server.set("left", 1); const until`),
  ],
  ["closes", "leaves a timer", goodAdapter("setInterval(() => undefined, 1_000);")],
];

describe("a lock that", () => {
  // Most of each is waiting.
  it.concurrent.each(FLAWS)("fails %s: it %s", async (id, _, text) => {
    using adapters = adapterFolder();
    const checked = await checksOf(adapters.file("lock.mjs", text));
    expect(checked.states).toMatchObject({ [id]: "failed" });
  });
});
