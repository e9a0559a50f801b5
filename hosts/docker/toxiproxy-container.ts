/**
 * Toxiproxy from an image, in a container on the machine's own network: its proxies then listen on loopback and on the
 * addresses of a run's network.
 */
import { GenericContainer, PullPolicy } from "testcontainers";
import { toxiproxyVersion, watchToxiproxy } from "../../network/given-toxiproxy.ts";
import type { ToxiproxyRun, ToxiproxyServer } from "../../network/toxiproxy-server.ts";
import { awaitCondition } from "../../machine/await-condition.ts";
import type { ContainerRuntime } from "./container-runtime.ts";
import { RUN_LABEL } from "./docker-host.ts";
import { HostError } from "../../machine/host-error.ts";
import { freePorts } from "../../machine/ports.ts";
import { ReadyStrategy } from "./ready-strategy.ts";

const LOOPBACK = "127.0.0.1";
const START_TIMEOUT_MS = 15_000;
const LOG_LINES = 15;

/** Makes sure that the image is there, pulling it if need be. @throws HostError that says why it is not available. */
export async function toxiproxyImage(
  runtime: ContainerRuntime,
  image: string,
  say: (line: string) => void,
): Promise<void> {
  if ((await runtime.imageLabels(image)) !== undefined) return;
  say(`pulling ${image}`);
  try {
    await runtime.pullImage(image);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    throw new HostError(
      `--toxiproxy ${JSON.stringify(image)}: ${error.message}; leave it out to use the embedded server, or name the URL of one that runs`,
      { cause: error },
    );
  }
}

/**
 * Starts a container whose entry point takes `-host` and `-port` as Toxiproxy's does
 * (https://github.com/Shopify/toxiproxy/blob/main/Dockerfile).
 * @throws HostError when its API does not answer.
 */
export async function startToxiproxyContainer(
  runtime: ContainerRuntime,
  image: string,
  labels: Readonly<Record<string, string>>,
  { run, environment }: Pick<ToxiproxyRun, "run" | "environment">,
): Promise<ToxiproxyServer> {
  const [port] = await freePorts(1);
  const url = `http://${LOOPBACK}:${port}`;
  let version = "";
  const ready = async (id: string): Promise<void> => {
    version = await awaitCondition(`Toxiproxy from ${image} to answer at ${url}`, START_TIMEOUT_MS, async () => {
      if ((await runtime.containerPid(id)) === undefined)
        throw new HostError(
          `the container of ${image} ended at once: is it a Toxiproxy that takes -host and -port?\n${await runtime.containerLog(id, LOG_LINES)}`,
        );
      const answer = await toxiproxyVersion(url);
      return "version" in answer ? answer.version : undefined;
    });
  };
  const container = await new GenericContainer(image)
    .withName(`redquake-${run}-toxiproxy`)
    .withLabels({ ...labels, [RUN_LABEL]: run })
    // Cleaned up as the nodes are, see `node-container.ts`.
    .withAutoCleanup(false)
    .withPullPolicy(PullPolicy.neverPull())
    .withNetworkMode("host")
    .withCommand([`--host=${LOOPBACK}`, `--port=${port}`])
    .withEnvironment({ ...environment })
    .withWaitStrategy(new ReadyStrategy(ready))
    .start();
  const watch = watchToxiproxy(url);
  return {
    url,
    version,
    description: `${version} (${image})`,
    proxyPrefix: "",
    removesToxics: false,
    announce: () => undefined,
    onExit: watch.onExit,
    stop: async () => {
      watch.end();
      await runtime.remove([{ kind: "container", id: container.getId(), labels: {} }]);
    },
  };
}
