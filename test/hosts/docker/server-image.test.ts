import { describe, expect, it } from "vitest";
import { cacheFolder } from "../../../machine/cache-folder.ts";
import {
  DEFAULT_VERSION,
  IMAGE_SERVER,
  IMAGE_SHIM,
  isQuickToHave,
  serverImage,
} from "../../../hosts/docker/server-image.ts";
import { containerRuntime, dockerMissing, dockerNote, IMAGE_TIMEOUT_MS } from "../../support/docker-nodes.ts";

const request = (wanted: string, said: string[] = []) => ({
  wanted,
  cacheFolder: cacheFolder(),
  say: (line: string) => said.push(line),
});

describe.skipIf(dockerMissing)(`images of servers${dockerNote}`, { timeout: IMAGE_TIMEOUT_MS }, () => {
  it("are made once and then found", async () => {
    const runtime = containerRuntime();
    const image = await serverImage(runtime, request(DEFAULT_VERSION));
    expect(image.name).toBe(`redquake/redis:${DEFAULT_VERSION}`);
    expect(image.server).toBe(`redis-server ${image.version}`);
    expect(await isQuickToHave(runtime, DEFAULT_VERSION)).toBe(true);
    const said: string[] = [];
    expect(await serverImage(runtime, request(DEFAULT_VERSION, said))).toEqual(image);
    expect(said).toEqual([]);
  });

  it("have the server that they name, and the shim", async () => {
    const runtime = containerRuntime();
    const { name, version } = await serverImage(runtime, request(DEFAULT_VERSION));
    expect(await runtime.output(name, IMAGE_SERVER, ["--version"])).toContain(`v=${version}`);
    expect(await runtime.output(name, "/bin/ls", [IMAGE_SHIM])).toContain(IMAGE_SHIM);
  });

  it("cannot be made from an image that cannot be pulled, and the error says what there is", async () => {
    await expect(serverImage(containerRuntime(), request("127.0.0.1:1/team/redis:7"))).rejects.toThrow(
      /--redis "127\.0\.0\.1:1\/team\/redis:7" is neither an image that can be pulled nor one of 7\.0, 8\.0, valkey-8\.1/,
    );
  });

  it("are not there under a name that nobody has given", async () => {
    expect(await containerRuntime().imageLabels("redquake/redis:never")).toBeUndefined();
  });
});
