/** The reference locks on real servers: exclusive, released, expiring; and each specimen shows its flaw. */
import { setTimeout } from "node:timers/promises";
import { adapterEnvironment } from "../../support/adapter-environment.ts";
import { describe, expect, it } from "vitest";
import { connected, connection, usable } from "../../../workloads/clients/connection.ts";
import { connectionOptions } from "../../../workloads/clients/profiles.ts";
import type { Held, LockClient } from "../../../workloads/lock/adapter.ts";
import { remainingMsOf } from "../../../workloads/lock/belief.ts";
import { locks } from "../../../workloads/lock/registry.ts";
import { ProtectedResource } from "../../../workloads/lock/resource.ts";
import { untilObtained } from "../../../workloads/lock/retry.ts";
import type { Redis } from "ioredis";
import { seededRandom } from "../../../history/random.ts";
import { openProcessHost, startNodes } from "../../support/process-nodes.ts";
import type { Node } from "../../../hosts/host.ts";

async function withClients(
  lock: string,
  servers: number,
  body: (clients: LockClient[], nodes: readonly Node[]) => Promise<void>,
): Promise<void> {
  await using test = await openProcessHost();
  const nodes = await startNodes(test.host, ...Array.from({ length: servers }, (_, i) => `n${i + 1}`));
  const connections: Redis[] = [];
  const open = async (clientId: string): Promise<LockClient> => {
    const client = await locks.named(lock).open(
      adapterEnvironment({
        endpoints: nodes.map(({ address }) => address),
        clientId,
        random: seededRandom(clientId.length),
        redis: (i = 0) => {
          const redis = connection({ ...connectionOptions("raw", 500), ...nodes[i]?.address });
          connections.push(redis);
          return redis;
        },
      }),
    );
    await Promise.all(connections.map((redis) => usable(redis, 10_000)));
    return client;
  };
  await body([await open("a"), await open("b"), await open("c")], nodes);
  for (const each of connections) each.disconnect();
}

const once = { signal: AbortSignal.abort(), waitMs: 0 };

/** Asks again until somebody else's lock is gone. */
const patiently = (client: LockClient | undefined): Promise<Held | null> =>
  client === undefined
    ? Promise.resolve(null)
    : untilObtained(
        client,
        "k",
        5_000,
        { waitMs: 10_000, retryMs: 10, stop: AbortSignal.timeout(20_000) },
        seededRandom(1),
      ).then((obtained) => obtained?.held ?? null);

const mustHold = (held: Held | null | undefined): Held => {
  if (held === null || held === undefined) throw new Error("the lock was not obtained");
  return held;
};

const remainingMs = (held: Held): number => remainingMsOf(held) ?? Infinity;

describe.each([
  ["simple", 1],
  ["fenced", 1],
  ["plain-delete", 1],
  ["redlock", 5],
  ["redlock-fenced", 5],
])("%s", (lock, servers) => {
  it("excludes, is released by its holder, and expires", () =>
    withClients(lock, servers, async ([a, b]) => {
      const first = mustHold(await a?.acquire("k", 5_000, once));
      expect(remainingMs(first)).toBeGreaterThan(4_000);
      expect(await b?.acquire("k", 5_000, once)).toBeNull();
      expect(await first.extend?.(20_000)).toBe(true);
      expect(remainingMs(first)).toBeGreaterThan(10_000);
      expect(await first.release()).toBe(true);
      const second = mustHold(await b?.acquire("k", 300, once));
      const third = mustHold(await patiently(a));
      expect(remainingMs(second)).toBeLessThanOrEqual(0);
      expect(remainingMs(third)).toBeGreaterThan(0);
      expect(await second.extend?.(5_000)).toBe(false);
    }));
});

describe("what sets the locks apart", () => {
  it("simple: a late release does not free the next holder's lock", () =>
    withClients("simple", 1, async ([a, b, c]) => {
      const late = mustHold(await a?.acquire("k", 100, once));
      mustHold(await patiently(b));
      expect(await late.release()).toBe(false);
      expect(await c?.acquire("k", 5_000, once)).toBeNull();
    }));

  it("plain-delete: a late release does", () =>
    withClients("plain-delete", 1, async ([a, b, c]) => {
      const late = mustHold(await a?.acquire("k", 100, once));
      mustHold(await patiently(b));
      expect(await late.release()).toBe(true);
      mustHold(await c?.acquire("k", 5_000, once));
    }));

  it.each([
    ["simple", 1],
    ["retracting", 0],
  ])("%s: what is granted after it was given up is left behind or not", (lock, left) =>
    withClients(lock, 1, async ([a], nodes) => {
      nodes[0]?.signal("SIGSTOP");
      await expect(a?.acquire("k", 20_000, once)).rejects.toThrow(/timed out/);
      nodes[0]?.signal("SIGCONT");
      await expect.poll(() => nodes[0]?.command("EXISTS", "k")).toBe(left);
    }),
  );

  it("fenced: every grant has a higher token", () =>
    withClients("fenced", 1, async ([a, b]) => {
      const tokens: unknown[] = [];
      for (const client of [a, b, a, b]) {
        const held = mustHold(await client?.acquire("k", 5_000, once));
        tokens.push(held.token);
        await held.release();
      }
      expect(tokens).toEqual([1, 2, 3, 4]);
    }));

  it("redlock-fenced: every grant has a higher token, whichever majority answers", () =>
    withClients("redlock-fenced", 5, async ([a, b], nodes) => {
      const tokens: unknown[] = [];
      for (const [client, down] of [
        [a, 0],
        [b, 1],
        [a, 2],
        [b, 3],
      ] as const) {
        nodes[down]?.signal("SIGSTOP");
        const held = mustHold(await client?.acquire("k", 5_000, once));
        nodes[down]?.signal("SIGCONT");
        tokens.push(held.token);
        await held.release();
      }
      expect(tokens).toEqual([1, 2, 3, 4]);
    }));

  it("watched: lives on while it is held, and says when it is lost", () =>
    withClients("watched", 1, async ([a, b], nodes) => {
      const held = mustHold(await a?.acquire("k", 2_000, once));
      await setTimeout(3_000);
      expect(held.isHeld?.()).toBe(true);
      expect(await b?.acquire("k", 300, once)).toBeNull();
      await nodes[0]?.command("SET", "k", "somebody else");
      await expect.poll(() => held.isHeld?.()).toBe(false);
      expect(await held.release()).toBe(false);
    }));

  it("watched: says that it is lost also when nobody answers", () =>
    withClients("watched", 1, async ([a], nodes) => {
      const held = mustHold(await a?.acquire("k", 300, once));
      nodes[0]?.signal("SIGSTOP");
      await expect.poll(() => held.isHeld?.()).toBe(false);
      nodes[0]?.signal("SIGCONT");
    }));

  it.each([
    ["simple", 1, false],
    ["extends-from-answer", 1, true],
    // It waits for every answer as long as it takes, as redlock does not.
    ["majority-get-then-set", 3, false],
    ["majority-extends-from-answer", 3, true],
  ])("%s on %i: takes a slow extension for a whole one: %s", (lock, servers, whole) =>
    withClients(lock, servers, async ([a], nodes) => {
      const held = mustHold(await a?.acquire("k", 20_000, once));
      for (const node of nodes) node.signal("SIGSTOP");
      const extending = held.extend?.(20_000);
      await setTimeout(300);
      for (const node of nodes) node.signal("SIGCONT");
      expect(await extending).toBe(true);
      expect(remainingMs(held) > 20_000 - 300).toBe(whole);
    }),
  );

  it.each([
    ["watched", true],
    ["watchdog-ends-at-error", false],
  ])("%s: keeps the lock after a refresh that failed: %s", (lock, kept) =>
    withClients(lock, 1, async ([a, b], nodes) => {
      const held = mustHold(await a?.acquire("k", 2_400, once));
      // The refresh gets no answer in time, and is carried out late.
      nodes[0]?.signal("SIGSTOP");
      await setTimeout(1_500);
      nodes[0]?.signal("SIGCONT");
      await setTimeout(3_000);
      expect(held.isHeld?.()).toBe(true);
      expect((await b?.acquire("k", 300, once)) === null).toBe(kept);
    }),
  );

  it.each([
    ["simple", "rejects"],
    ["extension-ignores-errors", "resolves"],
  ] as const)("%s: an extension that gets no answer %s", (lock, how) =>
    withClients(lock, 1, async ([a], nodes) => {
      const held = mustHold(await a?.acquire("k", 20_000, once));
      nodes[0]?.signal("SIGSTOP");
      const [settled] = await Promise.allSettled([held.extend?.(20_000)]);
      nodes[0]?.signal("SIGCONT");
      expect(settled.status).toBe(how === "rejects" ? "rejected" : "fulfilled");
    }),
  );

  it("redlock: goes on without a minority, stops without a majority", () =>
    withClients("redlock", 5, async ([a], nodes) => {
      nodes[0]?.signal("SIGSTOP");
      await nodes[1]?.kill();
      const held = mustHold(await a?.acquire("k", 2_000, once));
      await held.release();
      await nodes[2]?.kill();
      expect(await a?.acquire("k", 2_000, once)).toBeNull();
    }));

  it("redlock: gives back what it got of a lock that it did not get", () =>
    withClients("redlock", 5, async ([a], nodes) => {
      for (const node of nodes.slice(0, 3)) await node.command("SET", "k", "somebody else", "PX", 10_000);
      expect(await a?.acquire("k", 2_000, once)).toBeNull();
      for (const node of nodes.slice(3)) await expect.poll(() => node.command("EXISTS", "k")).toBe(0);
    }));
});

describe("the protected resource", () => {
  it("logs in the order of arrival, and refuses older tokens when fenced", async () => {
    await using test = await openProcessHost();
    const [node] = await startNodes(test.host, "resource");
    const server = await connected({ ...node?.address });
    const resource = new ProtectedResource(server, "fenced");
    expect(await resource.read("k", "a-1", 1)).toEqual({ seq: 1, accepted: true, value: 0 });
    expect(await resource.read("k", "b-1", 2)).toEqual({ seq: 2, accepted: true, value: 0 });
    expect(await resource.write("k", "a-1", 1, 1)).toEqual({ seq: 3, accepted: false, value: 0 });
    expect(await resource.write("k", "b-1", 2, 1)).toEqual({ seq: 4, accepted: true, value: 1 });
    expect(await resource.log("k")).toEqual([
      { seq: 1, op: "read", grant: "a-1", value: 0, token: 1, accepted: true },
      { seq: 2, op: "read", grant: "b-1", value: 0, token: 2, accepted: true },
      { seq: 3, op: "write", grant: "a-1", value: 1, token: 1, accepted: false },
      { seq: 4, op: "write", grant: "b-1", value: 1, token: 2, accepted: true },
    ]);
    server.disconnect();
  });

  it("takes a write only of the grant that read last, when it compares", async () => {
    await using test = await openProcessHost();
    const [node] = await startNodes(test.host, "resource");
    const server = await connected({ ...node?.address });
    const resource = new ProtectedResource(server, "compares");
    expect(await resource.write("k", "a-1", undefined, 1)).toMatchObject({ accepted: false });
    expect(await resource.read("k", "a-1", undefined)).toEqual({ seq: 2, accepted: true, value: 0 });
    expect(await resource.write("k", "a-1", undefined, 1)).toEqual({ seq: 3, accepted: true, value: 1 });
    expect(await resource.read("k", "b-1", 7)).toMatchObject({ accepted: true });
    expect(await resource.write("k", "a-1", 9, 2)).toMatchObject({ accepted: false, value: 1 });
    expect(await resource.write("k", "b-1", 7, 2)).toMatchObject({ accepted: true, value: 2 });
    server.disconnect();
  });

  it("compares tokens exactly that are too large for a number", async () => {
    await using test = await openProcessHost();
    const [node] = await startNodes(test.host, "resource");
    const server = await connected({ ...node?.address });
    const resource = new ProtectedResource(server, "fenced");
    expect(await resource.read("k", "a-1", 999)).toMatchObject({ accepted: true });
    expect(await resource.read("k", "b-1", "9007199254740993")).toMatchObject({ accepted: true });
    expect(await resource.write("k", "a-1", "9007199254740992", 1)).toMatchObject({ accepted: false });
    expect(await resource.write("k", "a-1", 1_000, 1)).toMatchObject({ accepted: false });
    server.disconnect();
  });
});
