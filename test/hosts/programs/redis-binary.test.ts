import { execFile } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { cacheFolder } from "../../../machine/cache-folder.ts";
import { DebianPackagesError, fetchDebianPackages } from "../../../machine/debian-packages.ts";
import { findRedisServer, RedisMissingError } from "../../../hosts/programs/redis-binary.ts";

const hasApt = existsSync("/usr/bin/apt-get");

/** For what is fetched from the distribution's servers. */
const FETCH_TIMEOUT_MS = 120_000;

class Scratch implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "redquake-test-"));

  /** An executable that answers `--version` with one line; it stands for servers of versions that are not at hand. */
  executable(folder: string, answer: string): string {
    const file = join(this.path, folder, "redis-server");
    mkdirSync(join(this.path, folder), { recursive: true });
    writeFileSync(file, `#!/bin/sh\necho '${answer}'\n`);
    chmodSync(file, 0o755);
    return file;
  }

  /** A folder with the machine's programs but for Redis, which may be installed. */
  programsWithoutRedis(): string {
    const folder = join(this.path, "programs");
    mkdirSync(folder);
    const programs = readdirSync("/usr/bin").filter((name) => !/^(redis|valkey)-/.test(name));
    for (const name of programs) symlinkSync(join("/usr/bin", name), join(folder, name));
    return folder;
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

describe("cacheFolder", () => {
  it("is the folder that was named, else the user's cache", () => {
    expect(cacheFolder({ REDQUAKE_CACHE: "/a/b", XDG_CACHE_HOME: "/c" })).toBe("/a/b");
    expect(cacheFolder({ REDQUAKE_CACHE: "relative" })).toBe(join(process.cwd(), "relative"));
    expect(cacheFolder({ REDQUAKE_CACHE: "", XDG_CACHE_HOME: "/c" })).toBe("/c/redquake");
    expect(cacheFolder({ XDG_CACHE_HOME: "relative" })).toBe(join(homedir(), ".cache/redquake"));
    expect(cacheFolder({})).toBe(join(homedir(), ".cache/redquake"));
  });
});

const findWanted = (scratch: Scratch, wanted: string): Promise<unknown> =>
  findRedisServer({ wanted, cacheFolder: join(scratch.path, "cache"), say: () => undefined });

describe("findRedisServer with a wanted executable", () => {
  it("takes it, and no other", async () => {
    using scratch = new Scratch();
    const wanted = scratch.executable(
      "wanted",
      "Redis server v=7.4.2 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0",
    );
    expect(await findWanted(scratch, wanted)).toEqual({
      server: wanted,
      sentinelArgs: ["--sentinel"],
      version: "7.4.2",
      origin: "--redis",
      libraryPath: undefined,
    });
    const valkey = scratch.executable(
      "valkey",
      "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=0",
    );
    expect(await findWanted(scratch, valkey)).toMatchObject({ version: "8.1.1" });
  });

  it("says what is wrong with it", async () => {
    using scratch = new Scratch();
    const absent = join(scratch.path, "absent");
    await expect(findWanted(scratch, absent)).rejects.toThrow(
      `--redis ${JSON.stringify(absent)}: there is no such file`,
    );
    await expect(findWanted(scratch, scratch.path)).rejects.toThrow(/is not a file/);
    const plain = join(scratch.path, "plain");
    writeFileSync(plain, "", { mode: 0o644 });
    await expect(findWanted(scratch, plain)).rejects.toThrow(/is not executable/);
    await expect(findWanted(scratch, "/bin/true")).rejects.toThrow(/does not answer --version as a Redis server does/);
    const old = scratch.executable("old", "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=0");
    await expect(findWanted(scratch, old)).rejects.toThrow(/it is version 6.0.16, and 7.0 or newer is needed/);
    await expect(findWanted(scratch, old)).rejects.toThrow(RedisMissingError);
  });
});

describe("findRedisServer with nothing wanted", () => {
  it("takes the first recent server on PATH and says which it passed over", async () => {
    using scratch = new Scratch();
    const old = scratch.executable("old", "Redis server v=6.2.7 sha=00000000:0");
    const broken = scratch.executable("broken", "hello");
    const recent = scratch.executable("recent", "Redis server v=8.0.2 sha=00000000:0");
    const said: string[] = [];
    const path = [
      "",
      join(scratch.path, "absent"),
      join(scratch.path, "old"),
      join(scratch.path, "broken"),
      join(scratch.path, "recent"),
    ];
    const found = await findRedisServer({
      path: path.join(":"),
      cacheFolder: join(scratch.path, "cache"),
      say: (line) => said.push(line),
    });
    expect(found).toMatchObject({ server: recent, version: "8.0.2", origin: "PATH" });
    expect(said).toHaveLength(2);
    expect(said[0]).toContain(`${old}: it is version 6.2.7`);
    expect(said[1]).toContain(`${broken}: it does not work`);
    expect(existsSync(join(scratch.path, "cache"))).toBe(false);
  });

  it("ends in one message with the command to run where nothing can be fetched", async () => {
    using scratch = new Scratch();
    scratch.executable("old", "Redis server v=6.2.7 sha=00000000:0");
    const finding = findRedisServer({
      path: join(scratch.path, "old"),
      cacheFolder: join(scratch.path, "cache"),
      say: () => undefined,
    });
    await expect(finding).rejects.toThrow(RedisMissingError);
    const error = await finding.catch((reason: unknown) => reason as Error);
    expect((error as Error).message).toMatch(
      /^there is no redis-server to run: .*--redis PATH \(.*is version 6\.2\.7, and 7\.0 or newer is needed; this machine has no apt-get, .*\)$/,
    );
    expect((error as Error).message).toContain(hasApt ? "run `apt-get install redis-server`" : "install ");
  });

  it.runIf(hasApt)(
    "fetches one that runs, once, without touching the machine's packages",
    async () => {
      using scratch = new Scratch();
      const options = {
        path: scratch.programsWithoutRedis(),
        cacheFolder: join(scratch.path, "cache"),
        say: () => undefined,
      };
      const status = readFileSync("/var/lib/dpkg/status");
      const installed = existsSync("/usr/bin/redis-server");
      const fetched = await findRedisServer(options);
      // A machine that has Redis installed never needs to fetch it.
      if (fetched.origin === "PATH") return;
      expect(fetched.origin).toBe("fetched");
      expect(readFileSync("/var/lib/dpkg/status").equals(status)).toBe(true);
      expect(existsSync("/usr/bin/redis-server")).toBe(installed);
      const environment = fetched.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: fetched.libraryPath };
      const { stdout } = await promisify(execFile)(fetched.server, ["--version"], { env: environment });
      expect(stdout).toContain(`v=${fetched.version} `);
      expect(await findRedisServer(options)).toEqual({ ...fetched, origin: "cache" });
      expect(readdirSync(options.cacheFolder)).toHaveLength(1);

      rmSync(fetched.server);
      const said: string[] = [];
      expect(await findRedisServer({ ...options, say: (line) => said.push(line) })).toEqual(fetched);
      expect(said[0]).toContain("fetching redis-server again");
    },
    FETCH_TIMEOUT_MS,
  );
});

/** A folder of source lists: perhaps those of this machine, and one of a server that does not answer. */
const sources = (scratch: Scratch, machineToo: boolean): string => {
  const folder = join(scratch.path, "apt");
  mkdirSync(join(folder, "sources.list.d"), { recursive: true });
  const copy = (file: string): void => writeFileSync(join(folder, file), readFileSync(join("/etc/apt", file)));
  if (machineToo && existsSync("/etc/apt/sources.list")) copy("sources.list");
  if (machineToo) readdirSync("/etc/apt/sources.list.d").forEach((file) => copy(join("sources.list.d", file)));
  // Nothing listens on this port of the loopback interface.
  writeFileSync(
    join(folder, "sources.list.d", "third-party.list"),
    "deb [trusted=yes] http://127.0.0.1:9/none stable main\n",
  );
  return folder;
};

describe.runIf(hasApt)("fetchDebianPackages", () => {
  it(
    "works although a third-party source of the machine fails",
    async () => {
      using scratch = new Scratch();
      const into = join(scratch.path, "cache", "lzf");
      await fetchDebianPackages(["liblzf1"], into, { sources: sources(scratch, true) });
      expect(readdirSync(into, { recursive: true }).some((file) => String(file).endsWith("liblzf.so.1"))).toBe(true);
    },
    FETCH_TIMEOUT_MS,
  );

  it(
    "may be done twice at once",
    async () => {
      using scratch = new Scratch();
      const cache = join(scratch.path, "cache");
      await Promise.all([1, 2].map(() => fetchDebianPackages(["liblzf1"], join(cache, "lzf"))));
      expect(readdirSync(cache)).toEqual(["lzf"]);
    },
    FETCH_TIMEOUT_MS,
  );

  it(
    "says which package cannot be fetched, and leaves nothing behind",
    async () => {
      using scratch = new Scratch();
      const cache = join(scratch.path, "cache");
      const fetching = fetchDebianPackages(["redis-server"], join(cache, "redis"), {
        sources: sources(scratch, false),
      });
      await expect(fetching).rejects.toThrow(DebianPackagesError);
      await expect(fetching).rejects.toThrow(
        /apt-get could not download redis-server: .*E: .*apt-get update said: .*127\.0\.0\.1:9/,
      );
      expect(readdirSync(cache)).toEqual([]);
    },
    FETCH_TIMEOUT_MS,
  );
});
