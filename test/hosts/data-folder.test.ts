import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { awaitCondition } from "../../machine/await-condition.ts";
import { DataFolder } from "../../hosts/data-folder.ts";
import { ShimControl } from "../../hosts/shim/shim-control.ts";
import { NodeChild, Scratch, shimLibrary } from "./shim/fixture.ts";

describe("what a loss of power leaves of a data folder", () => {
  it("is each file up to its last sync, and the name of a file when anything was synced after it was made", async () => {
    using scratch = new Scratch();
    const control = ShimControl.create(scratch.file("control"));
    await using child = new NodeChild(control.environment(await shimLibrary()));
    const folder = new DataFolder(scratch.file("data"));
    mkdirSync(join(folder.path, "inner"), { recursive: true });
    const path = (name: string): string => join(folder.path, name);
    const write = (name: string, text: string): Promise<unknown> =>
      child.evaluate(`require("fs").appendFileSync(${JSON.stringify(path(name))}, ${JSON.stringify(text)})`);
    const sync = (name: string): Promise<unknown> =>
      child.evaluate(`require("fs").fsyncSync(require("fs").openSync(${JSON.stringify(path(name))}, "r+"))`);

    await write("early", "never synced itself");
    await write("nodes.conf", "overwritten in place");
    await write("inner/partly", "synced");
    await write("wholly", "all of it");
    expect(control.lastSyncNs()).toBe(0n);
    await sync("inner/partly");
    await sync("wholly");
    await write("inner/partly", " and not");
    // Birth times are those of the kernel's clock ticks, so a file that is made at once could seem older than the sync.
    const late = await awaitCondition("a file that is younger than the last sync", 5_000, () => {
      writeFileSync(path(`late-${performance.now()}`), "x");
      return folder
        .files()
        .map(({ file }) => file)
        .find((file) => statSync(path(file), { bigint: true }).birthtimeNs > control.lastSyncNs());
    });

    const cuts = folder.dropUnsynced(control);
    expect(cuts).toEqual(
      expect.arrayContaining([
        { file: "early", from: 19, to: 0 },
        { file: "inner/partly", from: 14, to: 6 },
        { file: late, from: 1, to: "gone" },
      ]),
    );
    for (const whole of ["wholly", "nodes.conf"]) expect(cuts.map(({ file }) => file)).not.toContain(whole);
    expect(folder.files()).toEqual(
      expect.arrayContaining([
        { file: "early", length: 0 },
        { file: "wholly", length: 9 },
      ]),
    );
    expect(folder.files().map(({ file }) => file)).not.toContain(late);
    expect(readFileSync(path("inner/partly"), "utf8")).toBe("synced");
    control.close();
  });
});
