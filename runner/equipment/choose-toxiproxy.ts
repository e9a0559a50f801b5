/** Which Toxiproxy carries the links of runs: the embedded server, one that runs already, or one from an image. */
import { createHash } from "node:crypto";
import { findEngine } from "../../hosts/docker/find-engine.ts";
import { HostError } from "../../machine/host-error.ts";
import { askToxiproxyVersion, removeProxies, useToxiproxy } from "../../network/given-toxiproxy.ts";
import { embeddedToxiproxy } from "../../network/toxiproxy-process.ts";
import type { ToxiproxyServer, ToxiproxySource } from "../../network/toxiproxy-server.ts";
import { coordinatorIsAlive } from "./clean.ts";
import { containerLabels, machineMark } from "./clean-containers.ts";
import { HarnessError } from "../harness-error.ts";

export type ToxiproxyChoice =
  | { readonly kind: "embedded" }
  /** The URL of its HTTP API, without a slash at its end. */
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "image"; readonly image: string };

/**
 * Looks whether it is available, so that this is said once and not in every run.
 * @param say told what takes time, one line for people each
 * @throws HarnessError, HostError when it cannot; the message says what to do.
 */
export async function chooseToxiproxy(choice: ToxiproxyChoice, say: (line: string) => void): Promise<ToxiproxySource> {
  switch (choice.kind) {
    case "embedded":
      return embeddedToxiproxy;
    case "url":
      await askToxiproxyVersion(choice.url);
      await tidyUp(choice.url, say);
      return givenSource(choice.url);
    case "image":
      return imageSource(choice.image, say);
  }
}

/** Those that this process uses now. */
const inUse = new Set<ToxiproxyServer>();

function givenSource(url: string): ToxiproxySource {
  return {
    open: async ({ run, coordinator }) => {
      const server = await useToxiproxy({ url, proxyPrefix: prefixOf(coordinator, run) });
      inUse.add(server);
      const stop = async (): Promise<void> => {
        await server.stop();
        // Not before: ending everything at once waits for the servers in use.
        inUse.delete(server);
      };
      return { ...server, stop };
    },
  };
}

/**
 * Removes the proxies of this very process's runs from the servers that were given: for when there is no time to heal
 * and save.
 */
export async function abandonOwnProxies(): Promise<void> {
  await Promise.all([...inUse].map((server) => server.stop()));
  inUse.clear();
}

async function imageSource(image: string, say: (line: string) => void): Promise<ToxiproxySource> {
  const found = await findEngine();
  if ("missing" in found) {
    throw new HarnessError(
      `--toxiproxy ${JSON.stringify(image)} is an image and cannot be run, as ${found.missing}: ${found.remedy}, or leave it out to use the embedded server`,
    );
  }
  const { startToxiproxyContainer, toxiproxyImage } = await import("../../hosts/docker/toxiproxy-container.ts");
  await toxiproxyImage(found.runtime, image, say);
  return {
    open: (run) => startToxiproxyContainer(found.runtime, image, containerLabels(run.coordinator), run),
  };
}

/** Names of proxies tell whose they are: this machine's, which coordinator's, which run's. */
function prefixOf(coordinator: string, run: string): string {
  return `${ourPrefix()}${coordinator.replace(":", "-")}-${run}-`;
}

function ourPrefix(): string {
  return `redquake-${createHash("sha256").update(machineMark()).digest("hex").slice(0, 8)}-`;
}

/** What cannot be tidied up keeps nobody from running there: names of proxies are each run's own. */
async function tidyUp(url: string, say: (line: string) => void): Promise<void> {
  try {
    await removeOrphanProxies(url, say);
  } catch (error) {
    if (!(error instanceof HostError)) throw error;
    say(`proxies of runs that were killed, if any, stay: ${error.message}`);
  }
}

/**
 * Removes the proxies of this machine's runs that were killed, and so could not do it themselves. Resolves to how many
 * there were.
 * @throws HostError when the server does not list them, or does not remove them.
 */
export async function removeOrphanProxies(url: string, say: (line: string) => void): Promise<number> {
  const ours = ourPrefix();
  const removed = await removeProxies(url, {
    isDoomed: (name) => {
      const coordinator = name.startsWith(ours) ? /^(\d+)-([^-]+)-/.exec(name.slice(ours.length)) : null;
      return coordinator !== null && !coordinatorIsAlive(`${coordinator[1]}:${coordinator[2]}`);
    },
  });
  if (removed > 0) {
    say(
      `removed ${removed} ${removed === 1 ? "proxy" : "proxies"} of runs that were killed from the Toxiproxy at ${url}`,
    );
  }
  return removed;
}
