/** Which server a run is to be made with. */
import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import { findRedisServer, RedisMissingError } from "../../hosts/programs/redis-binary.ts";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { UsageError } from "../../machine/usage-error.ts";
import { userPath } from "../../machine/user-folder.ts";

export type HostChoice = "auto" | "docker" | "process";

/**
 * What a user's word for a server means: the absolute path of an executable, or, where it looks like none, a version or
 * an image.
 */
export function wantedRedis(redis: string | undefined, host: HostChoice): string | undefined {
  if (redis === undefined) return undefined;
  const path = userPath(redis);
  return host === "process" || /^[./]/.test(redis) || (host === "auto" && existsSync(path)) ? path : redis;
}

/**
 * Makes sure of an executable before any run.
 * @param redis as `wantedRedis` gives it
 * @throws UsageError when it cannot be used there.
 */
export async function assertUsableRedis(
  redis: string | undefined,
  host: HostChoice,
  notice: (sentence: string) => void,
): Promise<void> {
  if (redis === undefined || !isAbsolute(redis)) return;
  if (host === "docker") {
    throw new UsageError(
      `--redis ${JSON.stringify(redis)} is a path, which means nothing in a container: name a version or an image, or use --host process`,
    );
  }
  try {
    await findRedisServer({ wanted: redis, cacheFolder: cacheFolder(), say: notice });
  } catch (error) {
    if (error instanceof RedisMissingError) throw new UsageError(error.message);
    throw error;
  }
}
