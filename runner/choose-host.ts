/** Finds out where nodes can run on this machine, and makes the host of a run. */
import { isAbsolute } from "node:path";
import { buildShim } from "../hosts/shim-build.ts";
import { cacheFolder } from "../hosts/cache-folder.ts";
import type { ContainerRuntime } from "../hosts/container-runtime.ts";
import { mayHaveEngine } from "../hosts/engine-socket.ts";
import type { Host } from "../hosts/host.ts";
import { ProcessHost } from "../hosts/process-host.ts";
import { findRedisServer } from "../hosts/redis-binary.ts";
import { containerLabels } from "./clean-containers.ts";
import { HarnessError } from "./harness-error.ts";
import type { RunOptions } from "./run.ts";
import type { TemporaryFolder } from "./run-folder.ts";

export interface ChosenHost {
  readonly host: Host;
  /** Why this one and not the other, where it was not asked for by name. */
  readonly reason: string | undefined;
  /** The library to load into the workers, where there is a fault shim. */
  readonly shimLibrary: string | undefined;
}

/** What of a run's options decides where its nodes run. */
export type HostOptions = Pick<RunOptions, "host" | "redis" | "observer">;

/** @throws HarnessError, HostError, RedisMissingError when what was asked for cannot be had; the message says what to do. */
export async function chooseHost(options: HostOptions, temporary: TemporaryFolder): Promise<ChosenHost> {
  const cache = cacheFolder();
  const say = (text: string): void => options.observer({ kind: "note", text });
  const [shim, docker] = await Promise.all([buildShim(cache), wantedDocker(options)]);
  const shimLibrary = "library" in shim ? shim.library : undefined;
  if ("runtime" in docker) {
    const { runtime } = docker;
    // Loaded only here: testcontainers takes a quarter of a second.
    const [{ DockerHost }, { DEFAULT_VERSION, serverImage }] = await Promise.all([
      import("../hosts/docker-host.ts"),
      import("../hosts/server-image.ts"),
    ]);
    const image = await serverImage(runtime, { wanted: options.redis ?? DEFAULT_VERSION, cacheFolder: cache, say });
    const host = await DockerHost.open({
      runtime,
      image,
      run: temporary.run,
      labels: containerLabels(temporary.coordinator),
      folder: temporary.path,
      environment: temporary.environment,
    });
    return { host, reason: docker.reason, shimLibrary };
  }
  const redis = await findRedisServer({
    cacheFolder: cache,
    say,
    ...(options.redis === undefined ? {} : { wanted: options.redis }),
  });
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
  return { host, reason: docker.reason, shimLibrary };
}

/** The engine where nodes are to run in Docker; the reason, where that was for us to decide. */
type DockerChoice = { readonly runtime: ContainerRuntime; readonly reason?: string } | { readonly reason?: string };

/** @throws HarnessError when Docker was asked for and cannot be had. */
export async function wantedDocker({ host, redis }: Pick<HostOptions, "host" | "redis">): Promise<DockerChoice> {
  if (host === "process") return {};
  if (host === "auto" && redis !== undefined && isAbsolute(redis)) return { reason: "as --redis names an executable" };
  const found = await findRuntime();
  if (host === "docker") {
    if ("runtime" in found) return found;
    throw new HarnessError(`--host docker cannot be, as ${found.missing}: ${found.remedy}, or use --host process`);
  }
  if (redis !== undefined) {
    if ("runtime" in found) return { ...found, reason: "as --redis names an image" };
    throw new HarnessError(
      `--redis ${JSON.stringify(redis)} is no executable, and as an image it cannot be run, as ${found.missing}: ${found.remedy}`,
    );
  }
  if ("missing" in found) return { reason: `as ${found.missing}` };
  const { DEFAULT_VERSION, isQuickToHave } = await import("../hosts/server-image.ts");
  if (await isQuickToHave(found.runtime, DEFAULT_VERSION)) return { ...found, reason: "as a container engine answers" };
  return { reason: `as there is no image of Redis ${DEFAULT_VERSION} yet: \`npm run images\` makes it` };
}

/** The engine, or why there is none to be used and what to do about it. */
async function findRuntime(): Promise<
  { readonly runtime: ContainerRuntime } | { readonly missing: string; readonly remedy: string }
> {
  const nobody = { missing: "no container engine answers", remedy: "start Docker, or set DOCKER_HOST" };
  if (!mayHaveEngine()) return nobody;
  const { ContainerRuntime } = await import("../hosts/container-runtime.ts");
  const runtime = await ContainerRuntime.find();
  if (runtime === undefined) return nobody;
  if (await runtime.isOnThisMachine()) return { runtime };
  return {
    missing: "the container engine is on another machine, or in a virtual one",
    remedy: "use an engine on this Linux",
  };
}
