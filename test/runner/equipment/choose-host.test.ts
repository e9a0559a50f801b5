/** Which host a run gets, and what is said about it. */
import { describe, expect, it } from "vitest";
import { cacheFolder } from "../../../machine/cache-folder.ts";
import { DEFAULT_VERSION, serverImage } from "../../../hosts/docker/server-image.ts";
import { chooseHost } from "../../../runner/equipment/choose-host.ts";
import type { HostOptions, HostSource } from "../../../runner/equipment/choose-host.ts";
import { createTemporaryFolder } from "../../../runner/run-folder.ts";
import { containerRuntime, dockerMissing, dockerNote, IMAGE_TIMEOUT_MS } from "../../support/docker-nodes.ts";

async function choose(
  host: HostOptions["host"],
  redis?: string,
): Promise<Pick<HostSource, "reason" | "kind"> & { text: string }> {
  const temporary = createTemporaryFolder();
  try {
    const { kind, reason, open } = await chooseHost({ host, redis, say: () => undefined });
    const opened = await open(temporary);
    await opened.stop(undefined);
    expect(opened.kind).toBe(kind);
    return { kind, reason, text: opened.description };
  } finally {
    temporary.remove();
  }
}

describe("the host of a run", () => {
  it("is plain processes when these were asked for", async () => {
    expect(await choose("process")).toMatchObject({ kind: "process", reason: undefined });
  });

  it("is plain processes when a path was named, which then must be that of a server", async () => {
    await expect(choose("auto", "/no/such/redis-server")).rejects.toThrow(/there is no such file/);
  });
});

describe.skipIf(dockerMissing)(`the host of a run${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  it("is Docker where an engine answers and the image is there", async () => {
    const image = await serverImage(containerRuntime(), {
      wanted: DEFAULT_VERSION,
      cacheFolder: cacheFolder(),
      say: () => undefined,
    });
    expect(await choose("auto")).toEqual({
      kind: "docker",
      reason: "as a container engine answers",
      text: `Docker ${containerRuntime().version}, ${image.server} (${image.name})`,
    });
    expect(await choose("docker", DEFAULT_VERSION)).toMatchObject({ kind: "docker", reason: undefined });
    expect(await choose("auto", DEFAULT_VERSION)).toMatchObject({
      kind: "docker",
      reason: "as --redis names an image",
    });
  });
});
