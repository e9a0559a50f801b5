/**
 * Real servers in containers, for tests. Where no container engine answers, the tests that need one are skipped and their names say so;
 * with REDQUAKE_TEST_DOCKER=required, as in CI, they fail instead.
 */
import { cacheFolder } from "../../machine/cache-folder.ts";
import { comparatorImages } from "../../hosts/docker/comparator-image.ts";
import { ContainerRuntime } from "../../hosts/docker/container-runtime.ts";
import { DockerHost } from "../../hosts/docker/docker-host.ts";
import type { Comparator } from "../../hosts/host.ts";
import { DEFAULT_VERSION, serverImage } from "../../hosts/docker/server-image.ts";
import { containerLabels } from "../../runner/equipment/clean-containers.ts";
import { createTemporaryFolder } from "../../runner/run-folder.ts";
import type { TestHost } from "./process-nodes.ts";

const found = await ContainerRuntime.find();

/** True where the tests that need Docker cannot run and may be left out. */
export const dockerMissing = found === undefined && process.env["REDQUAKE_TEST_DOCKER"] !== "required";

/** For the names of tests. */
export const dockerNote = dockerMissing ? " (skipped: no container engine answers)" : "";

/** How long the first test may take that needs the image: its base is made from Debian's packages where it cannot be pulled. */
export const IMAGE_TIMEOUT_MS = 300_000;

export function containerRuntime(): ContainerRuntime {
  if (found === undefined) throw new Error("no container engine answers: start one, or unset REDQUAKE_TEST_DOCKER");
  return found;
}

/** @param comparators what its nodes may run beside Redis */
export async function openDockerHost(
  wanted: string = DEFAULT_VERSION,
  comparators: readonly Comparator[] = [],
): Promise<TestHost> {
  const runtime = containerRuntime();
  const image = await serverImage(runtime, { wanted, cacheFolder: cacheFolder(), say: () => undefined });
  const temporary = createTemporaryFolder();
  const host = await DockerHost.open({
    runtime,
    image,
    comparators: await comparatorImages(runtime, comparators, () => undefined),
    run: temporary.run,
    labels: containerLabels(temporary.coordinator),
    folder: temporary.path,
    environment: temporary.environment,
  });
  return {
    host,
    folder: temporary.path,
    async [Symbol.asyncDispose]() {
      await host.stop(undefined);
      temporary.remove();
    },
  };
}
