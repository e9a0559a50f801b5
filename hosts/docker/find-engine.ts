/**
 * The container engine that runs can use, or why there is none. testcontainers is loaded only where one takes
 * connections.
 */
import { isDeepStrictEqual } from "node:util";
import type { ContainerRuntime } from "./container-runtime.ts";
import type { EngineMissing } from "./engine-socket.ts";
import { engineUnreachable, placeOf, START_ONE } from "./engine-socket.ts";

/**
 * The first API whose engines remove a container of their own accord when it ends, which is how servers are asked for
 * their versions (https://docs.docker.com/reference/api/engine/version-history/#v125-api-changes): Docker 1.13.
 */
const OLDEST_API = "1.25";

export async function findEngine(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<{ readonly runtime: ContainerRuntime } | EngineMissing> {
  const unreachable = await engineUnreachable(environment);
  if (unreachable !== undefined) return unreachable;
  const { ContainerRuntime } = await import("./container-runtime.ts");
  const runtime = await ContainerRuntime.find();
  const named = environment["DOCKER_HOST"] ?? "";
  const place = placeOf(named);
  // testcontainers goes on to the usual sockets where the place that was asked for is no good.
  const elsewhere = runtime !== undefined && place !== undefined && !isDeepStrictEqual(place, runtime.place);
  const api = elsewhere ? undefined : await runtime?.apiVersion();
  if (runtime === undefined || api === undefined) {
    const where = named === "" ? "where a container engine should be" : `at DOCKER_HOST=${named}`;
    return { missing: `what answers ${where} is no container engine`, remedy: START_ONE };
  }
  if (isOlder(api, OLDEST_API)) {
    return {
      missing: `the container engine (${runtime.version}) speaks version ${api} of Docker's API, and ${OLDEST_API} or newer is needed`,
      remedy: "install Docker 1.13 or newer",
    };
  }
  if (await runtime.isOnThisMachine()) return { runtime };
  return {
    missing: "the container engine is on another machine, or in a virtual one",
    remedy: "use an engine on this Linux",
  };
}

function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = than.split(".").map(Number);
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
