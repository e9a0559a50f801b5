/** Completion in a shell: the script, and what the shell is told at each press of the Tab key. */
import { describe, expect, it } from "vitest";
import { redquake } from "../../redquake.ts";

async function offered(...words: readonly string[]): Promise<string[]> {
  const { code, stdout } = await redquake(["complete", "--", ...words]);
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split("\n")
    .slice(0, -1)
    .map((line) => line.split("\t")[0] ?? "");
}

describe("completion in a shell", () => {
  it.each(["bash", "zsh", "fish", "powershell"])("has a script for %s that asks redquake", async (shell) => {
    const { code, stdout } = await redquake(["complete", shell]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/redquake complete (?:--|'--')/);
  });

  it("names the shells that there are where another one is asked for", async () => {
    const { code, stderr } = await redquake(["complete", "tcsh"]);
    expect(code).toBe(254);
    expect(stderr).toContain("zsh, bash, fish, powershell");
  });

  it.each<[string, readonly string[], readonly string[]]>([
    ["commands", ["ca"], ["campaigns", "canary"]],
    ["campaigns", ["campaigns", "lock-simple-"], ["lock-simple-crashed-holder", "lock-simple-paused-holder"]],
    ["campaigns of locks", ["bisect", "redlock", "pubsub"], []],
    ["locks", ["campaigns", "--adapter", "fenced"], ["fenced", "fenced-acknowledged"]],
    ["models", ["check", "--model", "mut"], ["mutex"]],
    ["kinds of faults", ["campaigns", "--faults", "at 1s: kil"], ["at 1s: kill"]],
    ["options of a fault", ["campaigns", "--faults", "at 1s: kill n1 keep"], ["at 1s: kill n1 keepData="]],
  ])("offers %s", async (_, words, wanted) => {
    expect(await offered(...words)).toEqual(wanted);
  });
});
