/** The entry of a worker process: plays one role of a workload, and ends when the coordinator does. */
import { Recorder } from "../../history/live/recorder.ts";
import { seededRandom } from "../../history/random.ts";
import { closeConnections } from "../../workloads/clients/connection.ts";
import { AdapterError } from "../../workloads/adapter/adapter-error.ts";
import { roleNamed } from "../../workloads/registry.ts";
import type { Completion, WorkerContext } from "../../workloads/workload.ts";
import { nameSourcesInStacks } from "../../machine/source-stacks.ts";
import { BarrierGate } from "./barrier-gate.ts";
import { logicalClient } from "./logical-client.ts";
import type { FromWorker, ToWorker, WorkerSetup } from "./messages.ts";

nameSourcesInStacks();

const REPORT_EVERY_MS = 250;

/** Node's own: an adapter's call is caught while it is open. */
const exit = process.exit.bind(process);

const loading = new AbortController();
const settling = new AbortController();
const load = Promise.withResolvers<void>();
const final = Promise.withResolvers<void>();
/** Somebody told this worker to go, and what may still take a while is not waited for. */
const leaving = Promise.withResolvers<void>();
let playing = false;
const gate = new BarrierGate({
  arrived: (id) => send({ kind: "arrived", id }),
  unreachable: (id, why) => send({ kind: "unreachable", id, why }),
});

// A worker never outlives its coordinator, which lets go of the channel also when it has heard the worker's last word.
process.on("disconnect", () => exit(0));
process.on("SIGTERM", () => {
  if (!playing) exit(0);
  load.resolve();
  loading.abort();
  settling.abort();
  leaving.resolve();
});
process.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "setup":
      playing = true;
      void play(message.setup).catch(failed);
      break;
    case "load":
      load.resolve();
      break;
    case "end-load":
      loading.abort();
      break;
    case "end-settle":
      settling.abort();
      break;
    case "final":
      final.resolve();
      break;
    case "arm":
      gate.arm(message.id, message.point, message.occurrence);
      break;
    case "proceed":
      gate.proceed(message.id);
      break;
    case "clock":
      send({ kind: "clock", id: message.id, now: Date.now() });
      break;
    case "stall":
      // Only when the word is out: nothing leaves this process while it is busy.
      process.send?.({ kind: "stalling", id: message.id } satisfies FromWorker, () => stall(message.ms));
      break;
  }
});

async function play(setup: WorkerSetup): Promise<void> {
  await loadOwn(setup);
  const role = roleNamed(setup.workload, setup.role);
  const recorder = new Recorder(setup.historyFile, BigInt(setup.origin));
  const counts: Record<Completion["type"], number> = { ok: 0, fail: 0, info: 0 };
  let processes = 0;
  const noFinalReads = Promise.withResolvers<void>();
  const context: WorkerContext = {
    worker: setup.worker,
    options: setup.options,
    profile: setup.profile,
    system: setup.system,
    nodes: setup.nodes,
    resource: setup.resource,
    random: seededRandom(setup.seed),
    client: () =>
      logicalClient({
        recorder,
        worker: setup.worker,
        nextProcess: () => setup.firstProcess + setup.processStep * processes++,
        count: (type) => (counts[type] += 1),
      }),
    ready: () => {
      send({ kind: "ready" });
      return load.promise;
    },
    loading: loading.signal,
    settling: settling.signal,
    final: () => {
      send({ kind: "awaits-final" });
      void leaving.promise.then(noFinalReads.resolve);
      return final.promise;
    },
    note: (text) => send({ kind: "note", text: `${setup.worker}: ${text}` }),
    barrier: (point) => {
      // The nemesis may strike as soon as it hears of the arrival.
      recorder.flush();
      return gate.arrive(point);
    },
    unreachable: (point, why) => gate.exclude(point, why),
  };
  const report = setInterval(() => send({ kind: "operations", ...counts }), REPORT_EVERY_MS);
  await Promise.race([role.play(context), noFinalReads.promise]);
  clearInterval(report);
  closeConnections();
  recorder.close();
  send({ kind: "operations", ...counts });
  send({ kind: "done" });
}

/** Every run starts many workers, so what most of them do not need, such as the kinds of faults, is not loaded. */
async function loadOwn(setup: WorkerSetup): Promise<void> {
  if (setup.modules.length === 0) return;
  const { loadOwnModules } = await import("../plan/own-modules.ts");
  await loadOwnModules(setup);
}

/** Monotonic: a stall does not become longer because a clock was moved. */
function stall(ms: number): void {
  const end = process.hrtime.bigint() + BigInt(Math.round(ms * 1_000_000));
  while (process.hrtime.bigint() < end);
}

function send(message: FromWorker): void {
  if (process.connected) process.send?.(message);
}

function failed(error: unknown): void {
  const byAdapter = error instanceof AdapterError;
  const message = byAdapter || !(error instanceof Error) ? String(byAdapter ? error.message : error) : stackOf(error);
  process.stderr.write(`${message}\n`);
  if (!process.connected) exit(1);
  send({ kind: "failed", message, by: byAdapter ? "adapter" : "harness" });
}

function stackOf(error: Error): string {
  return error.stack ?? error.message;
}
