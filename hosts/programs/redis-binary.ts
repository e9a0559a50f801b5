/** Finds a `redis-server` executable, or fetches one into the private cache. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DebianPackagesError, fetchDebianPackages, missingTool } from "../../machine/debian-packages.ts";
import { distribution } from "../../machine/distribution.ts";
import { executablesOnPath, firstLine, isExecutable } from "../../machine/executables.ts";
import { RedquakeError } from "../../machine/redquake-error.ts";

/** Where a server was found: named by the user, on PATH, fetched by an earlier run, or fetched just now. */
type RedisOrigin = "PATH" | "--redis" | "cache" | "fetched";

export interface RedisBinary {
  /** Absolute path of the executable. */
  readonly server: string;
  /** Arguments that turn the same executable into a sentinel; they come after the configuration file. */
  readonly sentinelArgs: readonly string[];
  /** Such as `7.0.15`; Valkey's own version number where the server is Valkey. */
  readonly version: string;
  readonly origin: RedisOrigin;
  /** Value for LD_LIBRARY_PATH, where the executable needs libraries that were fetched with it; otherwise undefined. */
  readonly libraryPath: string | undefined;
}

export interface FindRedisOptions {
  /** The executable that the user named. Nothing else is tried then. */
  readonly wanted?: string | undefined;
  /** Value of PATH to search, where it is not this process's own. */
  readonly path?: string | undefined;
  readonly cacheFolder: string;
  /** Told what takes time or was passed over, one line for people each. */
  readonly say: (line: string) => void;
}

/** No usable Redis server; the message says why, and the one command that changes it. */
export class RedisMissingError extends RedquakeError {
  override readonly name = "RedisMissingError";
  readonly code = "REDQUAKE_REDIS_MISSING";
  readonly origin = "machine";
}

/**
 * Oldest version that the campaigns are written for: the first with functions, sharded pub/sub and absolute replicated
 * TTLs.
 */
const OLDEST_MAJOR = 7;

/**
 * What the executable is made of on Debian and Ubuntu: `redis-server` there is a link to a program of `redis-tools`.
 */
const PACKAGES = ["redis-server", "redis-tools"];

/**
 * Looks for a server in this order: `wanted`, PATH, the cache, the packages of Debian or Ubuntu (which then are the
 * cache).
 * @throws RedisMissingError when none is found, or the wanted one is no Redis server of version 7.0 or newer.
 */
export async function findRedisServer(options: FindRedisOptions): Promise<RedisBinary> {
  if (options.wanted !== undefined) return wantedServer(options.wanted);
  const passedOver: string[] = [];
  return (await presentServer(options, passedOver)) ?? (await fetchedServer(options, passedOver));
}

/**
 * The server that is there already, on PATH or in the cache, without fetching one; or why there is none, and how to get
 * one.
 */
export async function findPresentRedisServer(
  options: Omit<FindRedisOptions, "wanted" | "say">,
): Promise<RedisBinary | { readonly missing: string; readonly fetchable: boolean }> {
  const passedOver: string[] = [];
  const present = await presentServer({ ...options, say: () => undefined }, passedOver);
  if (present !== undefined) return present;
  const toolMissing = missingTool(options.path ?? process.env["PATH"] ?? "");
  return {
    missing: missing(toolMissing === undefined ? passedOver : [...passedOver, toolMissing]),
    fetchable: toolMissing === undefined,
  };
}

/** @param passedOver gets what was found and is not used, one sentence each */
async function presentServer(options: FindRedisOptions, passedOver: string[]): Promise<RedisBinary | undefined> {
  const path = options.path ?? process.env["PATH"] ?? "";

  for (const server of executablesOnPath("redis-server", path)) {
    const answer = await askVersion(server, undefined);
    if ("version" in answer && isRecent(answer.version)) return binary(server, answer.version, "PATH", undefined);
    const why =
      "version" in answer
        ? `is version ${answer.version}, and ${OLDEST_MAJOR}.0 or newer is needed`
        : `does not work: ${answer.problem}`;
    passedOver.push(`${server} ${why}`);
    options.say(`passed over ${server}: it ${why}`);
  }

  const cached = await unpackedServer(fetchFolder(options));
  return "version" in cached && isRecent(cached.version) ? { ...cached, origin: "cache" } : undefined;
}

function fetchFolder({ cacheFolder }: Pick<FindRedisOptions, "cacheFolder">): string {
  return join(cacheFolder, `redis-${distribution().release}-${process.arch}`);
}

async function fetchedServer(options: FindRedisOptions, passedOver: readonly string[]): Promise<RedisBinary> {
  const path = options.path ?? process.env["PATH"] ?? "";
  const folder = fetchFolder(options);
  if (existsSync(folder)) {
    const cached = await unpackedServer(folder);
    // Its libraries come in part from the system, which may have been upgraded since.
    options.say(
      `fetching redis-server again: the one in ${folder} ${"version" in cached ? "is too old" : cached.problem}`,
    );
    await rm(folder, { recursive: true, force: true });
  }

  options.say(`no redis-server on PATH: fetching Debian's package into ${options.cacheFolder} (nothing is installed)`);
  try {
    await fetchDebianPackages(PACKAGES, folder, { path });
  } catch (error) {
    if (!(error instanceof DebianPackagesError)) throw error;
    throw new RedisMissingError(missing([...passedOver, error.message]), { cause: error });
  }
  const fetched = await unpackedServer(folder);
  if (!("version" in fetched)) {
    throw new RedisMissingError(missing([...passedOver, `the fetched redis-server does not work: ${fetched.problem}`]));
  }
  if (!isRecent(fetched.version)) {
    throw new RedisMissingError(
      missing([
        ...passedOver,
        `this distribution's redis-server is version ${fetched.version}, and ${OLDEST_MAJOR}.0 is needed`,
      ]),
    );
  }
  return { ...fetched, origin: "fetched" };
}

async function wantedServer(wanted: string): Promise<RedisBinary> {
  const refuse = (why: string): RedisMissingError =>
    new RedisMissingError(`--redis ${JSON.stringify(wanted)}: ${why}; name the path of a redis-server executable`);
  const server = resolve(wanted);
  if (!existsSync(server)) throw refuse("there is no such file");
  if (!statSync(server).isFile()) throw refuse("this is not a file");
  if (!isExecutable(server)) throw refuse("this file is not executable");
  const answer = await askVersion(server, undefined);
  if (!("version" in answer)) throw refuse(`it does not answer --version as a Redis server does (${answer.problem})`);
  if (!isRecent(answer.version))
    throw refuse(`it is version ${answer.version}, and ${OLDEST_MAJOR}.0 or newer is needed`);
  return binary(server, answer.version, "--redis", undefined);
}

function binary(server: string, version: string, origin: RedisOrigin, libraryPath: string | undefined): RedisBinary {
  return { server, sentinelArgs: ["--sentinel"], version, origin, libraryPath };
}

type Answer = { readonly version: string } | { readonly problem: string };

/** Runs `SERVER --version`, whose answer starts with `Redis server v=7.0.15 ` or `Valkey server v=8.1.1 `. */
function askVersion(server: string, libraryPath: string | undefined): Promise<Answer> {
  const environment = libraryPath === undefined ? process.env : { ...process.env, LD_LIBRARY_PATH: libraryPath };
  return new Promise((done) => {
    execFile(server, ["--version"], { env: environment, timeout: 10_000 }, (error, stdout, stderr) => {
      const version = /\bserver v=(\d+\.\d+\S*)/.exec(stdout)?.[1];
      if (version !== undefined) done({ version });
      else
        done({ problem: firstLine(stderr) ?? error?.message ?? `it printed ${JSON.stringify(stdout.slice(0, 100))}` });
    });
  });
}

function isRecent(version: string): boolean {
  return Number.parseInt(version, 10) >= OLDEST_MAJOR;
}

/** The server in a folder of unpacked packages, with the library path under which it runs. */
async function unpackedServer(folder: string): Promise<Omit<RedisBinary, "origin"> | { readonly problem: string }> {
  const server = join(folder, "usr", "bin", "redis-server");
  if (!existsSync(server)) return { problem: "has no usr/bin/redis-server" };
  let problem = "";
  for (const libraryPath of [undefined, libraryFolders(folder).join(":")]) {
    const answer = await askVersion(server, libraryPath);
    if ("version" in answer) return { server, sentinelArgs: ["--sentinel"], version: answer.version, libraryPath };
    problem = answer.problem;
  }
  return { problem };
}

/** Every folder below `lib` and `usr/lib` that holds a shared library. */
function libraryFolders(folder: string): string[] {
  const roots = [join(folder, "usr", "lib"), join(folder, "lib")].filter((root) => existsSync(root));
  const files = roots.flatMap((root) => readdirSync(root, { recursive: true, withFileTypes: true }));
  const libraries = files.filter((file) => !file.isDirectory() && /\.so(\.\d+)*$/.test(file.name));
  return [...new Set(libraries.map((file) => file.parentPath))].toSorted();
}

const INSTALL_COMMANDS: readonly (readonly [family: string, command: string])[] = [
  ["debian", "apt-get install redis-server"],
  ["ubuntu", "apt-get install redis-server"],
  ["fedora", "dnf install redis"],
  ["rhel", "dnf install redis"],
  ["alpine", "apk add redis"],
  ["arch", "pacman -S valkey"],
  ["suse", "zypper install redis"],
  ["darwin", "brew install redis"],
];

function missing(reasons: readonly string[]): string {
  const { families } = distribution();
  const command = INSTALL_COMMANDS.find(([family]) => families.includes(family))?.[1];
  const install = command === undefined ? `install Redis ${OLDEST_MAJOR}.0 or newer` : `run \`${command}\``;
  return `there is no redis-server to run: ${install}, or name an executable with --redis PATH (${reasons.join("; ")})`;
}
