/** Everything that is up during a run: nodes, proxies, workers. Opened in parallel, closed completely. */
import { join } from "node:path";
import type { Plan } from "../history/plan.ts";
import type { Recorder } from "../history/live/recorder.ts";
import type { Host, Node, NodeSpec } from "../hosts/host.ts";
import { ShimControl } from "../hosts/shim/shim-control.ts";
import { sentBy } from "../network/client-traffic.ts";
import { Links } from "../network/links.ts";
import type { LinkRequest } from "../network/links.ts";
import { assertListening } from "../network/reachable.ts";
import { embeddedToxiproxy } from "../network/toxiproxy-process.ts";
import type { ToxiproxyServer } from "../network/toxiproxy-server.ts";
import type { Barriers } from "../nemesis/barriers.ts";
import type { FaultContext } from "../nemesis/fault.ts";
import { namesResource, RESOURCE as RESOURCE_NAME } from "../nemesis/targets.ts";
import { systemOf } from "../systems/registry.ts";
import { comparatorsOf } from "../systems/system.ts";
import type { System } from "../systems/system.ts";
import { CLIENT_LIBRARIES, installClientLibrary } from "../workloads/clients/client-library.ts";
import type { NodeAddress } from "../workloads/workload.ts";
import { chooseHost } from "./equipment/choose-host.ts";
import type { HostOptions } from "./equipment/choose-host.ts";
import { installLibraries } from "./plan/install-libraries.ts";
import { HarnessError } from "./harness-error.ts";
import { RunningHistory } from "./live-history.ts";
import type { RunOptions } from "./run.ts";
import type { TemporaryFolder } from "./run-folder.ts";
import { topologyOf } from "./plan/topology-of.ts";
import { WorkerProcess } from "./worker-process.ts";
import type { ToWorker } from "./worker/messages.ts";

/** The server that no fault touches, but for its links where a plan asks for that: the resource that locks protect. */
const RESOURCE: NodeSpec = {
  name: RESOURCE_NAME,
  kind: "redis",
  config: ['save ""', "appendonly no"],
  bus: false,
  faulty: false,
};

export interface StagePlaces {
  readonly temporary: TemporaryFolder;
  /** The folder of the stored run. */
  readonly folder: string;
  readonly historyFile: string;
  readonly recorder: Recorder;
}

export class Stage {
  readonly system: System;
  readonly recorder: Recorder;
  readonly workers: WorkerProcess[] = [];
  /** Rejects when the harness itself fails: a worker, or the proxies' process. Never resolves. */
  readonly failure: Promise<never>;
  /** Resolves when every worker is connected. */
  ready: Promise<unknown> = Promise.resolve();
  nodes: readonly Node[] = [];
  #fail: (error: Error) => void;
  #resource: Node | undefined;
  readonly #resourceHasLinks: boolean;
  /** The controls of the fault shim in the workers; those in the nodes are their host's. */
  readonly #shimControls: ShimControl[] = [];
  #links: Links | undefined;
  #host: Host | undefined;
  #reason: string | undefined;
  #toxiproxy: ToxiproxyServer | undefined;
  #history: RunningHistory | undefined;

  private constructor(plan: Plan, recorder: Recorder) {
    this.system = systemOf(plan.system);
    this.recorder = recorder;
    this.#resourceHasLinks = namesResource(plan.faults);
    const failure = Promise.withResolvers<never>();
    this.failure = failure.promise;
    this.failure.catch(() => undefined);
    this.#fail = failure.reject;
  }

  /** Starts all that the plan needs. @throws HarnessError, HostError after closing again what was already up. */
  static async open(plan: Plan, options: RunOptions, places: StagePlaces): Promise<Stage> {
    const stage = new Stage(plan, places.recorder);
    try {
      await stage.#start(plan, options, places);
      return stage;
    } catch (error) {
      await stage.close(join(places.folder, "logs"));
      throw error;
    }
  }

  get host(): Host {
    return assertPresent(this.#host, "host");
  }

  get toxiproxy(): ToxiproxyServer {
    return assertPresent(this.#toxiproxy, "Toxiproxy");
  }

  /**
   * All that was started for the run to use: the nodes under test, and the resource, whose end is as much of an
   * accident.
   */
  get servers(): readonly Node[] {
    return this.#resource === undefined ? this.nodes : [...this.nodes, this.#resource];
  }

  /** One line for people: what runs where. */
  get description(): string {
    const reason = this.#reason === undefined ? "" : `, ${this.#reason}`;
    return `${this.host.description}${reason}; Toxiproxy ${this.toxiproxy.description}${this.host.shimMissing === undefined ? "" : "; no fault shim"}`;
  }

  get faultContext(): FaultContext {
    return {
      nodes: new Map(this.nodes.map((node) => [node.name, node])),
      workers: new Map(this.workers.map((worker) => [worker.name, worker])),
      links: assertPresent(this.#links, "links"),
      ...(this.#resourceHasLinks ? { resource: assertPresent(this.#resource, "resource") } : {}),
      history: assertPresent(this.#history, "history"),
      primaries: () => this.system.primaries(this.nodes),
      topology: topologyOf(this.system, this.nodes),
    };
  }

  get barriers(): Barriers {
    return {
      arm: (name, point, occurrence) => {
        const worker = this.workers.find((candidate) => candidate.name === name);
        if (worker === undefined)
          throw new TypeError(`the plan waits for the worker ${JSON.stringify(name)}, which this run does not have`);
        return worker.arm(point, occurrence);
      },
    };
  }

  /** How many bytes each worker has sent so far to the nodes under test; undefined where the proxies do not count. */
  async traffic(): Promise<ReadonlyMap<string, number> | undefined> {
    const counts = await this.toxiproxy.fromClients?.();
    if (counts === undefined) return undefined;
    const workers = new Set(this.workers.map(({ name }) => name));
    const links = assertPresent(this.#links, "links").all.filter(
      ({ from, to }) => workers.has(from) && to !== RESOURCE_NAME,
    );
    return sentBy(links, counts, this.toxiproxy.proxyPrefix);
  }

  tellWorkers(message: ToWorker): void {
    for (const worker of this.workers) worker.send(message);
  }

  /** Ends the run's waits with this error, unless there was one before. */
  fail(error: Error): void {
    this.#fail(error);
  }

  async close(logs: string): Promise<void> {
    // Last comes first, and none is left out when another one fails.
    await using steps = new AsyncDisposableStack();
    steps.defer(() => this.#host?.stop(logs));
    steps.defer(() => this.#toxiproxy?.stop());
    steps.defer(() => {
      for (const control of this.#shimControls) control.close();
    });
    steps.defer(() => Promise.all(this.workers.map((worker) => worker.kill())).then(() => undefined));
    this.#history?.[Symbol.dispose]();
  }

  async #start(plan: Plan, options: RunOptions, places: StagePlaces): Promise<void> {
    const { temporary, folder, historyFile, recorder } = places;
    this.#history = new RunningHistory(
      plan,
      historyFile,
      () => recorder.now(),
      (error) => this.#fail(new HarnessError(`the history cannot be followed: ${error.message}`)),
    );
    const chosen =
      typeof options.host === "string" ? await chooseHost(wantedHost(options.host, options)) : options.host;
    const comparators = comparatorsOf(this.system);
    await Promise.all(comparators.map((each) => installClientLibrary(CLIENT_LIBRARIES[each])));
    await installLibraries(plan);
    const host = (this.#host = await chosen.open(temporary, comparators));
    this.#reason = chosen.reason;
    this.#forkWorkers(plan, chosen.shimLibrary, places, (text) => options.observer({ kind: "note", text }));
    // Both are awaited even when one fails: what is still starting could not be closed.
    const [toxiproxy, nodes] = await Promise.allSettled([
      (options.toxiproxy ?? embeddedToxiproxy).open({
        run: temporary.run,
        coordinator: temporary.coordinator,
        seed: plan.seed,
        logFile: join(folder, "logs", "toxiproxy.log"),
        environment: temporary.environment,
      }),
      host.allocate([...this.system.specs, RESOURCE]),
    ]);
    if (toxiproxy.status === "rejected") throw toxiproxy.reason;
    const server = (this.#toxiproxy = toxiproxy.value);
    if (nodes.status === "rejected") throw nodes.reason;
    this.nodes = nodes.value.slice(0, -1);
    this.#resource = nodes.value.at(-1);
    server.onExit((how) =>
      this.#fail(
        new HarnessError(`the run lost its proxies: ${how}; what it logged, if anything, is in logs/toxiproxy.log`),
      ),
    );
    const links = (this.#links = await Links.create(server, this.#linkRequests()));
    await assertListening(server.url, links.all);
    for (const node of this.nodes) node.shim?.setConnections(links.connectionTable(node.name));
    for (const worker of this.workers) worker.shim?.setConnections(links.connectionTable(worker.name));
    await Promise.all([
      this.system.start(this.nodes),
      assertPresent(this.#resource, "resource").start({ keepData: false }),
    ]);
    this.ready = Promise.all(this.workers.map((worker, i) => this.#setUp(worker, i, plan, places)));
    this.ready.catch(() => undefined);
  }

  #forkWorkers(
    plan: Plan,
    shimLibrary: string | undefined,
    { temporary, folder }: StagePlaces,
    note: (text: string) => void,
  ): void {
    for (const { name } of plan.workers) {
      const shim =
        shimLibrary === undefined
          ? undefined
          : { control: ShimControl.create(join(temporary.path, `${name}.shim`)), library: shimLibrary };
      // At once: a worker that cannot be started leaves its controls to us, too.
      if (shim !== undefined) this.#shimControls.push(shim.control);
      const worker = new WorkerProcess({
        name,
        environment: temporary.environment,
        logFile: join(folder, "logs", `${name}.log`),
        note,
        shim,
      });
      worker.ended.catch((error: unknown) => this.#fail(error as Error));
      this.workers.push(worker);
    }
  }

  /** Every worker to every node, and every ordered pair of nodes that ever connect. */
  #linkRequests(): LinkRequest[] {
    const behindLinks = [...this.nodes, ...(this.#resourceHasLinks ? [assertPresent(this.#resource, "resource")] : [])];
    const fromWorkers = this.workers.flatMap((worker) =>
      behindLinks.map((node): LinkRequest => ({
        from: worker.name,
        to: node.name,
        channel: "data",
        protocol: node.protocol,
        upstream: node.address,
      })),
    );
    const listenHost = this.host.proxyHost;
    const fromNodes = this.nodes.flatMap((from) =>
      this.nodes
        .filter((to) => to !== from && this.system.linked(from.spec, to.spec))
        .flatMap((to): LinkRequest[] => [
          { from: from.name, to: to.name, channel: "data", protocol: to.protocol, upstream: to.address, listenHost },
          ...(to.busAddress === undefined
            ? []
            : [{ from: from.name, to: to.name, channel: "bus" as const, upstream: to.busAddress, listenHost }]),
        ]),
    );
    return [...fromWorkers, ...fromNodes];
  }

  #setUp(worker: WorkerProcess, i: number, plan: Plan, { historyFile }: StagePlaces): Promise<void> {
    const planned = plan.workers[i];
    if (planned === undefined) throw new RangeError(`the plan has no worker ${i}`);
    const links = assertPresent(this.#links, "links");
    return worker.setUp({
      worker: worker.name,
      modules: plan.modules ?? [],
      workload: plan.workload,
      role: planned.role,
      options: { ...plan.options, ...planned.options },
      profile: plan.profile,
      system: plan.system.kind,
      seed: planned.seed,
      firstProcess: i,
      processStep: this.workers.length,
      nodes: this.nodes.map((node): NodeAddress => ({
        name: node.name,
        kind: node.spec.kind,
        announced: node.address,
        proxied: links.endpoint(worker.name, node.name),
      })),
      resource: this.#resourceHasLinks
        ? links.endpoint(worker.name, RESOURCE_NAME)
        : assertPresent(this.#resource, "resource").address,
      historyFile,
      origin: String(this.recorder.origin),
    });
  }
}

function wantedHost(host: HostOptions["host"], { redis, observer }: RunOptions): HostOptions {
  return { host, redis, say: (text) => observer({ kind: "note", text }) };
}

function assertPresent<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new HarnessError(`the ${what} is not there yet`);
  return value;
}
