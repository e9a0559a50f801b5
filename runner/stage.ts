/** Everything that is up during a run: nodes, proxies, workers. Opened in parallel, closed completely. */
import { join } from "node:path";
import type { Plan } from "../history/plan.ts";
import type { Recorder } from "../history/recorder.ts";
import type { Host, Node, NodeSpec } from "../hosts/host.ts";
import { ShimControl } from "../hosts/shim-control.ts";
import { Links } from "../network/links.ts";
import type { LinkRequest } from "../network/links.ts";
import { startToxiproxyProcess } from "../network/toxiproxy-process.ts";
import type { ToxiproxyProcess } from "../network/toxiproxy-process.ts";
import type { Barriers } from "../nemesis/barriers.ts";
import type { FaultContext } from "../nemesis/fault.ts";
import { systemOf } from "../systems/registry.ts";
import type { System } from "../systems/system.ts";
import type { NodeAddress } from "../workloads/workload.ts";
import { chooseHost } from "./choose-host.ts";
import { HarnessError } from "./harness-error.ts";
import { RunningHistory } from "./live-history.ts";
import type { RunOptions } from "./run.ts";
import type { TemporaryFolder } from "./run-folder.ts";
import { topologyOf } from "./topology-of.ts";
import { WorkerProcess } from "./worker-process.ts";
import type { ToWorker } from "./worker/messages.ts";

/** The server that no fault touches: the resource that locks protect. */
const RESOURCE: NodeSpec = {
  name: "resource",
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
  #links: Links | undefined;
  #host: Host | undefined;
  #reason: string | undefined;
  #toxiproxy: ToxiproxyProcess | undefined;
  #history: RunningHistory | undefined;

  private constructor(plan: Plan, recorder: Recorder) {
    this.system = systemOf(plan.system);
    this.recorder = recorder;
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

  get toxiproxy(): ToxiproxyProcess {
    return assertPresent(this.#toxiproxy, "Toxiproxy");
  }

  /** One line for people: what runs where. */
  get description(): string {
    const reason = this.#reason === undefined ? "" : `, ${this.#reason}`;
    return `${this.host.description}${reason}; Toxiproxy ${this.toxiproxy.version} (embedded)${this.host.shimMissing === undefined ? "" : "; no fault shim"}`;
  }

  get faultContext(): FaultContext {
    return {
      nodes: new Map(this.nodes.map((node) => [node.name, node])),
      workers: new Map(this.workers.map((worker) => [worker.name, worker])),
      links: assertPresent(this.#links, "links"),
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

  tellWorkers(message: ToWorker): void {
    for (const worker of this.workers) worker.send(message);
  }

  /** After the heal every node must be up: one that ended by itself makes the run worthless. */
  async assertNodesRun(): Promise<void> {
    for (const node of this.nodes) {
      // The process table knows of an end before we are told of it.
      if ((await node.state()) === "dead")
        throw new HarnessError(`${node.name} ended by itself; its log ends with:\n${node.logTail(15)}`);
    }
  }

  async close(logs: string): Promise<void> {
    this.#history?.[Symbol.dispose]();
    await Promise.all(this.workers.map((worker) => worker.kill()));
    await this.#toxiproxy?.stop();
    await this.#host?.stop(logs);
  }

  async #start(plan: Plan, options: RunOptions, places: StagePlaces): Promise<void> {
    const { temporary, folder, historyFile, recorder } = places;
    this.#history = new RunningHistory(
      plan,
      historyFile,
      () => recorder.now(),
      (error) => this.#fail(new HarnessError(`the history cannot be followed: ${error.message}`)),
    );
    const chosen = await chooseHost(options, temporary);
    const host = (this.#host = chosen.host);
    this.#reason = chosen.reason;
    this.#forkWorkers(plan, chosen.shimLibrary, places);
    // Both are awaited even when one fails: what is still starting could not be closed.
    const [toxiproxy, nodes] = await Promise.allSettled([
      startToxiproxyProcess({
        seed: plan.seed,
        logFile: join(folder, "logs", "toxiproxy.log"),
        env: temporary.environment,
      }),
      host.allocate([...this.system.specs, RESOURCE]),
    ]);
    if (toxiproxy.status === "rejected") throw toxiproxy.reason;
    this.#toxiproxy = toxiproxy.value;
    if (nodes.status === "rejected") throw nodes.reason;
    this.nodes = nodes.value.slice(0, -1);
    this.#resource = nodes.value.at(-1);
    this.#toxiproxy.onExit((how) =>
      this.#fail(new HarnessError(`the Toxiproxy process ended by itself (${how}); see logs/toxiproxy.log`)),
    );
    const links = (this.#links = await Links.create(this.#toxiproxy.url, this.#linkRequests()));
    for (const node of this.nodes) node.shim?.setConnections(links.connectionTable(node.name));
    for (const worker of this.workers) worker.shim?.setConnections(links.connectionTable(worker.name));
    await Promise.all([
      this.system.start(this.nodes),
      assertPresent(this.#resource, "resource").start({ keepData: false }),
    ]);
    this.ready = Promise.all(this.workers.map((worker, i) => this.#setUp(worker, i, plan, places)));
    this.ready.catch(() => undefined);
  }

  #forkWorkers(plan: Plan, shimLibrary: string | undefined, { temporary, folder }: StagePlaces): void {
    for (const { name } of plan.workers) {
      const shim =
        shimLibrary === undefined
          ? undefined
          : { control: ShimControl.create(join(temporary.path, `${name}.shim`)), library: shimLibrary };
      const worker = new WorkerProcess({
        name,
        environment: temporary.environment,
        logFile: join(folder, "logs", `${name}.log`),
        shim,
      });
      worker.ended.catch((error: unknown) => this.#fail(error as Error));
      this.workers.push(worker);
    }
  }

  /** Every worker to every node, and every ordered pair of nodes that ever connect. */
  #linkRequests(): LinkRequest[] {
    const fromWorkers = this.workers.flatMap((worker) =>
      this.nodes.map((node): LinkRequest => ({
        from: worker.name,
        to: node.name,
        channel: "data",
        upstream: node.address,
      })),
    );
    const listenHost = this.host.proxyHost;
    const fromNodes = this.nodes.flatMap((from) =>
      this.nodes
        .filter((to) => to !== from && this.system.linked(from.spec, to.spec))
        .flatMap((to): LinkRequest[] => [
          { from: from.name, to: to.name, channel: "data", upstream: to.address, listenHost },
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
      resource: assertPresent(this.#resource, "resource").address,
      historyFile,
      origin: String(this.recorder.origin),
    });
  }
}

function assertPresent<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new HarnessError(`the ${what} is not there yet`);
  return value;
}
