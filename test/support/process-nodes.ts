/** Real servers for tests: plain processes in a temporary folder that goes with them. */
import { buildShim } from "../../hosts/shim/shim-build.ts";
import { cacheFolder } from "../../machine/cache-folder.ts";
import { findComparators } from "../../hosts/programs/comparator-program.ts";
import type { Comparator, Host, Node, NodeSpec } from "../../hosts/host.ts";
import { ProcessHost } from "../../hosts/process/process-host.ts";
import { findRedisServer } from "../../hosts/programs/redis-binary.ts";
import { createTemporaryFolder } from "../../runner/run-folder.ts";

export interface TestHost extends AsyncDisposable {
  readonly host: Host;
  readonly folder: string;
}

/** @param comparators what its nodes may run beside Redis */
export async function openProcessHost(comparators: readonly Comparator[] = []): Promise<TestHost> {
  const temporary = createTemporaryFolder();
  const cache = cacheFolder();
  const [redis, shim] = await Promise.all([
    findRedisServer({ cacheFolder: cache, say: () => undefined }),
    buildShim(cache),
  ]);
  const host = new ProcessHost({
    folder: temporary.path,
    server: redis.server,
    version: redis.version,
    origin: redis.origin,
    comparators: await findComparators(comparators, { cacheFolder: cache, say: () => undefined }),
    shim,
    environment: {
      ...temporary.environment,
      ...(redis.libraryPath === undefined ? {} : { LD_LIBRARY_PATH: redis.libraryPath }),
    },
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

export const PLAIN_NODE: Omit<NodeSpec, "name"> = {
  kind: "redis",
  config: [`save ""`, "appendonly no", "repl-diskless-sync-delay 0"],
  bus: false,
  faulty: true,
};

export const BUS_NODE: Omit<NodeSpec, "name"> = {
  ...PLAIN_NODE,
  config: [...PLAIN_NODE.config, "cluster-enabled yes", "cluster-port {bus-port}"],
  bus: true,
};

/** Allocates and starts plain servers with these names. */
export function startNodes(host: Host, ...names: string[]): Promise<readonly Node[]> {
  return startSpecs(
    host,
    names.map((name) => ({ ...PLAIN_NODE, name })),
  );
}

export async function startSpecs(host: Host, specs: readonly NodeSpec[]): Promise<readonly Node[]> {
  const nodes = await host.allocate(specs);
  await Promise.all(nodes.map((node) => node.start({ keepData: false })));
  return nodes;
}
