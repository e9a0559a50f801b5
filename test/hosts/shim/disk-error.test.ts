import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ShimControl } from "../../../hosts/shim/shim-control.ts";
import { NodeChild, Scratch, shimLibrary } from "./fixture.ts";

describe("disk errors under the fault shim", () => {
  it("fails writes and syncs of files with ENOSPC, and leaves what is there", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    const path = scratch.file("data");
    await using child = new NodeChild(control.environment(await shimLibrary()));
    await child.evaluate(
      `globalThis.fs = require("fs"), globalThis.fd = fs.openSync(${JSON.stringify(path)}, "w+"), fs.writeSync(fd, "12345")`,
    );
    control.setDiskError("ENOSPC");
    const attempts = [
      `fs.writeSync(fd, "6")`,
      `fs.writeSync(fd, "6", 0)`,
      `fs.writevSync(fd, [Buffer.from("6")])`,
      `fs.fsyncSync(fd)`,
      `fs.fdatasyncSync(fd)`,
    ];
    for (const attempt of attempts) await expect(child.evaluate(attempt), attempt).rejects.toThrow(/ENOSPC/);
    expect(control.refusedByDisk()).toBe(attempts.length);
    expect(control.syncedLengths()).toEqual([]);
    expect(readFileSync(path, "utf8")).toBe("12345");
    // Reading goes on, and so do pipes: the answers came through one.
    expect(await child.evaluate(`fs.readFileSync(${JSON.stringify(path)}, "utf8")`)).toBe("12345");

    control.setDiskError("none");
    await child.evaluate(`fs.writeSync(fd, "6"), fs.fsyncSync(fd), 0`);
    expect(readFileSync(path, "utf8")).toBe("123456");
    expect(control.syncedLengths()).toMatchObject([{ length: 6n }]);
    expect(control.refusedByDisk()).toBe(attempts.length);
    control.close();
  });

  it("with EROFS lets nothing be opened for writing, made, renamed or removed, and everything be read", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    const path = scratch.file("data");
    const quoted = JSON.stringify(path);
    const other = JSON.stringify(scratch.file("other"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    await child.evaluate(
      `globalThis.fs = require("fs"), fs.writeFileSync(${quoted}, "12345"), globalThis.fd = fs.openSync(${quoted}, "r+"), 0`,
    );
    control.setDiskError("EROFS");
    const attempts = [
      `fs.writeSync(fd, "6")`,
      `fs.fsyncSync(fd)`,
      `fs.openSync(${quoted}, "w")`,
      `fs.openSync(${quoted}, "a")`,
      `fs.openSync(${other}, "w")`,
      `fs.renameSync(${quoted}, ${other})`,
      `fs.unlinkSync(${quoted})`,
      `fs.mkdirSync(${other})`,
    ];
    for (const attempt of attempts) await expect(child.evaluate(attempt), attempt).rejects.toThrow(/EROFS/);
    expect(control.refusedByDisk()).toBe(attempts.length);
    await expect(child.evaluate(`fs.openSync(${other}, "r")`)).rejects.toThrow(/ENOENT/);
    expect(await child.evaluate(`fs.readFileSync(${quoted}, "utf8")`)).toBe("12345");
    expect(await child.evaluate(`fs.writeSync(fs.openSync("/dev/null", "w"), "x")`)).toBe(1);

    control.setDiskError("none");
    await child.evaluate(`fs.renameSync(${quoted}, ${other}), fs.mkdirSync(${quoted}), fs.unlinkSync(${other}), 0`);
    control.close();
  });

  it("passes everything through where the control file says nothing", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    const path = JSON.stringify(scratch.file("data"));
    await child.evaluate(`globalThis.fs = require("fs"), globalThis.fd = fs.openSync(${path}, "w+"), 0`);
    expect(
      await child.evaluate(
        `[fs.writeSync(fd, "abc"), fs.writeSync(fd, "X", 1), fs.writevSync(fd, [Buffer.from("d"), Buffer.from("ef")]), fs.readFileSync(${path}, "utf8")]`,
      ),
    ).toEqual([3, 1, 3, "aXcdef"]);
    await expect(child.evaluate(`fs.writeSync(99, "a")`)).rejects.toThrow(/EBADF/);
    control.close();
  });
});
