import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { packageRoot } from "../../machine/package-root.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "bin-test-"));
  writeFileSync(
    join(folder, "pretend.cjs"),
    `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.19.0" } });`,
  );
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Runs the command on a Node.js that says that it is version 20. */
function runOnOldNode(
  bin: string,
  ...args: readonly string[]
): { code: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--require", join(folder, "pretend.cjs"), bin, ...args],
    { encoding: "utf8" },
  );
  return { code: status, stdout, stderr };
}

it("goes on under the pinned Node.js when it is started by an old one", () => {
  const bin = join(packageRoot, "bin/redquake.js");
  expect(runOnOldNode(bin, "--version")).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) as string,
  });
  expect(runOnOldNode(bin, "campaigns", "--seed", "x").code).toBe(254);
});

it.each([
  ["checkout", /Node.js 24 or newer is needed, and this is 20.19.0: use `npm run redquake -- …`/],
  ["node_modules/redquake", /Node.js 24 or newer is needed, and this is 20.19.0: install a newer one/],
])("says what to do where there is no other one, in %s", (place, sentence) => {
  mkdirSync(join(folder, place), { recursive: true });
  writeFileSync(join(folder, place, "package.json"), `{"type":"module"}`);
  cpSync(join(packageRoot, "bin"), join(folder, place, "bin"), { recursive: true });
  const { code, stdout, stderr } = runOnOldNode(join(folder, place, "bin/redquake.js"), "--version");
  expect({ code, stdout }).toEqual({ code: 255, stdout: "" });
  expect(stderr).toMatch(sentence);
});
