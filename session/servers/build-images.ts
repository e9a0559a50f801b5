/** Makes the images of the servers under test before a run needs them. */
import { comparatorImage } from "../../hosts/docker/comparator-image.ts";
import { ContainerRuntime } from "../../hosts/docker/container-runtime.ts";
import { KNOWN_VERSIONS, serverImage } from "../../hosts/docker/server-image.ts";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { HostError } from "../../machine/host-error.ts";

export interface ImagesObserver {
  readonly notice: (sentence: string) => void;
  /** @param what is in the image, such as `Redis server v=7.0.15 …` */
  readonly made: (image: string, what: string) => void;
}

/**
 * @param named versions and images as `--redis` takes them, `etcd` or `zookeeper`; none for all that `--redis` knows
 * @throws HostError when no container engine answers, or an image cannot be made.
 */
export async function buildImages(named: readonly string[], { notice: say, made }: ImagesObserver): Promise<void> {
  const runtime = await ContainerRuntime.find();
  if (runtime === undefined) {
    throw new HostError("no container engine answers: start one (`dockerd`, or Docker Desktop), or set DOCKER_HOST");
  }
  for (const wanted of named.length > 0 ? named : Object.keys(KNOWN_VERSIONS)) {
    if (wanted === "etcd" || wanted === "zookeeper") {
      const { image, version } = await comparatorImage(runtime, wanted, say);
      made(image, `${wanted} ${version}`);
      continue;
    }
    const { name, server } = await serverImage(runtime, { wanted, cacheFolder: cacheFolder(), say });
    made(name, server);
  }
}
