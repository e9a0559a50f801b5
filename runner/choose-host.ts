/** Finds out where nodes can run on this machine, and makes the host of a run. */
import { buildShim } from "../hosts/shim-build.ts";
import { cacheFolder } from "../hosts/cache-folder.ts";
import { ProcessHost } from "../hosts/process-host.ts";
import { findRedisServer } from "../hosts/redis-binary.ts";
import { HarnessError } from "./harness-error.ts";
import type { RunOptions } from "./run.ts";
import type { TemporaryFolder } from "./run-folder.ts";

export interface ChosenHost {
  readonly host: ProcessHost;
  /** The library to load into the workers, where there is a fault shim. */
  readonly shimLibrary: string | undefined;
}

export async function chooseHost(options: RunOptions, temporary: TemporaryFolder): Promise<ChosenHost> {
  if (options.host === "docker") throw new HarnessError("this version cannot run nodes in Docker; use --host process");
  const cache = cacheFolder();
  const say = (text: string): void => options.observer({ kind: "note", text });
  const [redis, shim] = await Promise.all([
    findRedisServer({ cacheFolder: cache, say, ...(options.redis === undefined ? {} : { wanted: options.redis }) }),
    buildShim(cache),
  ]);
  const host = new ProcessHost({
    folder: temporary.path,
    server: redis.server,
    version: redis.version,
    origin: redis.origin,
    shim,
    environment: {
      ...temporary.environment,
      ...(redis.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: redis.libraryPath }),
    },
  });
  return { host, shimLibrary: "library" in shim ? shim.library : undefined };
}
