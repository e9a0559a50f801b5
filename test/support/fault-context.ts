/** Real nodes behind real proxies, and the context that faults act on. */
import { Links } from "../../network/links.ts";
import type { LinkRequest } from "../../network/links.ts";
import { startToxiproxyProcess } from "../../network/toxiproxy-process.ts";
import type { FaultContext, FaultyWorker, LiveHistory } from "../../nemesis/fault.ts";
import type { Node, NodeSpec } from "../../hosts/host.ts";
import type { SystemPlan } from "../../history/plan.ts";
import { topologyOf } from "../../runner/plan/topology-of.ts";
import { systemOf } from "../../systems/registry.ts";
import type { System } from "../../systems/system.ts";
import { BUS_NODE, openProcessHost, PLAIN_NODE } from "./process-nodes.ts";
import type { OpenHost } from "../../runner/equipment/open-host.ts";

export interface TestContext extends AsyncDisposable {
  readonly context: FaultContext;
  readonly test: OpenHost;
  /** The URL of the API that drives the proxies of all links. */
  readonly toxiproxyUrl: string;
  node(name: string): Node;
}

/** The context of a run in which nothing happens. */
const SILENT: LiveHistory = { subscribe: () => () => undefined, now: () => 0, holder: () => undefined };

/** Every client gets a link to every node, and every node to every other. */
export function openFaultContext(options: {
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
  readonly open?: () => Promise<OpenHost>;
}): Promise<TestContext> {
  const { clients, workers = [], sentinels = [], history = SILENT, open } = options;
  const specs = [
    ...options.nodes.map((name) => {
      const kind = options.bus === true ? BUS_NODE : PLAIN_NODE;
      return { ...kind, config: [...kind.config, ...(options.config ?? [])], name };
    }),
    ...sentinels.map((name) => ({ ...PLAIN_NODE, kind: "sentinel" as const, config: [], name })),
  ];
  const unrelated: System = {
    kind: "independent",
    specs,
    linked: () => true,
    start: async (nodes) => void (await Promise.all(nodes.map((node) => node.start({ keepData: false })))),
    primaries: () => Promise.resolve(["n1"]),
    settled: () => Promise.resolve(),
  };
  return openContext(unrelated, { clients, workers, history, ...(open === undefined ? {} : { open }) });
}

/** A topology as runs have it, with a link for every client too. */
export async function openSystemContext(
  plan: SystemPlan,
  options: { readonly clients?: readonly string[]; readonly open?: () => Promise<OpenHost> } = {},
): Promise<TestContext & { readonly system: System }> {
  const system = systemOf(plan);
  const test = await openContext(system, { clients: [], workers: [], history: SILENT, ...options });
  return { ...test, system };
}

async function openContext(
  system: System,
  options: {
    readonly clients: readonly string[];
    readonly workers: readonly FaultyWorker[];
    readonly history: LiveHistory;
    readonly open?: () => Promise<OpenHost>;
  },
): Promise<TestContext> {
  const { clients, open = openProcessHost } = options;
  const test = await open();
  const [toxiproxy, nodes] = await Promise.all([startToxiproxyProcess({ seed: 1 }), test.host.allocate(system.specs)]);
  const { proxyHost: listenHost } = test.host;
  const specs = new Map<string, NodeSpec>(system.specs.map((spec) => [spec.name, spec]));
  const requests = [...clients, ...specs.keys()].flatMap((from) =>
    nodes
      .filter((node) => node.name !== from)
      .flatMap((node): LinkRequest[] => {
        const spec = specs.get(from);
        const data = { from, to: node.name, channel: "data" as const, protocol: node.protocol, upstream: node.address };
        if (spec === undefined) return [data];
        if (!system.linked(spec, node.spec)) return [];
        const bus = { from, to: node.name, channel: "bus" as const, upstream: node.busAddress };
        return [data, bus].flatMap(({ upstream, ...each }) =>
          upstream === undefined ? [] : [{ ...each, upstream, listenHost }],
        );
      }),
  );
  const links = await Links.create(toxiproxy, requests);
  for (const node of nodes) node.shim?.setConnections(links.connectionTable(node.name));
  await system.start(nodes);
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
  const workers = new Map([...clients.map(nobody), ...options.workers].map((worker) => [worker.name, worker]));
  return {
    test,
    toxiproxyUrl: toxiproxy.url,
    context: {
      nodes: byName,
      workers,
      links,
      primaries: () => system.primaries(nodes),
      topology: topologyOf(system, nodes),
      history: options.history,
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
