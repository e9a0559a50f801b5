/** What an administrator, and Redis's own hooks for tests, can do to one server. */
import { Redis } from "ioredis";
import { describe, expect, it } from "vitest";
import { AdminConnection } from "../../../hosts/admin-connection.ts";
import { awaitCondition } from "../../../machine/await-condition.ts";
import type { FaultOptions } from "../../../nemesis/fault.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { expectSeen, prepare, roundTrip } from "../../support/round-trip.ts";

const open = (...config: string[]): Promise<TestContext> => openFaultContext({ nodes: ["n1"], clients: [], config });

const said = (answer: Promise<unknown>): Promise<string> => answer.then(String, String);

describe("client-kill", () => {
  it("closes the connections of normal clients, and leaves subscribers and our own alone", async () => {
    await using test = await open();
    const n1 = test.node("n1");
    const own = await n1.command("CLIENT", "ID");
    const client = new AdminConnection(n1.address);
    const subscriber = new Redis({ ...n1.address, lazyConnect: true });
    await subscriber.subscribe("channel");
    const before = await client.command("CLIENT", "ID");
    await roundTrip(await prepare(test, "client-kill", { target: "n1" }), async () => {
      expect(String(await n1.command("CLIENT", "LIST"))).not.toContain(`id=${String(before)} `);
      expect(await n1.command("CLIENT", "ID")).toBe(own);
      expect(String(await n1.command("CLIENT", "LIST", "TYPE", "pubsub"))).toMatch(/^id=/);
    });
    client.close();
    await roundTrip(await prepare(test, "client-kill", { target: "n1", type: "pubsub" }), () => Promise.resolve());
    subscriber.disconnect();
  });

  it("closes the link of a replica, which comes back", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: [] });
    const { host, port } = test.node("n1").address;
    await test.node("n2").command("REPLICAOF", host, port);
    const replication = async (name: string): Promise<string> =>
      String(await test.node(name).command("INFO", "replication"));
    const linked = (): Promise<true> =>
      awaitCondition("n2 to be linked to n1", 15_000, async () =>
        /state=online/.test(await replication("n1")) && /master_link_status:up/.test(await replication("n2"))
          ? true
          : undefined,
      );
    await linked();
    await roundTrip(await prepare(test, "client-kill", { target: "n1", type: "replica" }), () => Promise.resolve());
    await linked();
    await roundTrip(await prepare(test, "client-kill", { target: "n2", type: "master" }), () => Promise.resolve());
    await linked();
  });

  it("has not acted where nobody was connected", async () => {
    await using test = await open();
    const fault = await prepare(test, "client-kill", { target: "n1", type: "pubsub" });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("no client of type pubsub") });
  });
});

describe("client-pause", () => {
  it("of writes lets reads pass, and ends when it is healed", async () => {
    await using test = await open();
    await test.node("n1").command("SET", "k", "v");
    await roundTrip(await prepare(test, "client-pause", { target: "n1", mode: "WRITE", ms: 60_000 }), async () =>
      expect(await test.node("n1").command("GET", "k")).toBe("v"),
    );
    expect(await test.node("n1").command("SET", "k", "w")).toBe("OK");
  });

  it("of everything ends by itself", async () => {
    await using test = await open();
    await roundTrip(await prepare(test, "client-pause", { target: "n1", ms: 3_000 }), () => Promise.resolve());
  });

  it("is not what its probe sees in a server that is stopped, or paused otherwise", async () => {
    await using test = await open();
    const all = await prepare(test, "client-pause", { target: "n1", ms: 1_000 });
    const writes = await prepare(test, "client-pause", { target: "n1", mode: "WRITE", ms: 60_000 });
    await writes.inject();
    expect(await all.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("PING on n1 was answered") });
    await writes.heal();
    const stop = await prepare(test, "pause", { target: "n1" });
    await stop.inject();
    expect(await all.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("as stopped") });
    await stop.heal();
  });
});

describe("script-flush", () => {
  it.each(["SYNC", "ASYNC"])("%s lets the server forget its scripts", async (mode) => {
    await using test = await open();
    const digest = String(await test.node("n1").command("SCRIPT", "LOAD", "return 1"));
    await roundTrip(await prepare(test, "script-flush", { target: "n1", mode }), async () =>
      expect(await said(test.node("n1").command("EVALSHA", digest, 0))).toMatch(/NOSCRIPT/),
    );
  });
});

describe("evict", () => {
  const fill = async (test: TestContext): Promise<void> => {
    for (let i = 0; i < 20; i += 1) await test.node("n1").command("SET", `k${i}`, "x".repeat(50_000));
  };

  it("lets keys be evicted, and restores what was set before", async () => {
    await using test = await open("maxmemory 100mb", "maxmemory-policy volatile-ttl");
    await fill(test);
    await roundTrip(await prepare(test, "evict", { target: "n1" }), async () =>
      expect(Number(await test.node("n1").command("DBSIZE"))).toBeLessThan(20),
    );
    expect(await test.node("n1").command("CONFIG", "GET", "maxmemory", "maxmemory-policy")).toEqual(
      expect.arrayContaining(["maxmemory", "104857600", "maxmemory-policy", "volatile-ttl"]),
    );
  });

  it("with `noeviction` lets writes be refused", async () => {
    await using test = await open();
    await fill(test);
    await roundTrip(
      await prepare(test, "evict", { target: "n1", policy: "noeviction", maxmemory: 500_000 }),
      async () => expect(await said(test.node("n1").command("SET", "k", "v"))).toMatch(/OOM/),
    );
    expect(await test.node("n1").command("SET", "k", "v")).toBe("OK");
    expect(await test.node("n1").command("DBSIZE")).toBe(21);
  });

  it("has not acted where nothing can be evicted", async () => {
    await using test = await open();
    const fault = await prepare(test, "evict", { target: "n1", policy: "volatile-ttl" });
    await test.node("n1").command("SET", "k", "v");
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("evicted 0 keys") });
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
  });
});

describe("debug-sleep", () => {
  it("keeps the server from answering anybody, and ends by itself", async () => {
    await using test = await open();
    await roundTrip(await prepare(test, "debug-sleep", { target: "n1", ms: 2_500 }), () => Promise.resolve());
  });

  it("is believed also where the probe comes when the sleep is over, on the server's own word", async () => {
    await using test = await open();
    const fault = await prepare(test, "debug-sleep", { target: "n1", ms: 500 });
    await fault.inject();
    // It has one thread, so this is answered when it is awake.
    await test.node("n1").command("PING");
    expectSeen(await fault.probe(), true);
    await fault.heal();
    expectSeen(await fault.probeHealed(), true);
  });

  it("has not acted where the server does not allow it", async () => {
    await using test = await open("enable-debug-command no");
    const fault = await prepare(test, "debug-sleep", { target: "n1", ms: 1_000 });
    await fault.inject();
    await fault.heal();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("DEBUG command not allowed") });
    expect(await fault.probeHealed()).toMatchObject({ ok: false });
  });
});

describe("active-expire", () => {
  it("keeps expired keys until somebody asks for them", async () => {
    await using test = await open();
    const n1 = test.node("n1");
    await roundTrip(await prepare(test, "active-expire", { target: "n1" }), async () => {
      await n1.command("SET", "k", "v", "PX", 1);
      expect(await n1.command("DBSIZE")).toBe(1);
      await awaitCondition("k to be over", 5_000, async () =>
        (await n1.command("GET", "k")) === null ? true : undefined,
      );
      expect(await n1.command("DBSIZE")).toBe(0);
    });
    expect(await n1.command("DBSIZE")).toBe(0);
  });
});

describe("command", () => {
  it("is sent, and undone; its reply is in the history", async () => {
    await using test = await open("maxmemory-policy noeviction");
    const policy = async (): Promise<string> =>
      String(await test.node("n1").command("CONFIG", "GET", "maxmemory-policy"));
    const fault = await prepare(test, "command", {
      target: "n1",
      command: ["CONFIG", "SET", "maxmemory-policy", "allkeys-lru"],
      undo: ["CONFIG", "SET", "maxmemory-policy", "noeviction"],
    });
    await roundTrip(fault, async () => expect(await policy()).toContain("allkeys-lru"));
    expect(await policy()).toContain("noeviction");
    const echo = await prepare(test, "command", { target: "n1", command: ["ECHO", "x".repeat(300)] });
    await echo.inject();
    expect((await echo.probe()).saw).toBe(`ECHO ${"x".repeat(300)} on n1 was answered "${"x".repeat(200)}…"`);
  });

  it.each([
    [{ command: ["NONSENSE"] }, /unknown command/],
    [{ command: ["ROLE"], expect: "slave" }, /was answered .*master.*, without "slave"/],
    [{ command: ["SHUTDOWN", "NOSAVE"] }, /no answer/],
  ] as const)("%j has not acted", async (options, saw) => {
    await using test = await open();
    const fault = await prepare(test, "command", { target: "n1", ...options });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringMatching(saw) });
  });
});

describe("options that make no sense", () => {
  it.each([
    ["client-kill", { target: "n1", type: "slow" }, /"type" must be normal, pubsub, replica, master, not "slow"/],
    ["client-pause", { target: "n1", ms: 10 }, /"ms" must be at least 1000, not 10/],
    ["client-pause", { target: "n1", ms: 1_000, mode: "READ" }, /"mode" must be ALL, WRITE, not "READ"/],
    ["script-flush", { target: "n1", mode: "LATER" }, /"mode" must be SYNC, ASYNC/],
    ["evict", { target: "n1", policy: "lru" }, /"policy" must be allkeys-lru, .*, not "lru"/],
    ["evict", { target: "n1", percent: 100 }, /"percent" must be between 0 and 100, not 100/],
    ["evict", { target: "n1", percent: 50, maxmemory: 1 }, /give one of them/],
    ["evict", { target: "n1", maxmemory: 0 }, /"maxmemory" must be a whole number of bytes from 1 on, not 0/],
    ["debug-sleep", { target: "n1", ms: 1 }, /"ms" must be at least 500, not 1/],
    ["cluster-packet-filter", { target: "n1" }, /by nodes of a Cluster only, not by n1/],
    ["sentinel-crash", { among: ["n1"] }, /"among" must name sentinels, and n1 is none/],
    ["command", { target: "n1", command: [] }, /"command" must be a list of names, not \[\]/],
  ])("%s %j is refused", async (kind, options, message) => {
    await using test = await open();
    await expect(prepare(test, kind, options as FaultOptions)).rejects.toThrow(message);
  });
});
