/**
 * The client libraries of comparators, and the lock libraries that are tested as they are. Nothing else needs them, so
 * they are no dependencies: npm installs them into the private cache when a run first needs one, each version in a
 * folder of its own. The coordinator installs; workers, which know nothing of npm's settings and may be under a fault,
 * only load.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { promisify } from "node:util";
import { cacheFolder, makeDraftFolder } from "../../machine/cache-folder.ts";
import { HostError } from "../../machine/host-error.ts";
import type { Comparator } from "../../hosts/host.ts";

export interface ClientLibrary {
  readonly name: string;
  /** Exact. */
  readonly version: string;
  /** What it is handed by those who use it, and does not bring along: `redis@4.7.1`, exact. */
  readonly beside?: readonly string[];
}

/** What clients of each comparator speak to it with. */
export const CLIENT_LIBRARIES = {
  etcd: { name: "etcd3", version: "1.1.2" },
  zookeeper: { name: "node-zookeeper-client", version: "1.1.3" },
} as const satisfies Readonly<Record<Comparator, ClientLibrary>>;

const INSTALL_TIMEOUT_MS = 120_000;

/**
 * Loads a library that has been installed, or what lies beside it.
 * @throws Error when it has not.
 */
export function loadClientLibrary(library: ClientLibrary, name = library.name): unknown {
  return createRequire(join(folderOf(library), "package.json"))(name);
}

/**
 * Installs it, unless it is there. Several processes may do so at once: the first one to finish wins.
 * @throws HostError naming the command that failed, and why.
 */
export async function installClientLibrary(library: ClientLibrary): Promise<void> {
  const folder = folderOf(library);
  if (existsSync(folder)) return;
  const work = await makeDraftFolder(`${folder}-`);
  const wanted = `${library.name}@${library.version}`;
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  // Only the named ones of the packages that a library may be used with are installed.
  const alone = ["--ignore-scripts", "--legacy-peer-deps"];
  const args = ["install", "--prefix", work, ...quiet, ...alone, wanted, ...(library.beside ?? [])];
  try {
    // Without it npm would look for the package of a folder above.
    await writeFile(join(work, "package.json"), '{ "private": true }\n');
    await promisify(execFile)("npm", args, { timeout: INSTALL_TIMEOUT_MS });
    await rename(work, folder);
  } catch (error) {
    const { stderr = "", message, code } = error as Error & { stderr?: string; code?: unknown };
    if (code === "ENOTEMPTY" || code === "EEXIST") return;
    const why = stderr.trim() === "" ? message : stderr.trim().split("\n").slice(0, 3).join(" ");
    throw new HostError(`${wanted} cannot be installed: \`npm install ${wanted}\` failed: ${why}`, { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function folderOf({ name, version, beside = [] }: ClientLibrary): string {
  return join(cacheFolder(), "clients", [`${name}@${version}`, ...beside].join("+"));
}
