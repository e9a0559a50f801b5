/** Each row of the table of outcomes, provoked on a real server with the pinned client. */
import { Redis } from "ioredis";
import type { RedisOptions } from "ioredis";
import { describe, expect, it } from "vitest";
import type { Node } from "../../hosts/host.ts";
import { connection, usable } from "../../workloads/clients/connection.ts";
import { connectionOptions } from "../../workloads/clients/profiles.ts";
import { outcomeOf } from "../../workloads/outcomes.ts";
import { openFaultContext } from "../support/fault-context.ts";
import { openProcessHost, PLAIN_NODE, startNodes } from "../support/process-nodes.ts";

const WRITES = { reads: false };
const READS = { reads: true };

async function failure(command: Promise<unknown>): Promise<unknown> {
  try {
    return expect.unreachable(`succeeded with ${JSON.stringify(await command)}`);
  } catch (error) {
    return error;
  }
}

async function withServer(
  config: readonly string[],
  body: (client: Redis, node: Node) => Promise<void>,
): Promise<void> {
  await using test = await openProcessHost();
  const [node] = await test.host.allocate([
    {
      ...PLAIN_NODE,
      name: "n1",
      config: [...PLAIN_NODE.config, ...config],
      bus: config.some((line) => line.startsWith("cluster-port")),
    },
  ]);
  if (node === undefined) throw new Error("no node");
  await node.start({ keepData: false });
  const client = await raw(node.address);
  await body(client, node);
  client.disconnect();
}

async function raw(options: RedisOptions, timeoutMs = 500): Promise<Redis> {
  const client = connection({ ...connectionOptions("raw", timeoutMs), ...options });
  await usable(client, 2_000);
  return client;
}

describe("error replies", () => {
  it("of refusals are failures: WRONGTYPE, NOSCRIPT, EXECABORT, OOM", () =>
    withServer([], async (client) => {
      await client.set("text", "1");
      expect(outcomeOf(await failure(client.lpush("text", "1")), WRITES)).toMatchObject({
        type: "fail",
        error: /^WRONGTYPE/,
      });
      expect(outcomeOf(await failure(client.evalsha("0".repeat(40), 0)), WRITES)).toMatchObject({
        type: "fail",
        error: /^NOSCRIPT/,
      });
      await client.call("MULTI");
      await failure(client.call("NO-SUCH-COMMAND"));
      expect(outcomeOf(await failure(client.call("EXEC")), WRITES)).toMatchObject({
        type: "fail",
        error: /^EXECABORT/,
      });
      await client.config("SET", "maxmemory", "1");
      expect(outcomeOf(await failure(client.set("k", "v")), WRITES)).toMatchObject({ type: "fail", error: /^OOM/ });
    }));

  it("READONLY of a replica and MASTERDOWN are failures", async () => {
    await using test = await openProcessHost();
    const [primary, replica] = await startNodes(test.host, "n1", "n2");
    if (primary === undefined || replica === undefined) throw new Error("no nodes");
    await replica.command("REPLICAOF", primary.address.host, primary.address.port);
    const client = await raw(replica.address);
    expect(outcomeOf(await failure(client.set("k", "v")), WRITES)).toMatchObject({ type: "fail", error: /^READONLY/ });
    await primary.kill();
    await replica.command("CONFIG", "SET", "replica-serve-stale-data", "no");
    await expect.poll(async () => outcomeOf(await failure(client.get("k")), READS).error).toMatch(/^MASTERDOWN/);
    client.disconnect();
  });

  it("NOREPLICAS is a failure", () =>
    withServer([], async (client) => {
      await client.config("SET", "min-replicas-to-write", "1");
      expect(outcomeOf(await failure(client.set("k", "v")), WRITES)).toMatchObject({
        type: "fail",
        error: /^NOREPLICAS/,
      });
    }));

  it("MOVED, CROSSSLOT and CLUSTERDOWN are failures", () =>
    withServer(["cluster-enabled yes", "cluster-port {bus-port}"], async (client) => {
      expect(outcomeOf(await failure(client.set("k", "v")), WRITES)).toMatchObject({
        type: "fail",
        error: /^CLUSTERDOWN/,
      });
      await client.call("CLUSTER", "ADDSLOTSRANGE", 0, 16_383);
      await expect.poll(async () => String(await client.call("CLUSTER", "INFO"))).toContain("cluster_state:ok");
      expect(outcomeOf(await failure(client.mset("a", "1", "b", "2")), WRITES)).toMatchObject({
        type: "fail",
        error: /^CROSSSLOT/,
      });
    }));

  it("an error that a script raises after a write is not known", () =>
    withServer([], async (client) => {
      const script = 'redis.call("SET", KEYS[1], "v"); return redis.call("LPUSH", KEYS[1], "x")';
      expect(outcomeOf(await failure(client.eval(script, 1, "k")), WRITES)).toMatchObject({ type: "info" });
      expect(await client.get("k")).toBe("v");
    }));
});

describe("connections", () => {
  it("refused: nothing was sent, so it failed", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const address = test.context.links.endpoint("w1", "n1");
    const down = await test.context.links.impair([{ from: "w1", to: "n1" }], { kind: "down" });
    const client = connection({ ...connectionOptions("raw", 300), ...address });
    expect(outcomeOf(await failure(client.set("k", "v")), WRITES)).toMatchObject({ type: "fail" });
    client.disconnect();
    await down.heal();
  });

  it("a lost reply leaves a write unknown although it was applied once, and makes a read a failure", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const client = await raw(test.context.links.endpoint("w1", "n1"));
    const lost = await test.context.links.impair([{ from: "n1", to: "w1" }], { kind: "drop" });
    const write = failure(client.incr("counter"));
    await expect.poll(() => test.node("n1").command("GET", "counter")).toBe("1");
    // Removing the drop closes the connection: the reply will never come.
    await lost.heal();
    const error = await write;
    expect(outcomeOf(error, WRITES)).toMatchObject({ type: "info" });
    expect(outcomeOf(error, READS)).toMatchObject({ type: "fail" });
    await usable(client, 2_000);
    expect(await client.get("counter")).toBe("1");
    client.disconnect();
  });

  it("a time-out leaves a write unknown: it is applied later", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const client = await raw(test.context.links.endpoint("w1", "n1"), 200);
    const held = await test.context.links.impair([{ from: "w1", to: "n1" }], { kind: "hold" });
    expect(outcomeOf(await failure(client.set("k", "ghost")), WRITES)).toMatchObject({
      type: "info",
      error: /timed out/,
    });
    expect(await test.node("n1").command("GET", "k")).toBeNull();
    await held.heal();
    await expect.poll(() => test.node("n1").command("GET", "k")).toBe("ghost");
    client.disconnect();
  });

  it("the defaults of the library execute a command twice when its reply is lost; the raw profile never does", async () => {
    await using test = await openFaultContext({ nodes: ["n1"], clients: ["w1"] });
    const client = new Redis({
      ...connectionOptions("app", 500),
      ...test.context.links.endpoint("w1", "n1"),
      replyMapping: "legacy",
    });
    await usable(client, 2_000);
    const lost = await test.context.links.impair([{ from: "n1", to: "w1" }], { kind: "drop" });
    const answer = client.incr("counter");
    await expect.poll(() => test.node("n1").command("GET", "counter")).toBe("1");
    await lost.heal();
    expect(await answer).toBe(2);
    client.disconnect();
  });
});
