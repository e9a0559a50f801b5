/** `test/` mirrors the source: what is tested of a file or a folder lies at its path. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../machine/package-root.ts";

describe("the folder test/", () => {
  it("has each test at the path of the file or the folder that it tests", () => {
    const tests = execFileSync("git", ["ls-files", "--", "test/*.test.ts"], { cwd: packageRoot, encoding: "utf8" });
    const places = new Set(
      tests
        .trim()
        .split("\n")
        .map((file) => relative("test", dirname(file))),
    );
    const isSource = (place: string): boolean =>
      existsSync(join(packageRoot, place)) || existsSync(join(packageRoot, `${place}.ts`));
    expect(places.size).toBeGreaterThan(20);
    expect([...places].filter((place) => !isSource(place))).toEqual([]);
  });
});
