/**
 * A run from start to end: start → ready → load with faults → heal → probe that every link works → settle → final reads
 * → stop. Whatever happens, the faults are healed, the history is kept, and nothing that was started is left.
 */
import { join } from "node:path";
import type { FaultMoment, LinksProbed, Phase, TrafficCounted, Unsettled } from "../history/nemesis-event.ts";
import { NEMESIS } from "../history/operation.ts";
import type { Json } from "../history/operation.ts";
import { isOutOfSpace } from "../history/live/keep-document.ts";
import type { Plan } from "../history/plan.ts";
import { Recorder, RecordingError } from "../history/live/recorder.ts";
import type { Node } from "../hosts/host.ts";
import { pause } from "../machine/long-timeout.ts";
import { Nemesis } from "../nemesis/nemesis.ts";
import { probeOpenLink } from "../network/link-probe.ts";
import { UnsettledError } from "../systems/unsettled.ts";
import { electionWarning } from "./plan/election-warning.ts";
import { CutShortError, HarnessError } from "./harness-error.ts";
import { assertNodesRun, watchNodes } from "./node-watch.ts";
import { numberHistory } from "./number-history.ts";
import type { RunOptions, RunPlan, RunResult } from "./run.ts";
import { createTemporaryFolder } from "./run-folder.ts";
import { RunRecord } from "./run-record.ts";
import { Stage } from "./stage.ts";
import type { WorkerProcess } from "./worker-process.ts";

/** How long the load may go on beyond its time, for planned faults that are late, and for what is to follow them. */
const TRIGGER_PATIENCE_MS = 20_000;
/** How long clients may take to finish what they do when the load ends. */
const FINISH_TIMEOUT_MS = 30_000;
const LINK_PATIENCE_MS = 5_000;
const HISTORY_FILE = "history.jsonl";
const LOGS = "logs";
const REPORT_EVERY_MS = 250;

export const runPlan: RunPlan = async (plan: Plan, options: RunOptions): Promise<RunResult> => {
  let record: RunRecord | undefined;
  try {
    record = new RunRecord(plan, options);
    options.began?.(record.folder);
    const end = await makeRun(plan, options, record);
    // Only here: of a run that failed, the lines stay as they were written.
    await numberHistory(join(record.folder, HISTORY_FILE));
    // Last: whatever fails before, the stored run says that it has not ended.
    record.ended(end.interrupted || end.cutShort !== undefined);
    return { folder: record.folder, ...end };
  } catch (error) {
    const failure = explained(error);
    if (record !== undefined) recordFailure(record, failure, options);
    throw failure;
  }
};

function recordFailure(record: RunRecord, failure: unknown, { observer }: RunOptions): void {
  try {
    record.failed(failure instanceof Error ? failure.message : String(failure));
  } catch (error) {
    // The failure itself goes on to the caller.
    const text = `that the run failed could not be stored in ${record.folder}: ${(error as Error).message}`;
    observer({ kind: "note", text });
  }
}

/** Makes the run and tells how it ended. Every step of the clean-up is taken, whatever happens before or in it. */
async function makeRun(plan: Plan, options: RunOptions, record: RunRecord): Promise<Omit<RunResult, "folder">> {
  const { folder } = record;
  await using cleanUp = new AsyncDisposableStack();
  const temporary = createTemporaryFolder(
    `${plan.campaign} with seed ${plan.seed}, stored in ${folder}`,
    options.coordinator,
  );
  cleanUp.defer(() => temporary.remove());
  const historyFile = join(folder, HISTORY_FILE);
  const recorder = new Recorder(historyFile, process.hrtime.bigint());
  cleanUp.defer(() => recorder.close());
  const phase = (name: Phase): void => {
    recorder.record({ process: NEMESIS, type: "info", f: "phase", value: { phase: name } });
    options.observer({ kind: "phase", phase: name });
  };
  phase("start");
  const warning = electionWarning(plan);
  if (warning !== undefined) options.observer({ kind: "note", text: `warning: ${warning}` });
  try {
    const stage = await Stage.open(plan, options, { temporary, folder, historyFile, recorder });
    cleanUp.defer(() => stage.close(join(folder, LOGS)));
    options.observer({ kind: "note", text: `host: ${stage.description}` });
    record.opened(stage);
    return { interrupted: !(await play(plan, options, stage, phase)) };
  } catch (error) {
    const first = explained(error);
    if (first instanceof HarnessError && first.cause instanceof RecordingError) throw error;
    const reason = first instanceof Error ? first.message : String(first);
    recorder.record({ process: NEMESIS, type: "info", f: "cut-short", value: { reason } });
    // The caller tells the reason of any other end, as it gets the error.
    const why = first instanceof CutShortError ? `${reason}\n` : "";
    options.observer({ kind: "note", text: `${why}what was recorded until then is in ${folder}` });
    if (first instanceof CutShortError) return { interrupted: false, cutShort: reason };
    throw error;
  }
}

/** The first thing that went wrong, in words that say what to do. */
function explained(error: unknown): unknown {
  // What a step of the clean-up threw comes wrapped around what had gone wrong before.
  if (error instanceof SuppressedError) return explained(error.suppressed);
  if (error instanceof RecordingError) return new HarnessError(error.message, { cause: error });
  if (!isOutOfSpace(error)) return error;
  const message = "the disk is full; free some space, or choose another place with --results";
  return new HarnessError(`${message} (${(error as Error).message})`, { cause: error });
}

/** What the phases of a run share. */
interface Play {
  readonly plan: Plan;
  readonly options: RunOptions;
  readonly stage: Stage;
  readonly nemesis: Nemesis;
  readonly loadEnd: AbortController;
  /** Aborted when nobody waits any more. */
  readonly over: AbortSignal;
  /** Waits, but not longer than until the user interrupts; a failure of the harness ends the wait with an error. */
  readonly orInterrupted: <T>(wait: Promise<T>) => Promise<T | void>;
  readonly phase: (name: Phase) => void;
  /** What did not come in time after the heal: of the system under test, and of clients that wait for it. */
  readonly unsettled: Unsettled[];
}

/** Resolves with whether the plan came to its end, which it does not when the user interrupts. */
async function play(plan: Plan, options: RunOptions, stage: Stage, phase: (name: Phase) => void): Promise<boolean> {
  const { signal, observer } = options;
  const interrupted = Promise.withResolvers<void>();
  const interrupt = (): void => interrupted.resolve();
  if (signal.aborted) interrupt();
  // The signal is that of a whole session, whose runs must not all stay with it.
  signal.addEventListener("abort", interrupt, { once: true });
  using ending = new DisposableStack();
  ending.defer(() => signal.removeEventListener("abort", interrupt));
  const over = new AbortController();
  ending.defer(() => over.abort());
  const loadEnd = new AbortController();
  const nemesis = new Nemesis({
    faults: plan.faults,
    context: stage.faultContext,
    barriers: stage.barriers,
    loadEnd: loadEnd.signal,
    loadMs: plan.loadMs,
    record: (kind: string, moment: FaultMoment) => {
      stage.recorder.record({ process: NEMESIS, type: "info", f: kind, value: moment as unknown as Json });
      observer({ kind: "fault", moment });
    },
  });
  const orInterrupted: Play["orInterrupted"] = (wait) => Promise.race([wait, interrupted.promise, stage.failure]);
  const all: Play = { plan, options, stage, nemesis, loadEnd, over: over.signal, orInterrupted, phase, unsettled: [] };

  const isExcused = (node: Node): boolean => nemesis.mayHaveEnded(node.name);
  watchNodes(stage.servers, isExcused, over.signal).catch((error: unknown) => stage.fail(error as Error));
  try {
    await orInterrupted(stage.ready);
    const traffic = signal.aborted ? undefined : await orInterrupted(stage.traffic());
    if (!signal.aborted) await playLoad(all);
    if (!signal.aborted) await settle(all);
    if (!signal.aborted && traffic !== undefined) await countTraffic(all, traffic);
    if (!signal.aborted) await readFinally(all);
    await assertNodesRun(stage.servers, isExcused);
  } catch (error) {
    // A server that is gone is why clients and faults fail, and may be seen after them.
    await assertNodesRun(stage.servers, isExcused);
    throw error;
  }
  if (signal.aborted) return false;
  if (options.hold !== undefined) await orInterrupted(options.hold(stage.nodes.map(describeAddress)));
  phase("stop");
  return true;
}

async function playLoad({ plan, options, stage, nemesis, loadEnd, orInterrupted, phase }: Play): Promise<void> {
  phase("load");
  // Whatever waits for the first events of the load must be waiting before the first of them.
  const faults = nemesis.run();
  stage.tellWorkers({ kind: "load" });
  // A fault that cannot be carried out ends the load at once.
  const faultFailure = new Promise<never>((_resolve, reject) => {
    faults.catch(reject);
  });
  const reporting = reportOperations(stage, options.observer);
  // What a heal throws must not take the place of what had gone wrong before: hence no `finally`.
  await using ending = new AsyncDisposableStack();
  ending.defer(async () => {
    loadEnd.abort();
    stage.tellWorkers({ kind: "end-load" });
    clearInterval(reporting);
    await Promise.allSettled([faults]);
    phase("heal");
    await nemesis.healAll();
  });
  await orInterrupted(Promise.race([pause(plan.loadMs, loadEnd.signal), faultFailure]));
  await orInterrupted(Promise.race([faults, pause(TRIGGER_PATIENCE_MS, loadEnd.signal)]));
}

async function settle(all: Play): Promise<void> {
  const { plan, stage, nemesis, over, orInterrupted, phase } = all;
  phase("probe");
  await assertNodesRun(stage.servers, (node) => nemesis.mayHaveEnded(node.name));
  const probed = await probeLinks(stage);
  stage.recorder.record({ process: NEMESIS, type: "info", f: "links", value: probed as unknown as Json });

  phase("settle");
  await orInterrupted(awaitSystem(all));
  await orInterrupted(pause(plan.settleMs, over));
  stage.tellWorkers({ kind: "end-settle" });
  await orInterrupted(awaitWorkers(all, ({ idle }) => idle, "to finish what they do"));
}

/** What the workers have sent since the load began. */
async function countTraffic({ stage, orInterrupted }: Play, before: ReadonlyMap<string, number>): Promise<void> {
  const now = await orInterrupted(stage.traffic());
  if (now === undefined) return;
  const sent = [...now].map(([worker, bytes]) => [worker, bytes - (before.get(worker) ?? 0)]);
  const value: TrafficCounted = { sent: Object.fromEntries(sent) as TrafficCounted["sent"] };
  stage.recorder.record({ process: NEMESIS, type: "info", f: "traffic", value: value as unknown as Json });
}

async function readFinally(all: Play): Promise<void> {
  const { stage, orInterrupted, phase } = all;
  phase("final");
  stage.tellWorkers({ kind: "final" });
  await orInterrupted(awaitWorkers(all, ({ ended }) => ended, "to end after the final reads"));
}

/** A system that does not come back is something to judge: the run goes on, and reads what can be read. */
async function awaitSystem(all: Play): Promise<void> {
  const { stage } = all;
  try {
    await stage.system.settled(stage.nodes);
  } catch (error) {
    if (!(error instanceof UnsettledError)) throw error;
    const { waitedFor, waitedMs, saw } = error;
    recordUnsettled(all, { waitedFor, waitedMs, saw });
  }
}

function recordUnsettled({ stage, options, unsettled }: Play, value: Unsettled): void {
  unsettled.push(value);
  stage.recorder.record({ process: NEMESIS, type: "info", f: "unsettled", value: { ...value } });
  const { waitedFor, waitedMs, saw } = value;
  options.observer({ kind: "note", text: `waited ${waitedMs} ms in vain for ${waitedFor}: ${saw}` });
}

function describeAddress(node: Node): string {
  return `${node.name} ${node.address.host}:${node.address.port}`;
}

function reportOperations(stage: Stage, observer: RunOptions["observer"]): NodeJS.Timeout {
  const started = performance.now();
  return setInterval(() => {
    const total = { ok: 0, fail: 0, info: 0 };
    for (const worker of stage.workers) {
      total.ok += worker.operations.ok;
      total.fail += worker.operations.fail;
      total.info += worker.operations.info;
    }
    const seconds = (performance.now() - started) / 1_000;
    observer({ kind: "operations", ...total, perSecond: Math.round((total.ok + total.fail + total.info) / seconds) });
  }, REPORT_EVERY_MS);
}

/** Tries every link after everything has healed. A dead node cannot answer; links to it are not counted. */
async function probeLinks(stage: Stage): Promise<LinksProbed> {
  const { resource } = stage.faultContext;
  const ends = resource === undefined ? stage.nodes : [...stage.nodes, resource];
  const running = new Set(ends.filter((node) => node.pid() !== undefined).map((node) => node.name));
  const links = stage.faultContext.links.all.filter((link) => running.has(link.to));
  const states = await Promise.all(links.map((link) => probeOpenLink(link, LINK_PATIENCE_MS)));
  const failed = links.flatMap((link, i) =>
    states[i]?.state === "answers" ? [] : [`${link.proxy} was ${states[i]?.state ?? "not tried"}`],
  );
  return { links: links.length, failed };
}

/**
 * Resolves when all workers have come so far. A system that is down may never answer a client: one that is not done in
 * time is then ended, and that is recorded.
 * @throws HarnessError that names the workers that are not done in time although the system is well.
 */
async function awaitWorkers(all: Play, endOf: (worker: WorkerProcess) => Promise<void>, what: string): Promise<void> {
  const missing = new Set(all.stage.workers);
  const late = Promise.withResolvers<"late">();
  const timer = setTimeout(() => late.resolve("late"), FINISH_TIMEOUT_MS);
  const done = [...missing].map((worker) => endOf(worker).then(() => missing.delete(worker)));
  const how = await Promise.race([Promise.all(done), late.promise]).finally(() => clearTimeout(timer));
  if (how !== "late") return;
  const workers = [...missing];
  const names = workers.map(({ name }) => name).join(", ");
  if (all.unsettled.length === 0)
    throw new HarnessError(`gave up waiting for ${names} ${what} after ${FINISH_TIMEOUT_MS} ms`);
  await Promise.all(workers.map((worker) => worker.kill()));
  const saw = `${names} had not finished, and ${workers.length === 1 ? "was" : "were"} ended`;
  recordUnsettled(all, { waitedFor: `the clients ${what}`, waitedMs: FINISH_TIMEOUT_MS, saw });
}
