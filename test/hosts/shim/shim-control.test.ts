import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { ShimControl, ShimControlError, SHIM_LAYOUT } from "../../../hosts/shim/shim-control.ts";
import { compileProbe, Scratch } from "./fixture.ts";

const run = promisify(execFile);

describe("the control file of the fault shim", () => {
  it("has one layout in C and in TypeScript", async () => {
    using scratch = new Scratch();
    const { stdout } = await run(await compileProbe(scratch), ["layout"]);
    expect(JSON.parse(stdout)).toEqual({
      layout_version: SHIM_LAYOUT.version,
      size: SHIM_LAYOUT.size,
      magic: SHIM_LAYOUT.magic.offset,
      version: SHIM_LAYOUT.versionOffset,
      attached: SHIM_LAYOUT.attachedOffset,
      redirected: SHIM_LAYOUT.redirectedOffset,
      unrecorded: SHIM_LAYOUT.unrecordedOffset,
      clock_sequence: SHIM_LAYOUT.clockSequenceOffset,
      connection_sequence: SHIM_LAYOUT.connectionSequenceOffset,
      disk_error: SHIM_LAYOUT.diskErrorOffset,
      refused: SHIM_LAYOUT.refusedOffset,
      last_sync_ns: SHIM_LAYOUT.lastSyncOffset,
      clocks: SHIM_LAYOUT.clocks.offset,
      clock_size: SHIM_LAYOUT.clocks.size,
      connections: SHIM_LAYOUT.connections.offset,
      table_size: SHIM_LAYOUT.connections.size,
      header: SHIM_LAYOUT.connections.header,
      entry_size: SHIM_LAYOUT.connections.entrySize,
      max_connections: SHIM_LAYOUT.connections.maximum,
      synced: SHIM_LAYOUT.synced.offset,
      synced_size: SHIM_LAYOUT.synced.entrySize,
      max_synced: SHIM_LAYOUT.synced.maximum,
      valid: SHIM_LAYOUT.synced.valid,
    });
  });

  it("never shows half of a new clock setting to eight reading threads", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    const probe = spawn(await compileProbe(scratch), ["clock"], {
      env: { REDQUAKE_SHIM: control.path },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const exited = once(probe, "exit");
    const lines = createInterface({ input: probe.stdout })[Symbol.asyncIterator]();
    expect((await lines.next()).value).toBe("ready");
    for (let k = 1; k <= 50_000; k += 1) control.setClock({ offsetMs: k, ratePpm: k });
    probe.stdin.end();
    const seen: (readonly (number | undefined)[])[] = [];
    for (let line = await lines.next(); line.done !== true; line = await lines.next())
      seen.push(line.value.split(" ").map(Number));
    await exited;
    expect(seen.map(([mixed]) => mixed)).toEqual(Array.from({ length: 8 }, () => 0));
    expect(Math.max(...seen.map(([, changes]) => changes ?? 0))).toBeGreaterThan(100);
  });

  it("keeps the longest length when eight threads sync the same files", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await run(await compileProbe(scratch), ["synced"], { env: { REDQUAKE_SHIM: control.path } });
    const files = control.syncedLengths();
    expect(new Set(files.map((file) => file.ino)).size).toBe(500);
    expect(files.filter((file) => file.length !== 500_007n)).toEqual([]);
  });

  it("takes a reused inode for a new file", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await run(await compileProbe(scratch), ["reuse"], { env: { REDQUAKE_SHIM: control.path } });
    expect(control.syncedLengths()).toEqual([{ dev: 42n, ino: 1n, length: 5n, birthtimeNs: 8n }]);
  });

  it("refuses to speak of synced lengths when some were not recorded", async () => {
    using scratch = new Scratch();
    const probe = await compileProbe(scratch);
    const full = ShimControl.create(scratch.file("full"));
    await run(probe, ["fill", "8192"], { env: { REDQUAKE_SHIM: full.path } });
    expect(full.syncedLengths()).toHaveLength(8192);
    await run(probe, ["fill", "8193"], { env: { REDQUAKE_SHIM: full.path } });
    expect(() => full.syncedLengths()).toThrow(/1 syncs were not recorded/);
  });

  it("is never made over an existing file, and never opened when it is something else", () => {
    using scratch = new Scratch();
    ShimControl.create(scratch.file("control")).close();
    expect(() => ShimControl.create(scratch.file("control"))).toThrow(/exists already/);
    ShimControl.open(scratch.file("control")).close();
    writeFileSync(scratch.file("other"), "redquake, but not a control file");
    expect(() => ShimControl.open(scratch.file("other"))).toThrow(/not a control file/);
  });

  it("is for nobody but its owner", () => {
    using scratch = new Scratch();
    ShimControl.create(scratch.file("control")).close();
    expect(statSync(scratch.file("control")).mode & 0o777).toBe(0o600);
  });

  it("names the value that it cannot take", () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    const to = { host: "127.0.0.1", port: 7000 };
    const redirect = (host: string, port: number) => () => control.setConnections([{ from: { host, port }, to }]);
    expect(redirect("localhost", 6379)).toThrow(/"localhost"/);
    expect(redirect("::1", 6379)).toThrow(/"::1"/);
    expect(redirect("10.0.0.1", 0)).toThrow(/not 0$/);
    expect(redirect("10.0.0.1", 65_536)).toThrow(/not 65536$/);
    const many = Array.from({ length: 513 }, (_, i) => ({ from: { host: "10.0.0.1", port: i + 1 }, to }));
    expect(() => control.setConnections(many)).toThrow(/at most 512 destinations, not 513/);
    expect(() => control.setConnections([...many.slice(0, 1), ...many.slice(0, 1)])).toThrow(
      /two entries redirect 10.0.0.1:1/,
    );
    expect(() => control.setClock({ offsetMs: Number.NaN, ratePpm: 0 })).toThrow(/NaN/);
    expect(() => control.setClock({ offsetMs: 4e12, ratePpm: 0 })).toThrow(/4000000000000/);
    expect(() => control.setClock({ offsetMs: 0, ratePpm: -1_000_001 })).toThrow(/-1000001/);
    expect(() => control.environment("/a folder/shim.so")).toThrow(ShimControlError);
    control.close();
    expect(() => control.setClock({ offsetMs: 0, ratePpm: 0 })).toThrow(/closed already/);
  });
});
