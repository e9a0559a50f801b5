/** The executable `etcd` (https://etcd.io), as Debian's `etcd-server` has it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { askProgram, executablesOnPath } from "../../machine/executables.ts";
import type { FoundProgram, ProgramRecipe } from "./program-recipe.ts";

export const etcdProgram: ProgramRecipe = {
  async installed(path) {
    const [executable] = executablesOnPath("etcd", path);
    return executable === undefined ? { problem: "it is not on PATH" } : tried(executable);
  },
  async unpacked(folder) {
    const executable = join(folder, "usr", "bin", "etcd");
    return existsSync(executable) ? tried(executable) : { problem: "has no usr/bin/etcd" };
  },
  packages: () => ["etcd-server"],
  remedy: "install etcd 3.4 or newer, so that `etcd` is on PATH",
};

/** The answer begins with `etcd Version: 3.4.23`. */
async function tried(executable: string): Promise<FoundProgram> {
  const answer = await askProgram(executable, ["--version"]);
  const version = /^etcd Version: (\S+)/m.exec(answer.text)?.[1];
  if (version === undefined) return { problem: `does not tell its version: ${answer.problem}` };
  return { command: [executable], version };
}
