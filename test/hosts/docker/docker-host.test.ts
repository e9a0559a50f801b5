/** What a host in Docker does where the engine has no room for its network. */
import { describe, expect, it } from "vitest";
import { DockerHost } from "../../../hosts/docker/docker-host.ts";
import type { DockerHostOptions } from "../../../hosts/docker/docker-host.ts";
import { subnets } from "../../../hosts/docker/subnets.ts";
import { containerLabels } from "../../../runner/equipment/clean-containers.ts";
import { createTemporaryFolder } from "../../../runner/run-folder.ts";
import { containerRuntime, dockerMissing, dockerNote } from "../../support/docker-nodes.ts";

describe.skipIf(dockerMissing)(`the network of a run in Docker${dockerNote}`, () => {
  it("takes a range that is free, and says so when none is left", async () => {
    const temporary = createTemporaryFolder();
    const options = (run: string): DockerHostOptions => ({
      runtime: containerRuntime(),
      image: { name: "none", server: "redis-server 0.0.0", version: "0.0.0" },
      run,
      labels: containerLabels(temporary.coordinator),
      folder: temporary.path,
      environment: {},
    });
    const first = await DockerHost.open(options(`${temporary.run}-1`));
    try {
      const inUse = [...subnets()].filter(({ gateway }) => gateway === first.proxyHost);
      expect(inUse).toHaveLength(1);
      await expect(DockerHost.open(options(`${temporary.run}-2`), inUse)).rejects.toThrow(
        /no address range is left for the run's network: all 1 that were tried, of 10\.213\.0\.0\/16, belong to other networks; remove/,
      );
      const second = await DockerHost.open(options(`${temporary.run}-2`), [...inUse, ...subnets()]);
      expect(second.proxyHost).not.toBe(first.proxyHost);
      await second.stop(undefined);
    } finally {
      await first.stop(undefined);
      temporary.remove();
    }
  });
});
