/** What an adapter is told that has no chance to get a lock. */
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../history/random.ts";
import type { AdapterEnvironment } from "../../../workloads/adapter/adapter.ts";
import type { LockClient } from "../../../workloads/lock/adapter.ts";
import { openEnvironment } from "../../../workloads/adapter/open-environment.ts";
import { watchGrants } from "../../../workloads/lock/watch-grants.ts";

/** @param look what the adapter does with its environment in open() */
function opened(masterName: string | undefined, look: (environment: AdapterEnvironment) => unknown): () => void {
  const { environment, assertServersFound, close } = openEnvironment({
    system: masterName === undefined ? "single" : "sentinel",
    endpoints: [{ host: "127.0.0.1", port: 1 }],
    ...(masterName === undefined ? {} : { masterName }),
    redisOptions: () => ({ lazyConnect: true }),
    clientId: "w1",
    random: seededRandom(1),
    signal: new AbortController().signal,
    ttlMs: 1_000,
  });
  look(environment);
  close();
  return () => assertServersFound("lock.mjs");
}

describe("with Sentinel, an adapter", () => {
  it("that looks at nothing but the endpoints takes sentinels for servers", () => {
    expect(opened("mymaster", ({ endpoints }) => endpoints)).toThrow(
      /lock\.mjs takes sentinels for servers.*\n.*masterName.*`systems: \["single"\]`/,
    );
  });

  it("may ask for the primary's name, or for a connection", () => {
    expect(opened("mymaster", ({ endpoints, masterName }) => [endpoints, masterName])).not.toThrow();
    expect(opened("mymaster", ({ endpoints, redis }) => [endpoints, redis()])).not.toThrow();
    expect(opened("mymaster", (environment) => ({ ...environment }))).not.toThrow();
  });
});

it("without Sentinel the endpoints are the servers", () => {
  expect(opened(undefined, ({ endpoints }) => endpoints)).not.toThrow();
});

describe("what a client met that never got a lock", () => {
  const WAIT = { waitMs: 1, signal: new AbortController().signal };

  async function told(...answers: readonly (() => ReturnType<LockClient["acquire"]>)[]): Promise<string[]> {
    const notes: string[] = [];
    const left = [...answers];
    const { lock, tell } = watchGrants(
      { acquire: () => left.shift()?.() ?? Promise.resolve(null) },
      { named: "lock.mjs", note: (text) => void notes.push(text) },
    );
    for (let i = 0; i < answers.length; i += 1) await lock.acquire("a", 1, WAIT).catch(() => undefined);
    tell();
    return notes;
  }

  const refuses = (): Promise<null> => Promise.resolve(null);
  const rejects = (): Promise<never> => Promise.reject(new Error("ERR unknown command 'set'"));

  it("is told, with the last error", async () => {
    expect(await told(refuses, rejects, rejects)).toEqual([
      "acquire() of lock.mjs has never given a lock; rejections: 2, the last with: Error: ERR unknown command 'set'",
    ]);
  });

  it("is nothing where others had the lock, or it got one", async () => {
    expect(await told(refuses, refuses)).toEqual([]);
    expect(await told(rejects, () => Promise.resolve({ release: () => Promise.resolve(true) }))).toEqual([]);
  });
});
