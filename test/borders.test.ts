/** The borders between the folders: who may import whom. */
import { readFileSync, readdirSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../machine/package-root.ts";

/** For each folder, the folders that its files may import besides their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  history: [],
  checkers: ["history"],
  report: ["checkers", "history"],
  network: ["hosts", "history"],
  hosts: ["network", "history"],
  systems: ["hosts", "network", "history"],
  workloads: ["hosts", "network", "history", "checkers"],
  nemesis: ["hosts", "network", "history"],
  runner: ["systems", "workloads", "nemesis", "hosts", "network", "history"],
  campaigns: ["runner", "systems", "workloads", "nemesis", "hosts", "network", "history", "checkers"],
  cli: ["campaigns", "runner", "systems", "workloads", "nemesis", "hosts", "network", "report", "checkers", "history"],
};

/** What the pure folders may use of Node.js and of packages: they must work where there is no Redis and no process to start. */
const PURE: Readonly<Record<string, readonly string[]>> = {
  history: [
    "node:fs",
    "node:fs/promises",
    "node:path",
    "node:stream",
    "node:stream/promises",
    "node:zlib",
    "pure-rand/distribution/uniformInt",
    "pure-rand/generator/xoroshiro128plus",
    "zod",
  ],
  checkers: ["zod"],
};

interface Import {
  readonly file: string;
  /** As it is written. */
  readonly specifier: string;
}

const STATEMENT = /^(?:import|export)\b[^"';]*?\bfrom\s*"([^"]+)"|^import\s*"([^"]+)"|\bimport\(\s*"([^"]+)"\s*\)/gm;

function sources(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".d.ts"))
    .map((file) => posix.join(folder, file));
}

function importsOf(file: string): Import[] {
  const matches = readFileSync(join(packageRoot, file), "utf8").matchAll(STATEMENT);
  return [...matches].map((match) => ({ file, specifier: match[1] ?? match[2] ?? match[3] ?? "" }));
}

/** The imported file below the package's root, or undefined when it is a package or a part of Node.js. */
function target({ file, specifier }: Import): string | undefined {
  return specifier.startsWith(".") ? posix.normalize(posix.join(dirname(file), specifier)) : undefined;
}

const files = Object.keys(MAY_IMPORT).flatMap(sources);
const imports = files.flatMap(importsOf);

describe("imports", () => {
  it("are found", () => {
    expect(imports).toContainEqual({ file: "history/history.ts", specifier: "./operation.ts" });
    expect(imports).toContainEqual({ file: "cli/program.ts", specifier: "./campaigns-command.ts" });
  });

  it.each(Object.entries(MAY_IMPORT))("of %s stay within its borders", (folder, allowed) => {
    const own = imports.filter(({ file }) => file.startsWith(`${folder}/`));
    const trespasses = own.filter((each) => {
      const path = target(each);
      if (path === undefined || path === "machine/package-root.ts") return false;
      return ![folder, ...allowed].includes(path.split("/")[0] ?? "");
    });
    expect(trespasses).toEqual([]);
  });

  it.each(Object.entries(PURE))("of %s need no Redis, no sockets and no processes", (folder, allowed) => {
    const own = imports.filter(({ file }) => file.startsWith(`${folder}/`));
    const external = own.filter((each) => target(each) === undefined);
    expect(external.filter(({ specifier }) => !allowed.includes(specifier))).toEqual([]);
  });

  it("name built-in modules with node: before them", () => {
    expect(imports.filter(({ specifier }) => builtinModules.includes(specifier))).toEqual([]);
  });

  it("go in no circle", () => {
    const edges = new Map(files.map((file) => [file, importsOf(file).flatMap((each) => target(each) ?? [])]));
    const state = new Map<string, "open" | "done">();
    const circles: string[][] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === "done") return;
      if (state.get(file) === "open") {
        circles.push([...path.slice(path.indexOf(file)), file]);
        return;
      }
      state.set(file, "open");
      for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
      state.set(file, "done");
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});
