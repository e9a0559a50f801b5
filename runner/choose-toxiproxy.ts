/** Which Toxiproxy carries the links of runs: the embedded server, one that runs already, or one from an image. */
import { createHash } from "node:crypto";
import { findEngine } from "../hosts/find-engine.ts";
import { askToxiproxyVersion, removeProxies, useToxiproxy } from "../network/given-toxiproxy.ts";
import { embeddedToxiproxy } from "../network/toxiproxy-process.ts";
import type { ToxiproxySource } from "../network/toxiproxy-server.ts";
import { coordinatorIsAlive } from "./clean.ts";
import { containerLabels, machineMark } from "./clean-containers.ts";
import { HarnessError } from "./harness-error.ts";

export type ToxiproxyChoice =
  | { readonly kind: "embedded" }
  /** Of its HTTP API, without a slash at its end. */
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "image"; readonly image: string };

/**
 * Looks whether it can be had, so that this is said once and not in every run.
 * @param say told what takes time, one line for people each
 * @throws HarnessError, HostError when it cannot; the message says what to do.
 */
export async function chooseToxiproxy(choice: ToxiproxyChoice, say: (line: string) => void): Promise<ToxiproxySource> {
  switch (choice.kind) {
    case "embedded":
      return embeddedToxiproxy;
    case "url":
      await askToxiproxyVersion(choice.url);
      await removeOrphans(choice.url);
      return {
        open: ({ run, coordinator }) => useToxiproxy({ url: choice.url, proxyPrefix: prefixOf(coordinator, run) }),
      };
    case "image":
      return imageSource(choice.image, say);
  }
}

async function imageSource(image: string, say: (line: string) => void): Promise<ToxiproxySource> {
  const found = await findEngine();
  if ("missing" in found) {
    throw new HarnessError(
      `--toxiproxy ${JSON.stringify(image)} is an image and cannot be run, as ${found.missing}: ${found.remedy}, or leave it out to use the embedded server`,
    );
  }
  const { startToxiproxyContainer, toxiproxyImage } = await import("../hosts/toxiproxy-container.ts");
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

/** Runs that were killed could not remove their proxies. */
async function removeOrphans(url: string): Promise<void> {
  const ours = ourPrefix();
  await removeProxies(url, (name) => {
    const coordinator = name.startsWith(ours) ? /^(\d+)-([^-]+)-/.exec(name.slice(ours.length)) : null;
    return coordinator !== null && !coordinatorIsAlive(`${coordinator[1]}:${coordinator[2]}`);
  });
}
