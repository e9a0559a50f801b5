import { readdirSync, statSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../../machine/await-condition.ts";
import { ShimControl } from "../../../hosts/shim/shim-control.ts";
import type { SyncedFile } from "../../../hosts/shim/shim-control.ts";
import { NodeChild, RedisServers, Scratch, shimLibrary } from "./fixture.ts";

function syncedFile(control: ShimControl, path: string): SyncedFile | undefined {
  const { dev, ino } = statSync(path, { bigint: true });
  return control.syncedLengths().find((file) => file.dev === dev && file.ino === ino);
}

function appendOnlyFile(data: string): string {
  const folder = join(data, "appendonlydir");
  const name = readdirSync(folder).find((file) => file.endsWith(".incr.aof"));
  if (name === undefined) throw new Error(`no append-only file in ${folder}`);
  return join(folder, name);
}

describe("what a process under the fault shim has synced", () => {
  it("is recorded for fsync and fdatasync, as the length at that moment", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    const path = scratch.file("data");
    await child.evaluate(
      `globalThis.fs = require("fs"), globalThis.fd = fs.openSync(${JSON.stringify(path)}, "w"), fs.writeSync(fd, "12345")`,
    );
    expect(syncedFile(control, path)).toBeUndefined();
    await child.evaluate("fs.fsyncSync(fd), 0");
    expect(syncedFile(control, path)).toMatchObject({
      length: 5n,
      birthtimeNs: statSync(path, { bigint: true }).birthtimeNs,
    });
    await child.evaluate(`fs.writeSync(fd, "678")`);
    expect(syncedFile(control, path)?.length).toBe(5n);
    await child.evaluate("fs.fdatasyncSync(fd), 0");
    expect(syncedFile(control, path)?.length).toBe(8n);
    expect(control.syncedLengths()).toHaveLength(1);
  });

  it("is not recorded when the sync failed", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    await expect(child.evaluate("require('fs').fsyncSync(99)")).rejects.toThrow(/EBADF/);
    // A socket can be asked to sync, and refuses.
    await expect(child.evaluate("require('fs').fsyncSync(0)")).rejects.toThrow(/EINVAL/);
    expect(control.syncedLengths()).toEqual([]);
  });

  it("is all of the append-only file with `appendfsync always`, and what came before with `no`", async () => {
    await using servers = await RedisServers.start(["appendonly yes", "appendfsync always", 'save ""']);
    const node = servers.node("n1");
    const control = servers.control("n1");
    const file = appendOnlyFile(servers.data("n1"));
    for (let i = 0; i < 20; i += 1) {
      await node.command("SET", `synced:${i}`, "x".repeat(i * 10));
      expect(syncedFile(control, file)?.length).toBe(BigInt(statSync(file).size));
    }

    await node.command("CONFIG", "SET", "appendfsync", "no");
    const before = BigInt(statSync(file).size);
    await node.command("SET", "unsynced", "y");
    expect(BigInt(statSync(file).size)).toBeGreaterThan(before);
    expect(syncedFile(control, file)?.length).toBe(before);

    // A power loss: what was not synced is gone.
    await node.kill();
    truncateSync(file, Number(syncedFile(control, file)?.length));
    await node.start({ keepData: true });
    expect(await node.command("EXISTS", "synced:19")).toBe(1);
    expect(await node.command("EXISTS", "unsynced")).toBe(0);
    control.close();
  });

  it("includes what a forked child of the server wrote", async () => {
    await using servers = await RedisServers.start(['save ""']);
    const node = servers.node("n1");
    const control = servers.control("n1");
    await node.command("SET", "key", "value");
    await node.command("BGSAVE");
    await awaitCondition("the background save to end", 10_000, async () => {
      const info = String(await node.command("INFO", "persistence"));
      return info.includes("rdb_bgsave_in_progress:0") && info.includes("rdb_saves:1") ? true : undefined;
    });
    const file = join(servers.data("n1"), "dump.rdb");
    expect(syncedFile(control, file)?.length).toBe(BigInt(statSync(file).size));
    control.close();
  });
});
