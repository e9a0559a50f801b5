/** The borders between the folders: who may import whom. The linter has the rules, so that editors show a trespass. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { packageRoot } from "../machine/package-root.ts";

/** For each folder, the folders that its files may import besides their own. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  machine: [],
  history: ["machine"],
  checkers: ["history", "machine"],
  store: ["checkers", "history", "machine"],
  report: ["store", "checkers", "history", "machine"],
  network: ["history", "machine"],
  hosts: ["network", "history", "machine"],
  systems: ["hosts", "network", "history", "machine"],
  workloads: ["hosts", "network", "history", "machine"],
  nemesis: ["hosts", "network", "history", "machine"],
  runner: ["systems", "workloads", "nemesis", "hosts", "network", "store", "history", "machine"],
  campaigns: ["runner", "systems", "workloads", "nemesis", "checkers", "history"],
  session: "campaigns runner report systems workloads nemesis hosts store checkers history machine".split(" "),
  matchers: ["session", "report", "checkers", "history"],
  cli: "session campaigns runner report systems workloads nemesis hosts network store checkers history machine".split(
    " ",
  ),
  bench: "campaigns runner report systems workloads nemesis hosts network store checkers history machine session".split(
    " ",
  ),
  setup: [
    "cli",
    "session",
    "campaigns",
    "workloads",
    "systems",
    "nemesis",
    "report",
    "store",
    "checkers",
    "hosts",
    "machine",
    "history",
  ],
};

const ROOMS = [...Object.keys(MAY_IMPORT), "test"];

/** The pure folders must work where there is no Redis and no process to start: they use nothing else in `machine/`. */
const PURE_FILES = ["machine/redquake-error.ts", "machine/own-kind.ts"];

/** What the pure folders may use of Node.js and of packages. */
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

/** Two folders side by side in one folder, where the first imports the second. */
function siblings(from: string, to: string): readonly [string, string] | undefined {
  const [own, other] = [dirname(from).split("/"), dirname(to).split("/")];
  const level = own.findIndex((name, i) => name !== other[i]);
  if (level === -1 || other[level] === undefined) return undefined;
  return [own.slice(0, level + 1).join("/"), other.slice(0, level + 1).join("/")];
}

describe("imports", () => {
  it("are found", () => {
    expect(imports).toContainEqual({ file: "history/history.ts", specifier: "./operation.ts" });
    expect(imports).toContainEqual({ file: "cli/commands/runs/campaigns.ts", specifier: "./campaigns-action.ts" });
  });

  it.each(Object.entries(MAY_IMPORT))("of %s stay within its borders", (folder, allowed) => {
    const own = imports.filter(({ file }) => file.startsWith(`${folder}/`));
    const trespasses = own.filter((each) => {
      const path = target(each);
      return path !== undefined && ![folder, ...allowed].includes(path.split("/")[0] ?? "");
    });
    expect(trespasses).toEqual([]);
  });

  it("go one way only between any two folders that lie side by side", () => {
    const pairs = new Set(
      imports.flatMap((each) => {
        const path = target(each);
        const pair = path === undefined ? undefined : siblings(each.file, path);
        return pair === undefined ? [] : pair.join(" → ");
      }),
    );
    const back = [...pairs].filter((pair) => pairs.has(pair.split(" → ").toReversed().join(" → ")));
    expect(pairs.size).toBeGreaterThan(50);
    expect(back).toEqual([]);
  });

  it.each(Object.entries(PURE))("of %s need no Redis, no sockets and no processes", (folder, allowed) => {
    const own = imports.filter(({ file }) => file.startsWith(`${folder}/`));
    const external = own.filter((each) => target(each) === undefined);
    expect(external.filter(({ specifier }) => !allowed.includes(specifier))).toEqual([]);
    const machine = own.map(target).filter((path) => path?.startsWith("machine/") === true);
    expect(machine.filter((path) => !PURE_FILES.includes(String(path)))).toEqual([]);
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

describe("the linter", () => {
  const strangersOf = (room: string): string[] =>
    ROOMS.filter((other) => other !== room && !(MAY_IMPORT[room] ?? []).includes(other));
  let folder: string;
  let found: ReadonlyMap<string, number>;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "borders-test-"));
    writeFileSync(join(folder, ".oxlintrc.json"), readFileSync(join(packageRoot, ".oxlintrc.json")));
    for (const room of Object.keys(MAY_IMPORT)) {
      mkdirSync(join(folder, room, "inner"), { recursive: true });
      for (const [file, up] of [
        ["outer.ts", "../"],
        ["inner/inner.ts", "../../"],
      ] as const) {
        const lines = strangersOf(room).map((other, i) => `export { a as a${i} } from "${up}${other}/x.ts";`);
        writeFileSync(join(folder, room, file), `${lines.join("\n")}\n`);
      }
      const allowed = (MAY_IMPORT[room] ?? []).map((other, i) => `export { a as a${i} } from "../${other}/x.ts";`);
      writeFileSync(join(folder, room, "allowed.ts"), `${allowed.join("\n")}\nexport const own = 1;\n`);
    }
    mkdirSync(join(folder, "report/page/part"), { recursive: true });
    writeFileSync(join(folder, "report/page/page.js"), `import "../lanes.ts";\nimport "zod";\nimport "./own.js";\n`);
    writeFileSync(
      join(folder, "report/page/part/part.js"),
      `import "../../lanes.ts";\nimport "zod";\nimport "../page.js";\nimport "./own.js";\n`,
    );
    found = refusals(folder);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(Object.keys(MAY_IMPORT))("refuses every trespass of %s, at any depth, and nothing else", (room) => {
    const trespasses = strangersOf(room).length;
    expect(found.get(`${room}/outer.ts`) ?? 0).toBe(trespasses);
    expect(found.get(`${room}/inner/inner.ts`) ?? 0).toBe(trespasses);
    expect(found.get(`${room}/allowed.ts`) ?? 0).toBe(0);
  });

  it("keeps the scripts of the page among themselves", () => {
    expect(found.get("report/page/page.js")).toBe(2);
    expect(found.get("report/page/part/part.js")).toBe(2);
  });
});

/** How many imports the linter refuses in each file. */
function refusals(folder: string): ReadonlyMap<string, number> {
  const linter = join(packageRoot, "node_modules/oxlint/bin/oxlint");
  const flags = ["--format", "json", "--config", join(folder, ".oxlintrc.json")];
  let output: string;
  try {
    output = execFileSync(process.execPath, [linter, ...flags, "."], { cwd: folder, encoding: "utf8" });
  } catch (error) {
    // It ends with 1 when it has found something.
    output = (error as { stdout: string }).stdout;
  }
  const { diagnostics } = JSON.parse(output) as { diagnostics: { code: string; filename: string }[] };
  const counts = new Map<string, number>();
  for (const { code, filename } of diagnostics.filter((each) => each.code.includes("no-restricted-imports"))) {
    if (code === "") continue;
    const file = posix.normalize(filename);
    counts.set(file, (counts.get(file) ?? 0) + 1);
  }
  return counts;
}
