/**
 * The lock workload: acquire → read the protected counter → think → write it back → release. The reader takes the
 * resource's log in the end.
 */
import { pause } from "../../machine/long-timeout.ts";
import type { LockClientEvents } from "../../history/vocabulary/lock.ts";
import { LOCK_CLIENT, LOCK_READER } from "../../history/vocabulary/lock.ts";
import { connected } from "../clients/connection.ts";
import type { Workload } from "../role.ts";
import { role } from "../role.ts";
import type { WorkerContext } from "../workload.ts";
import type { LockClient } from "./adapter.ts";
import { sourceInPlan, sourceName } from "./adapter-source.ts";
import { workerEnvironment } from "./environment.ts";
import { CLIENT_OPTIONS, READER_OPTIONS } from "./lock-options.ts";
import type { ClientOptions, ResourceOptions } from "./lock-options.ts";
import type { GuardOptions } from "./guard.ts";
import { openGuarded } from "./guard.ts";
import { loadAdapter } from "./load-adapter.ts";
import { lockNamed } from "./registry.ts";
import type { OwnTraffic } from "./own-traffic.ts";
import { watchTraffic } from "./own-traffic.ts";
import type { Guard } from "./resource.ts";
import { ProtectedResource } from "./resource.ts";
import { openSurvey } from "./survey.ts";
import type { TurnSettings } from "./turn.ts";
import { takeTurn } from "./turn.ts";
import { watchGrants } from "./watch-grants.ts";
import { watchProcess } from "./watch-process.ts";

const READS = { reads: true };

/** How long what an adapter has closed may take to be gone. */
const LEAK_PATIENCE_MS = 2_000;

const client = role(
  {
    options: CLIENT_OPTIONS,
    barriers: {
      "before-acquire": "the client is about to ask for the lock",
      granted:
        "the client has got the lock (with Redlock: after the replies of the majority), and done nothing with it yet",
      thinking: "between the read and the last look at the lock",
      "before-extend": "the client is about to extend the lock",
      "critical-section": "after the client has made sure that it still holds the lock, and before the write",
      "before-release": "the client is about to let the lock go",
    },
    events: LOCK_CLIENT,
  },
  useLock,
);

async function useLock(context: WorkerContext<LockClientEvents>, options: ClientOptions): Promise<void> {
  const failure = Promise.withResolvers<never>();
  const guard = {
    deadlineMs: options.deadlineMs,
    note: (text: string) => context.note(text),
    fail: failure.reject,
  };
  const { adapter: source } = options;
  using traffic = watchTraffic(context.resource.port);
  const work =
    source === undefined
      ? useBuiltIn(context, options, traffic, guard)
      : useAdapterOf(context, options, traffic, { ...guard, named: sourceName(sourceInPlan(source)) });
  await Promise.race([work, failure.promise]);
}

async function useBuiltIn(
  context: WorkerContext<LockClientEvents>,
  options: ClientOptions,
  traffic: OwnTraffic,
  guard: Omit<GuardOptions, "named">,
): Promise<void> {
  const adapter = lockNamed(options.lock);
  const { environment, connected: allConnected } = workerEnvironment(context, options);
  const lock = await openGuarded(adapter, environment, { ...guard, named: adapter.name });
  await allConnected();
  await contend(context, options, lock, traffic);
  await lock.close?.();
}

/** Code that is not redquake's own: what it does to the process is watched, and what it leaves there. */
async function useAdapterOf(
  context: WorkerContext<LockClientEvents>,
  options: ClientOptions,
  traffic: OwnTraffic,
  guard: GuardOptions,
): Promise<void> {
  using watch = watchProcess(guard);
  const adapter = await loadAdapter(sourceInPlan(options.adapter ?? null));
  const { environment, assertServersFound, connected: allConnected, close } = workerEnvironment(context, options);
  const { lock, tell } = watchGrants(await openGuarded(adapter, environment, guard), guard);
  assertServersFound(guard.named);
  await allConnected();
  await contend(context, options, lock, traffic);
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
async function contend(
  context: WorkerContext<LockClientEvents>,
  options: ClientOptions,
  lock: LockClient,
  traffic: OwnTraffic,
): Promise<void> {
  const settings = turnSettings(options);
  const server = await connected({ ...context.resource, protocol: 3 });
  const resource = new ProtectedResource(server, guardOf(options));
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
    await pause(context.random.integer(0, options.idleMs));
  }
  await Promise.all(open);
  server.disconnect();
}

function turnSettings(options: ClientOptions): TurnSettings {
  const { key, ttlMs, retryMs, waitMs, thinkMs, thinkAtLeastMs, deadlineMs, extendEveryMs, extendAt } = options;
  return {
    key,
    ttlMs,
    retryMs,
    waitMs,
    thinkMs: Math.max(thinkMs, thinkAtLeastMs),
    thinkAtLeastMs,
    deadlineMs,
    extendEveryMs,
    extendAt,
  };
}

const reader = role({ options: READER_OPTIONS, events: LOCK_READER }, async (context, options) => {
  const { key } = options;
  const resource = new ProtectedResource(await connected({ ...context.resource, protocol: 3 }), guardOf(options));
  const survey = options.survey ? await openSurvey(context) : undefined;
  const logical = context.client();
  const count = async (): Promise<void> => {
    if (survey === undefined) return;
    await logical.operation("commands", null, async ({ ok }) => ok({ servers: await survey.commands() }), READS);
  };
  await context.ready();
  await count();
  await context.final();
  await count();
  if (survey !== undefined)
    await logical.operation("leftovers", null, async ({ ok }) => ok({ keys: await survey.keys() }), READS);
  await logical.operation("log", key, async ({ ok }) => ok({ key, entries: await resource.log(key) }), READS);
  survey?.close();
});

export const lockWorkload = { name: "lock", roles: { client, reader } } as const satisfies Workload;

function guardOf({ compares, fenced }: ResourceOptions): Guard {
  if (compares) return "compares";
  return fenced ? "fenced" : "open";
}
