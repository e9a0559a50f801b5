/** Finds out where nodes can run on this machine, and makes the host of a run. */
import { isAbsolute } from "node:path";
import { buildShim } from "../../hosts/shim/shim-build.ts";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { findComparators } from "../../hosts/programs/comparator-program.ts";
import type { ContainerRuntime } from "../../hosts/docker/container-runtime.ts";
import { findEngine } from "../../hosts/docker/find-engine.ts";
import type { Comparator, Host } from "../../hosts/host.ts";
import { ProcessHost } from "../../hosts/process/process-host.ts";
import { findRedisServer } from "../../hosts/programs/redis-binary.ts";
import { containerLabels } from "./clean-containers.ts";
import { HarnessError } from "../harness-error.ts";
import type { TemporaryFolder } from "../run-folder.ts";

/** Where nodes run: found out once, for any number of runs. */
export interface HostSource {
  readonly kind: Host["kind"];
  /** Why this one and not the other, where it was not asked for by name. */
  readonly reason: string | undefined;
  /** The library to load into the workers, where there is a fault shim. */
  readonly shimLibrary: string | undefined;
  /**
   * Makes the host of one run.
   * @param comparators what its nodes run beside Redis; it is fetched where need be
   * @throws HostError when the engine has no room for it, or a comparator is not available.
   */
  open(temporary: TemporaryFolder, comparators?: readonly Comparator[]): Promise<Host>;
}

/** What decides where nodes run. */
export interface HostOptions {
  /** `auto`: Docker where an engine answers and the image is there, else plain processes. */
  readonly host: "auto" | "process" | "docker";
  /**
   * The absolute path of a `redis-server`, or the version or image for Docker; undefined for the default of each host.
   */
  readonly redis: string | undefined;
  /** Told what takes time, one line for people each. */
  readonly say: (line: string) => void;
}

/**
 * Finds the server or the image, fetching or building it where need be.
 * @throws HarnessError, HostError, RedisMissingError when what was asked for is not available; the message says what to
 * do.
 */
export async function chooseHost(options: HostOptions): Promise<HostSource> {
  const { redis: wanted, say } = options;
  const cache = cacheFolder();
  const [shim, docker] = await Promise.all([buildShim(cache), wantedDocker(options)]);
  const { reason } = docker;
  const shimLibrary = "library" in shim ? shim.library : undefined;
  if ("runtime" in docker) {
    const { runtime } = docker;
    // Loaded only here: testcontainers takes a quarter of a second.
    const [{ DockerHost }, { DEFAULT_VERSION, serverImage }, { comparatorImages }] = await Promise.all([
      import("../../hosts/docker/docker-host.ts"),
      import("../../hosts/docker/server-image.ts"),
      import("../../hosts/docker/comparator-image.ts"),
    ]);
    const image = await serverImage(runtime, { wanted: wanted ?? DEFAULT_VERSION, cacheFolder: cache, say });
    const open = async (temporary: TemporaryFolder, comparators: readonly Comparator[] = []): Promise<Host> =>
      DockerHost.open({
        runtime,
        image,
        comparators: await comparatorImages(runtime, comparators, say),
        run: temporary.run,
        labels: containerLabels(temporary.coordinator),
        folder: temporary.path,
        environment: temporary.environment,
      });
    return { kind: "docker", reason, shimLibrary, open };
  }
  const redis = await findRedisServer({ cacheFolder: cache, say, wanted });
  const open = async (temporary: TemporaryFolder, comparators: readonly Comparator[] = []): Promise<Host> =>
    new ProcessHost({
      folder: temporary.path,
      server: redis.server,
      version: redis.version,
      origin: redis.origin,
      comparators: await findComparators(comparators, { cacheFolder: cache, say }),
      shim,
      environment: {
        ...temporary.environment,
        ...(redis.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: redis.libraryPath }),
      },
    });
  return { kind: "process", reason, shimLibrary, open };
}

/** The engine where nodes are to run in Docker; the reason, where that was for us to decide. */
type DockerChoice = { readonly runtime: ContainerRuntime; readonly reason?: string } | { readonly reason?: string };

/** @throws HarnessError when Docker was asked for and is not available. */
async function wantedDocker({ host, redis }: Pick<HostOptions, "host" | "redis">): Promise<DockerChoice> {
  if (host === "process") return {};
  if (host === "auto" && redis !== undefined && isAbsolute(redis)) return { reason: "as --redis names an executable" };
  const found = await findEngine();
  if (host === "docker") {
    if ("runtime" in found) return found;
    throw new HarnessError(
      `--host docker is not possible, because ${found.missing}: ${found.remedy}, or use --host process`,
    );
  }
  if (redis !== undefined) {
    if ("runtime" in found) return { ...found, reason: "as --redis names an image" };
    throw new HarnessError(
      `--redis ${JSON.stringify(redis)} is no executable, and it cannot be run as an image, because ${found.missing}: ${found.remedy}`,
    );
  }
  if ("missing" in found) return { reason: `as ${found.missing}` };
  const { DEFAULT_VERSION, isQuickToHave } = await import("../../hosts/docker/server-image.ts");
  if (await isQuickToHave(found.runtime, DEFAULT_VERSION)) return { ...found, reason: "as a container engine answers" };
  return { reason: `as there is no image of Redis ${DEFAULT_VERSION} yet: \`npm run images\` makes it` };
}
