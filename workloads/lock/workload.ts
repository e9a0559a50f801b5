/**
 * The lock workload: acquire → read the protected counter → think → write it back → release. The reader takes the resource's log in
 * the end.
 *
 * Options: `lock` (a name of `locks/registry.ts`) or `adapter` (an `AdapterSource`), `key`, `ttlMs`, `retryMs`, `waitMs` (how long one acquire may
 * wait), `thinkMs` (at most, in the critical section), `thinkAtLeastMs` (0), `idleMs` (at most, between two locks), `extendEveryMs` (while it thinks), `extendAt` (one of
 * `granted`, `critical-section`, `before-release`), `deadlineMs` (for libraries that settle nothing), `fenced` (default true: the resource refuses
 * older tokens where the lock has some), `compares` (false: the resource refuses writes of others than who read last), `commandTimeoutMs`, `giveUpMs` (ioredis' `commandTimeout`, in both profiles), `survey` (false: the reader counts the servers' commands, and looks in
 * the end at what is left there).
 * Barriers: `before-acquire`, `granted` (the lock is obtained, with Redlock: after the replies of the majority; nothing is done with it yet),
 * `thinking` (between the read and the last look at the lock), `before-extend`, `critical-section` (after the client has made sure that it still holds, before the write), `before-release`.
 */
import { pause } from "../../machine/long-timeout.ts";
import { connected } from "../clients/connection.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext, Workload } from "../workload.ts";
import type { LockClient } from "./adapter.ts";
import { sourceInPlan, sourceName } from "./adapter-source.ts";
import { workerEnvironment } from "./environment.ts";
import type { GuardOptions } from "./guard.ts";
import { openGuarded } from "./guard.ts";
import { loadAdapter } from "./load-adapter.ts";
import { lockNamed } from "./locks/registry.ts";
import type { OwnTraffic } from "./own-traffic.ts";
import { watchTraffic } from "./own-traffic.ts";
import type { Guard } from "./resource.ts";
import { ProtectedResource } from "./resource.ts";
import { openSurvey } from "./survey.ts";
import type { TurnSettings } from "./turn.ts";
import { EXTEND_AT, takeTurn } from "./turn.ts";
import { watchGrants } from "./watch-grants.ts";
import { watchProcess } from "./watch-process.ts";

const READS = { reads: true };

/** How long what an adapter has closed may take to be gone. */
const LEAK_PATIENCE_MS = 2_000;

export const lockWorkload: Workload = {
  name: "lock",
  roles: { client, reader },
};

async function client(context: WorkerContext): Promise<void> {
  const failure = Promise.withResolvers<never>();
  const guard = {
    deadlineMs: turnSettings(context).deadlineMs,
    note: (text: string) => context.note(text),
    fail: failure.reject,
  };
  const source = context.options["adapter"];
  using traffic = watchTraffic(context.resource.port);
  const work =
    source === undefined
      ? useBuiltIn(context, traffic, guard)
      : useAdapterOf(context, traffic, { ...guard, named: sourceName(sourceInPlan(source)) });
  await Promise.race([work, failure.promise]);
}

async function useBuiltIn(
  context: WorkerContext,
  traffic: OwnTraffic,
  guard: Omit<GuardOptions, "named">,
): Promise<void> {
  const adapter = lockNamed(optionReader(context.options).text("lock"));
  const { environment, connected: allConnected } = workerEnvironment(context);
  const lock = await openGuarded(adapter, environment, { ...guard, named: adapter.name });
  await allConnected();
  await contend(context, lock, traffic);
  await lock.close?.();
}

/** Code that is not redquake's own: what it does to the process is watched, and what it leaves there. */
async function useAdapterOf(context: WorkerContext, traffic: OwnTraffic, guard: GuardOptions): Promise<void> {
  using watch = watchProcess(guard);
  const adapter = await loadAdapter(sourceInPlan(context.options["adapter"] ?? null));
  const { environment, assertServersFound, connected: allConnected, close } = workerEnvironment(context);
  const { lock, tell } = watchGrants(await openGuarded(adapter, environment, guard), guard);
  assertServersFound(guard.named);
  await allConnected();
  await contend(context, lock, traffic);
  tell();
  await lock.close?.();
  close();
  const left = await watch.leftOver(LEAK_PATIENCE_MS);
  if (left !== undefined)
    context.note(
      `${guard.named} leaves something behind that keeps its process alive after close() (${left}): the process is ended by redquake`,
    );
}

/** One lock after the other until the load ends. */
async function contend(context: WorkerContext, lock: LockClient, traffic: OwnTraffic): Promise<void> {
  const settings = turnSettings(context);
  const idleMs = optionReader(context.options).number("idleMs", 6);
  const server = await connected({ ...context.resource, protocol: 3 });
  const resource = new ProtectedResource(server, guardOf(context));
  let logical = context.client();
  await context.ready();
  const open: Promise<void>[] = [];
  for (let turn = 1; !context.loading.aborted; turn += 1) {
    const grant = `${context.worker}-${turn}`;
    const end = await takeTurn({ context, logical, lock, resource, grant, settings, traffic });
    if (end.kind === "open") {
      open.push(end.settled);
      logical = context.client();
    }
    await pause(context.random.integer(0, idleMs));
  }
  await Promise.all(open);
  server.disconnect();
}

function turnSettings(context: WorkerContext): TurnSettings {
  const options = optionReader(context.options);
  const has = (name: string): boolean => context.options[name] !== undefined;
  return {
    key: options.text("key", "lock:a"),
    ttlMs: options.timerMs("ttlMs"),
    retryMs: options.number("retryMs", 40),
    waitMs: options.number("waitMs", 10_000),
    thinkMs: Math.max(options.number("thinkMs", 6), options.number("thinkAtLeastMs", 0)),
    thinkAtLeastMs: options.number("thinkAtLeastMs", 0),
    deadlineMs: options.number("deadlineMs", 15_000),
    extendEveryMs: has("extendEveryMs") ? options.number("extendEveryMs") : undefined,
    extendAt: has("extendAt") ? options.oneOf("extendAt", EXTEND_AT) : undefined,
  };
}

async function reader(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const key = options.text("key", "lock:a");
  const resource = new ProtectedResource(await connected({ ...context.resource, protocol: 3 }), guardOf(context));
  const survey = options.flag("survey", false) ? await openSurvey(context) : undefined;
  const logical = context.client();
  const count = async (): Promise<void> => {
    if (survey === undefined) return;
    await logical.operation(
      "commands",
      null,
      async () => ({ type: "ok", value: { servers: await survey.commands() } }),
      READS,
    );
  };
  await context.ready();
  await count();
  await context.final();
  await count();
  if (survey !== undefined)
    await logical.operation(
      "leftovers",
      null,
      async () => ({ type: "ok", value: { keys: await survey.keys() } }),
      READS,
    );
  await logical.operation(
    "log",
    key,
    async () => ({ type: "ok", value: { key, entries: await resource.log(key) } }),
    READS,
  );
  survey?.close();
}

function guardOf(context: WorkerContext): Guard {
  const options = optionReader(context.options);
  if (options.flag("compares", false)) return "compares";
  return options.flag("fenced", true) ? "fenced" : "open";
}
