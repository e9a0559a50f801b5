/**
 * The lock libraries of npm, as they are, on real servers: every adapter keeps its contract, but for what is declared.
 */
import { describe, expect, it } from "vitest";
import type { ConformanceCheck } from "../../../workloads/adapter/conformance/check.ts";
import { lockLibraries } from "../../../workloads/lock/libraries/registry.ts";
import { locks } from "../../../workloads/lock/registry.ts";
import { redquake } from "../../cli/redquake.ts";

const cases = lockLibraries.flatMap(({ name, tried, fails = {} }) =>
  tried.map((version) => [`${name}@${version}`, fails] as const),
);

// Installing takes a while where nothing is in npm's cache.
describe("lock libraries", { timeout: 180_000 }, () => {
  it.concurrent.each(cases)("%s keeps its contract, but for what is declared", async (name, fails) => {
    const { stdout, stderr } = await redquake(["adapter-test", name, "--host", "process", "--seed", "1", "--json"]);
    expect(stdout, stderr).not.toBe("");
    const { adapter, checks } = JSON.parse(stdout) as { adapter: { name: string }; checks: ConformanceCheck[] };
    expect(adapter.name).toBe(name);
    const failed = checks.filter(({ state }) => state === "failed");
    expect(
      failed.map(({ id }) => id),
      failed.map(({ seen }) => seen).join("; "),
    ).toEqual(Object.keys(fails));
  });

  it("says which package cannot be fetched, and the command that failed", async () => {
    const { code, stderr } = await redquake(["adapter-test", "redlock@4.99.0", "--host", "process"]);
    expect(stderr).toMatch(/redlock@4\.99\.0 cannot be installed: `npm install redlock@4\.99\.0` failed: /);
    expect(code).toBe(255);
  });
});

describe("names", () => {
  it("are those of a lock, each", () => {
    for (const name of locks.names) expect(locks.named(name).name).toBe(name);
  });

  it("carry the version to be installed, and what lies beside it", () => {
    expect(locks.packageOf("redlock@4.1.0")).toEqual({ name: "redlock", version: "4.1.0" });
    expect(locks.packageOf("redis-semaphore/Mutex@5.4.0-rc.1")).toMatchObject({
      name: "redis-semaphore",
      version: "5.4.0-rc.1",
    });
    expect(locks.packageOf("simple-redis-mutex@3.0.0")?.beside).toEqual(["redis@6.3.1"]);
    expect(locks.packageOf("simple")).toBeUndefined();
  });

  it.each(["redlock@", "redlock@4", "redlock@3.1.2", "redis-semaphore@5.8.0", "left-pad@1.3.0", "redlock@4.2.0 || 1"])(
    "refuses %s",
    (name) => {
      expect(locks.has(name)).toBe(false);
      expect(locks.packageOf(name)).toBeUndefined();
      expect(() => locks.named(name)).toThrow(/there is no lock .*docs\/adapters\.md has the names/);
    },
  );
});
