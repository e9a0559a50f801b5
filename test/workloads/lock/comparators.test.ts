/** The locks of other systems behind the contract of an adapter, on real servers. */
import { describe, expect, it } from "vitest";
import type { Comparator } from "../../../hosts/host.ts";
import { systemOf } from "../../../systems/registry.ts";
import { CLIENT_LIBRARIES, installClientLibrary } from "../../../workloads/clients/client-library.ts";
import type { AdapterEnvironment, Endpoint } from "../../../workloads/adapter/adapter.ts";
import type { Held, LockAdapter, LockClient } from "../../../workloads/lock/adapter.ts";
import { etcdLockRpc } from "../../../workloads/lock/comparators/etcd-lock-rpc.ts";
import { etcd } from "../../../workloads/lock/comparators/etcd.ts";
import { inSequence } from "../../../workloads/lock/comparators/sequential-node.ts";
import { zookeeper } from "../../../workloads/lock/comparators/zookeeper.ts";
import { adapterEnvironment } from "../../support/adapter-environment.ts";
import { openProcessHost } from "../../support/process-nodes.ts";

const TTL_MS = 2_000;
const KEY = "lock:a";

function environment(endpoints: readonly Endpoint[], clientId: string): AdapterEnvironment {
  return adapterEnvironment({ endpoints, clientId, ttlMs: TTL_MS });
}

async function withClients(
  kind: Comparator,
  adapter: LockAdapter,
  body: (a: LockClient, b: LockClient) => Promise<void>,
): Promise<void> {
  await installClientLibrary(CLIENT_LIBRARIES[kind]);
  await using test = await openProcessHost([kind]);
  const system = systemOf({ kind, options: {} });
  const nodes = await test.host.allocate(system.specs);
  await system.start(nodes);
  const endpoints = nodes.map(({ address }) => address);
  const clients = await Promise.all(["a", "b"].map(async (id) => adapter.open(environment(endpoints, id))));
  const [a, b] = clients;
  if (a === undefined || b === undefined) throw new Error("no clients");
  try {
    await body(a, b);
  } finally {
    await Promise.all(clients.map(async (client) => client.close?.()));
  }
}

/** Asks for as long as it takes. */
async function obtained(client: LockClient): Promise<Held> {
  const held = await client.acquire(KEY, TTL_MS, { waitMs: 10_000, signal: AbortSignal.timeout(10_000) });
  if (held === null) throw new Error("the lock was not obtained");
  return held;
}

describe.each([
  ["etcd", etcd],
  ["zookeeper", zookeeper],
] as const)("a lock on %s", (kind, adapter) => {
  it("is exclusive, is free after its release, and has a higher token for each grant", () =>
    withClients(kind, adapter, async (a, b) => {
      const first = await obtained(a);
      expect(await b.acquire(KEY, TTL_MS, { waitMs: 100, signal: AbortSignal.timeout(100) })).toBeNull();
      expect(first.signal?.aborted).toBe(false);
      await first.release();
      const second = await obtained(b);
      expect(BigInt(second.token ?? 0)).toBeGreaterThan(BigInt(first.token ?? 0));
      await second.release();
      await (await obtained(a)).release();
    }));
});

describe("etcd's own lock", () => {
  it("is exclusive among those whose leases live, and is free after its release", () =>
    withClients("etcd", etcdLockRpc, async (a, b) => {
      const first = await obtained(a);
      const waiting = obtained(b);
      await first.release();
      const second = await waiting;
      expect(BigInt(second.token ?? 0)).toBeGreaterThan(BigInt(first.token ?? 0));
      await second.release();
    }));
});

describe("sequential nodes", () => {
  it("are ordered by their numbers, whatever comes before these", () => {
    expect(inSequence(["b-0000000010", "a-0000000011", "c-0000000002"])).toEqual([
      "c-0000000002",
      "b-0000000010",
      "a-0000000011",
    ]);
  });
});
