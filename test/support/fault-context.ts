/** Real nodes behind real proxies, and the context that faults act on. */
import { Links } from "../../network/links.ts";
import type { LinkRequest } from "../../network/links.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import type { FaultContext, FaultyWorker } from "../../nemesis/fault.ts";
import type { Node } from "../../hosts/host.ts";
import { openProcessHost, startNodes } from "./process-nodes.ts";
import type { TestHost } from "./process-nodes.ts";

export interface TestContext extends AsyncDisposable {
  readonly context: FaultContext;
  readonly test: TestHost;
  node(name: string): Node;
}

/** Every client gets a link to every node, and every node to every other. */
export async function openFaultContext(options: {
  readonly nodes: readonly string[];
  readonly clients: readonly string[];
  readonly workers?: readonly FaultyWorker[];
  /** Plain processes unless said otherwise. */
  readonly open?: () => Promise<TestHost>;
}): Promise<TestContext> {
  const test = await (options.open ?? openProcessHost)();
  const [toxiproxy, nodes] = await Promise.all([
    startToxiproxyProcess({ seed: 1 }),
    startNodes(test.host, ...options.nodes),
  ]);
  const requests = [...options.clients, ...options.nodes].flatMap((from) =>
    nodes
      .filter((node) => node.name !== from)
      .map((node): LinkRequest => ({
        from,
        to: node.name,
        channel: "data",
        upstream: node.address,
        ...(options.nodes.includes(from) ? { listenHost: test.host.proxyHost } : {}),
      })),
  );
  const links = await Links.create(toxiproxy.url, requests);
  for (const node of nodes) node.shim?.setConnections(links.connectionTable(node.name));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const nobody = (name: string): FaultyWorker => ({
    name,
    pid: () => undefined,
    state: () => "dead",
    signal: () => undefined,
    kill: () => Promise.resolve(),
    clockOffsetMs: () => Promise.resolve(0),
    shim: undefined,
  });
  const workers = new Map(
    [...options.clients.map(nobody), ...(options.workers ?? [])].map((worker) => [worker.name, worker]),
  );
  return {
    test,
    context: { nodes: byName, workers, links, primaries: () => Promise.resolve(["n1"]) },
    node: (name) => byName.get(name) ?? fail(name),
    async [Symbol.asyncDispose]() {
      await toxiproxy.stop();
      await test[Symbol.asyncDispose]();
    },
  };
}

function fail(name: string): never {
  throw new Error(`no node ${name}`);
}
