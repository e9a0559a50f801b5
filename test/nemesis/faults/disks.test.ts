/**
 * Faults of disks, on real servers: what a server was told was safe is there afterwards, and what it was not told may
 * be gone.
 */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import { HostError } from "../../../machine/host-error.ts";
import { ShimControl } from "../../../hosts/shim/shim-control.ts";
import { openFaultContext } from "../../support/fault-context.ts";
import type { TestContext } from "../../support/fault-context.ts";
import { prepare, roundTrip } from "../../support/round-trip.ts";

const openServer = (...config: string[]): Promise<TestContext> =>
  openFaultContext({ nodes: ["n1"], clients: ["w1"], config });

/** Writes elements one after the other; each was acknowledged when this returns. */
async function add(test: TestContext, from: number, to: number): Promise<void> {
  for (let element = from; element <= to; element += 1) await test.node("n1").command("RPUSH", "list", element);
}

async function elements(test: TestContext): Promise<number[]> {
  return ((await test.node("n1").command("LRANGE", "list", 0, -1)) as string[]).map(Number);
}

const upTo = (last: number): number[] => Array.from({ length: last }, (_, i) => i + 1);

/**
 * Awaits that all that was acknowledged is synced, as nothing writes any more; resolves to the length of the
 * append-only file. With `appendfsync everysec` it may not even be written when it is acknowledged: while a sync goes
 * on the server postpones its writes.
 */
async function synced(test: TestContext): Promise<number> {
  const control = ShimControl.open(join(test.test.folder, "n1", "shim"));
  const length = await awaitCondition("a sync of the append-only file", 10_000, async () => {
    const file = (await test.node("n1").disk.files()).find((each) => each.file.endsWith(".incr.aof"));
    const info = String(await test.node("n1").command("INFO", "persistence"));
    const written = info.includes("aof_buffer_length:0");
    const lengths = control.syncedLengths().map((each) => Number(each.length));
    return written && file !== undefined && lengths.includes(file.length) ? file.length : undefined;
  });
  control.close();
  return length;
}

describe("power-loss", () => {
  it("loses nothing that was acknowledged with `appendfsync always`", async () => {
    await using test = await openServer("appendonly yes", "appendfsync always");
    await add(test, 1, 50);
    const fault = await prepare(test, "power-loss", { target: "n1" });
    await roundTrip(fault, async () => expect(await test.node("n1").state()).toBe("dead"));
    expect(await elements(test)).toEqual(upTo(50));
  });

  it("loses what was not synced with `appendfsync no`", async () => {
    await using test = await openServer("appendonly yes", "appendfsync no");
    await add(test, 1, 50);
    const fault = await prepare(test, "power-loss", { target: "n1" });
    await roundTrip(fault, () => Promise.resolve());
    expect(fault.detail).toMatchObject({
      cuts: [{ file: expect.stringMatching(/\.aof$/), from: expect.any(Number), to: 0 }],
    });
    expect(await elements(test)).toEqual([]);
  });

  it("with `appendfsync everysec` loses at most what came after the last sync", async () => {
    await using test = await openServer("appendonly yes", "appendfsync everysec");
    await add(test, 1, 50);
    const length = await synced(test);
    await add(test, 51, 200);
    const fault = await prepare(test, "power-loss", { target: "n1" });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: true });
    const left = (await test.node("n1").disk.files()).find(({ file }) => file.endsWith(".incr.aof"))?.length ?? 0;
    expect(left).toBeGreaterThanOrEqual(length);
    await fault.heal();
    const survived = await elements(test);
    // A prefix of what was acknowledged, and at least what was synced before.
    expect(survived).toEqual(upTo(survived.length));
    expect(survived.length).toBeGreaterThanOrEqual(50);
    expect(survived.length).toBeLessThanOrEqual(200);
  });

  it("leaves nothing of a server that never saves", async () => {
    await using test = await openServer();
    await add(test, 1, 5);
    await roundTrip(await prepare(test, "power-loss", { target: "n1" }), () => Promise.resolve());
    expect(await elements(test)).toEqual([]);
  });

  it("keeps a dump that was saved", async () => {
    await using test = await openServer();
    await add(test, 1, 5);
    await test.node("n1").command("SAVE");
    await add(test, 6, 9);
    await roundTrip(await prepare(test, "power-loss", { target: "n1" }), () => Promise.resolve());
    expect(await elements(test)).toEqual(upTo(5));
  });

  it("is not what its probe sees in a node that was killed, or whose files are longer than what was synced", async () => {
    await using test = await openServer("appendonly yes", "appendfsync no");
    await add(test, 1, 5);
    const fault = await prepare(test, "power-loss", { target: "n1" });
    await test.node("n1").kill();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("not touched") });
    await expect(fault.inject()).rejects.toThrow("n1 was down already");
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringContaining("not touched") });
    await test.node("n1").start({ keepData: true });
    await fault.inject();
    expect(await fault.probe()).toMatchObject({ ok: true });
    await fault.heal();
    await add(test, 1, 5);
    await test.node("n1").kill();
    expect(await fault.probe()).toMatchObject({ ok: false, saw: expect.stringMatching(/bytes and not 0/) });
  });

  it("can strike twice", async () => {
    await using test = await openServer("appendonly yes", "appendfsync always");
    for (const round of [1, 2]) {
      await add(test, (round - 1) * 10 + 1, round * 10);
      await roundTrip(await prepare(test, "power-loss", { target: "n1" }), () => Promise.resolve());
      expect(await elements(test)).toEqual(upTo(round * 10));
    }
  });
});

describe("truncate-aof", () => {
  it("cuts the tail off, and the server starts without it", async () => {
    await using test = await openServer("appendonly yes", "appendfsync always");
    await add(test, 1, 50);
    const fault = await prepare(test, "truncate-aof", { target: "n1", bytes: 10 });
    await roundTrip(fault, () => Promise.resolve());
    expect(fault.detail).toMatchObject({ bytes: 10, cuts: [{ file: expect.stringMatching(/\.aof$/) }] });
    // The last command was torn, the others are whole.
    expect(await elements(test)).toEqual(upTo(49));
  });

  it("is refused where there is no append-only file, before anything is killed", async () => {
    await using test = await openServer();
    await expect(prepare(test, "truncate-aof", { target: "n1", bytes: 10 })).rejects.toThrow(/"appendonly yes"/);
    expect(await test.node("n1").command("PING")).toBe("PONG");
  });
});

describe("disk-full", () => {
  it("keeps an append-only file from growing: writes are refused until there is room again", async () => {
    await using test = await openServer("appendonly yes", "appendfsync everysec");
    await add(test, 1, 5);
    await roundTrip(await prepare(test, "disk-full", { target: "n1" }), async () => {
      await expect.poll(() => test.node("n1").command("RPUSH", "other", 1).then(String, String)).toMatch(/MISCONF/);
      expect(await elements(test)).toEqual(upTo(5));
    });
    await add(test, 6, 7);
    expect(await elements(test)).toEqual(upTo(7));
  });

  it("fails a background save, upon which writes are refused until one has succeeded", async () => {
    await using test = await openServer("save 3600 1000000");
    await add(test, 1, 5);
    await roundTrip(await prepare(test, "disk-full", { target: "n1" }), async () => {
      await test.node("n1").command("BGSAVE");
      await expect.poll(() => test.node("n1").command("RPUSH", "other", 1).then(String, String)).toMatch(/MISCONF/);
    });
    await add(test, 6, 7);
  });

  it("ends a server with `appendfsync always`, which starts again with what it had acknowledged", async () => {
    await using test = await openServer("appendonly yes", "appendfsync always");
    await add(test, 1, 5);
    const fault = await prepare(test, "disk-full", { target: "n1" });
    await fault.inject();
    await expect(test.node("n1").command("RPUSH", "list", 6)).rejects.toThrow(/closed|ECONNRESET/i);
    await expect.poll(() => test.node("n1").state()).toBe("dead");
    expect(await fault.probe()).toMatchObject({ ok: true, saw: expect.stringContaining("n1 has ended") });
    await fault.heal();
    expect(await fault.probeHealed()).toMatchObject({ ok: true });
    expect(await elements(test)).toEqual(upTo(5));
  });

  it("leaves the other nodes alone", async () => {
    await using test = await openFaultContext({ nodes: ["n1", "n2"], clients: [], config: [] });
    const fault = await prepare(test, "disk-full", { target: "n1" });
    await fault.inject();
    expect(await test.node("n2").command("SAVE")).toBe("OK");
    await fault.heal();
  });
});

describe("read-only-disk", () => {
  it("fails saves before a file is made; the server goes on, and persists again when it heals", async () => {
    await using test = await openServer("save 3600 1000000");
    await add(test, 1, 5);
    const before = await test.node("n1").disk.files();
    await roundTrip(await prepare(test, "read-only-disk", { target: "n1" }), async () => {
      // What the probe's save left before the fault is still there, and nothing new.
      expect((await test.node("n1").disk.files()).map(({ file }) => file)).toEqual(["dump.rdb"]);
      expect(test.node("n1").logTail(200)).toMatch(/Read-only file system/);
      expect(await elements(test)).toEqual(upTo(5));
    });
    expect(before).toEqual([]);
    await add(test, 6, 7);
  });
});

describe("the disk of a node", () => {
  it("is cut only while the server is down, and only where there is something to cut", async () => {
    await using test = await openServer();
    const { disk } = test.node("n1");
    await test.node("n1").command("SAVE");
    await expect(disk.cut("dump.rdb", 1)).rejects.toThrow(/cannot cut dump.rdb of n1: it is running/);
    await test.node("n1").kill();
    await expect(disk.cut("other.rdb", 1)).rejects.toThrow(/no file "other.rdb" to cut in .*; there are: dump.rdb/);
    await expect(disk.cut("dump.rdb", 1e9)).rejects.toThrow(HostError);
    expect(await disk.cut("dump.rdb", 7)).toMatchObject({ file: "dump.rdb", to: 7 });
    expect(await disk.files()).toEqual([{ file: "dump.rdb", length: 7 }]);
  });
});
