/** Finds the programs of servers that Redis is compared with, or fetches them into the private cache. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { DebianPackagesError, fetchDebianPackages } from "../../machine/debian-packages.ts";
import { distribution } from "../../machine/distribution.ts";
import { etcdProgram } from "./etcd-program.ts";
import { HostError } from "../../machine/host-error.ts";
import type { Comparator } from "../host.ts";
import type { FoundProgram, ProgramRecipe } from "./program-recipe.ts";
import { zookeeperProgram } from "./zookeeper-program.ts";
import type { ServerProgram } from "../process/process-host.ts";

export interface FindComparatorOptions {
  /** Value of PATH to search, where it is not this process's own. */
  readonly path?: string | undefined;
  readonly cacheFolder: string;
  /** Told what takes time, one line for people each. */
  readonly say: (line: string) => void;
}

const RECIPES: Readonly<Record<Comparator, ProgramRecipe>> = { etcd: etcdProgram, zookeeper: zookeeperProgram };

/**
 * Looks for it on this machine, then in the cache, then among the packages of Debian or Ubuntu (which then are the
 * cache).
 * @throws HostError when it is not available; the message says why, and what to do.
 */
export async function findComparator(name: Comparator, options: FindComparatorOptions): Promise<ServerProgram> {
  const recipe = RECIPES[name];
  const path = options.path ?? process.env["PATH"] ?? "";
  const installed = await recipe.installed(path);
  if ("command" in installed) return { ...installed, origin: "PATH" };
  const folder = join(options.cacheFolder, `${name}-${distribution().release}-${process.arch}`);
  const cached = existsSync(folder) ? await recipe.unpacked(folder, path) : undefined;
  if (cached !== undefined && "command" in cached) return { ...cached, origin: "cache" };
  if (cached !== undefined) {
    // A part of it may have come from the system, which has changed since.
    options.say(`fetching ${name} again: the one in ${folder} ${cached.problem}`);
    await rm(folder, { recursive: true, force: true });
  }
  const fetched = await fetchProgram(recipe, { name, folder, path, say: options.say });
  if ("command" in fetched) return { ...fetched, origin: "fetched" };
  throw new HostError(`there is no ${name} to run: ${recipe.remedy} (${installed.problem}; ${fetched.problem})`);
}

/** All of them. @throws HostError when one is not available. */
export async function findComparators(
  names: readonly Comparator[],
  options: FindComparatorOptions,
): Promise<Partial<Record<Comparator, ServerProgram>>> {
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await findComparator(name, options)] as const)),
  );
}

interface Fetch {
  readonly name: Comparator;
  readonly folder: string;
  readonly path: string;
  readonly say: FindComparatorOptions["say"];
}

async function fetchProgram(recipe: ProgramRecipe, { name, folder, path, say }: Fetch): Promise<FoundProgram> {
  say(`no ${name} on this machine: fetching Debian's packages into ${folder} (nothing is installed)`);
  try {
    await fetchDebianPackages(recipe.packages(path), folder, { path });
  } catch (error) {
    if (!(error instanceof DebianPackagesError)) throw error;
    return { problem: error.message };
  }
  return recipe.unpacked(folder, path);
}
