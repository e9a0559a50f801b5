/** Real nodes behind real proxies, and the context that faults act on. */
import { Links } from "../../network/links.ts";
import type { LinkRequest } from "../../network/links.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import type { FaultContext, FaultyWorker, LiveHistory } from "../../nemesis/fault.ts";
import type { Node } from "../../hosts/host.ts";
import { BUS_NODE, openProcessHost, PLAIN_NODE, startSpecs } from "./process-nodes.ts";
import type { TestHost } from "./process-nodes.ts";

export interface TestContext extends AsyncDisposable {
  readonly context: FaultContext;
  readonly test: TestHost;
  /** Of the API that drives the proxies of all links. */
  readonly toxiproxyUrl: string;
  node(name: string): Node;
}

/** Of a run in which nothing happens. */
export const SILENT: LiveHistory = { subscribe: () => () => undefined, now: () => 0, holder: () => undefined };

/** Every client gets a link to every node, and every node to every other. */
export async function openFaultContext(options: {
  readonly nodes: readonly string[];
  /** Sentinels that watch nobody. */
  readonly sentinels?: readonly string[];
  readonly clients: readonly string[];
  readonly workers?: readonly FaultyWorker[];
  /** Configuration lines of every node; those of `PLAIN_NODE` come first. */
  readonly config?: readonly string[];
  /** Nodes with a cluster bus, and links to it; each is a cluster of its own. */
  readonly bus?: boolean;
  /** One that nobody writes, unless said otherwise. */
  readonly history?: LiveHistory;
  /** Plain processes unless said otherwise. */
  readonly open?: () => Promise<TestHost>;
}): Promise<TestContext> {
  const test = await (options.open ?? openProcessHost)();
  const sentinels = options.sentinels ?? [];
  const [toxiproxy, nodes] = await Promise.all([
    startToxiproxyProcess({ seed: 1 }),
    startSpecs(test.host, [
      ...options.nodes.map((name) => {
        const kind = options.bus === true ? BUS_NODE : PLAIN_NODE;
        return { ...kind, config: [...kind.config, ...(options.config ?? [])], name };
      }),
      ...sentinels.map((name) => ({ ...PLAIN_NODE, kind: "sentinel" as const, config: [], name })),
    ]),
  ]);
  const requests = [...options.clients, ...options.nodes, ...sentinels].flatMap((from) =>
    nodes
      .filter((node) => node.name !== from)
      .flatMap((node): LinkRequest[] => {
        const listen = options.clients.includes(from) ? {} : { listenHost: test.host.proxyHost };
        return [
          { from, to: node.name, channel: "data", upstream: node.address, ...listen },
          ...(node.busAddress === undefined || options.clients.includes(from)
            ? []
            : [{ from, to: node.name, channel: "bus" as const, upstream: node.busAddress, ...listen }]),
        ];
      }),
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
    shutDown: () => Promise.resolve(),
    stall: () => Promise.resolve(),
    clockOffsetMs: () => Promise.resolve(0),
    shim: undefined,
  });
  const workers = new Map(
    [...options.clients.map(nobody), ...(options.workers ?? [])].map((worker) => [worker.name, worker]),
  );
  return {
    test,
    toxiproxyUrl: toxiproxy.url,
    context: {
      nodes: byName,
      workers,
      links,
      primaries: () => Promise.resolve(["n1"]),
      history: options.history ?? SILENT,
    },
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
