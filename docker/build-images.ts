/**
 * `npm run images [-- VERSION|IMAGE|etcd|zookeeper…]`: makes the images of the servers under test; those that `--redis`
 * knows, without any named.
 */
import { cacheFolder } from "../machine/cache-folder.ts";
import { comparatorImage } from "../hosts/docker/comparator-image.ts";
import { ContainerRuntime } from "../hosts/docker/container-runtime.ts";
import { HostError } from "../machine/host-error.ts";
import { KNOWN_VERSIONS, serverImage } from "../hosts/docker/server-image.ts";

const say = (line: string): void => console.error(`redquake: ${line}`);

async function main(): Promise<number> {
  const runtime = await ContainerRuntime.find();
  if (runtime === undefined) {
    say("no container engine answers: start one (`dockerd`, or Docker Desktop), or set DOCKER_HOST");
    return 255;
  }
  const named = process.argv.slice(2);
  for (const wanted of named.length > 0 ? named : Object.keys(KNOWN_VERSIONS)) {
    if (wanted === "etcd" || wanted === "zookeeper") {
      const { image, version } = await comparatorImage(runtime, wanted, say);
      console.log(`${image}  ${wanted} ${version}`);
      continue;
    }
    const { name, server } = await serverImage(runtime, { wanted, cacheFolder: cacheFolder(), say });
    console.log(`${name}  ${server}`);
  }
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof HostError)) throw error;
  say(error.message);
  process.exitCode = 255;
}
