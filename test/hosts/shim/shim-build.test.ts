import { chmodSync, existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildShim } from "../../../hosts/shim/shim-build.ts";
import { Scratch } from "./fixture.ts";

describe("buildShim", () => {
  it("compiles once, and finds the library again", async () => {
    using scratch = new Scratch();
    const cache = scratch.file("cache");
    const first = await buildShim(cache);
    expect(first).toEqual({ library: expect.stringMatching(/\/redquake-shim-[0-9a-f]{16}\.so$/) as string });
    const { ino } = statSync("library" in first ? first.library : "");
    expect(await buildShim(cache)).toEqual(first);
    expect(statSync("library" in first ? first.library : "").ino).toBe(ino);
  });

  it("may be called several times at once", async () => {
    using scratch = new Scratch();
    const cache = scratch.file("cache");
    const [first, ...others] = await Promise.all([1, 2, 3].map(() => buildShim(cache)));
    for (const other of others) expect(other).toEqual(first);
    expect(readdirSync(cache)).toHaveLength(1);
  });

  it("names the missing compiler and how to get one", async () => {
    using scratch = new Scratch();
    const cache = scratch.file("cache");
    expect(await buildShim(cache, { PATH: scratch.path })).toEqual({
      missing: expect.stringMatching(
        /needs the C compiler cc, which does not run .*apt-get install gcc libc6-dev/,
      ) as string,
    });
    expect(await buildShim(cache, { ...process.env, CC: "no-such-cc -m64" })).toEqual({
      missing: expect.stringContaining("needs the C compiler no-such-cc,") as string,
    });
    expect(existsSync(cache)).toBe(false);
  });

  it("says why the compiler failed", async () => {
    using scratch = new Scratch();
    const cache = scratch.file("cache");
    // As where the compiler is installed and the headers of the C library are not.
    const built = await buildShim(cache, { ...process.env, CC: "cc -nostdinc" });
    expect(built).toEqual({
      missing: expect.stringMatching(/cannot be compiled with cc \(.*error: /) as string,
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it("does not hand out a library that the dynamic loader refuses", async () => {
    using scratch = new Scratch();
    const cache = scratch.file("cache");
    mkdirSync(cache);
    const compiler = scratch.file("cc");
    // Writes something that is no library, and reports success.
    writeFileSync(compiler, '#!/bin/sh\nwhile [ $# -gt 0 ]; do [ "$1" = -o ] && echo broken > "$2"; shift; done\n');
    chmodSync(compiler, 0o755);
    const built = await buildShim(cache, { ...process.env, CC: compiler });
    expect(built).toEqual({
      missing: expect.stringMatching(/is not loaded by the dynamic loader \(.*redquake-shim-/) as string,
    });
    expect(readdirSync(cache)).toEqual([]);
  });

  it("refuses a folder that the dynamic loader cannot name", async () => {
    using scratch = new Scratch();
    const built = await buildShim(scratch.file("with a space"));
    expect(built).toEqual({ missing: expect.stringMatching(/with a space": set REDQUAKE_CACHE/) as string });
  });
});
