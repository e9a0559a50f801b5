/**
 * Real servers in containers, for tests. Where no container engine answers, the tests that need one are skipped and
 * their names say so; with REDQUAKE_TEST_DOCKER=required, as in CI, they fail instead.
 */
import { ContainerRuntime } from "../../hosts/docker/container-runtime.ts";
import { DEFAULT_VERSION } from "../../hosts/docker/server-image.ts";
import type { Comparator } from "../../hosts/host.ts";
import type { OpenHost } from "../../runner/equipment/open-host.ts";
import { openHost } from "../../runner/equipment/open-host.ts";

const found = await ContainerRuntime.find();

/** True where the tests that need Docker cannot run and may be left out. */
export const dockerMissing = found === undefined && process.env["REDQUAKE_TEST_DOCKER"] !== "required";

/** For the names of tests. */
export const dockerNote = dockerMissing ? " (skipped: no container engine answers)" : "";

/**
 * How long the first test may take that needs the image: its base is made from Debian's packages where it cannot be
 * pulled.
 */
export const IMAGE_TIMEOUT_MS = 300_000;

export function containerRuntime(): ContainerRuntime {
  if (found === undefined) throw new Error("no container engine answers: start one, or unset REDQUAKE_TEST_DOCKER");
  return found;
}

/** @param comparators what its nodes may run beside Redis */
export function openDockerHost(
  wanted: string = DEFAULT_VERSION,
  comparators: readonly Comparator[] = [],
): Promise<OpenHost> {
  return openHost({ host: "docker", redis: wanted, say: () => undefined }, comparators);
}
