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
import { useAdapter } from "../adapter/use-adapter.ts";
import type { LockClient } from "./adapter.ts";
import { CLIENT_OPTIONS, READER_OPTIONS } from "./lock-options.ts";
import type { ClientOptions, ResourceOptions } from "./lock-options.ts";
import { openGuarded } from "./guard.ts";
import { lockKind } from "./kind.ts";
import type { OwnTraffic } from "./own-traffic.ts";
import { watchTraffic } from "./own-traffic.ts";
import type { Guard } from "./resource.ts";
import { ProtectedResource } from "./resource.ts";
import { openSurvey } from "./survey.ts";
import type { TurnSettings } from "./turn.ts";
import { takeTurn } from "./turn.ts";
import { watchGrants } from "./watch-grants.ts";

const READS = { reads: true };

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
  using traffic = watchTraffic(context.resource.port);
  const wishes = { ...options, name: options.lock, source: options.adapter };
  await useAdapter(context, lockKind, wishes, async ({ adapter, environment, guard, foreign, connected: up }) => {
    const client = await openGuarded(adapter, environment, guard);
    const { lock, tell } = watchGrants(client, guard);
    await up();
    await contend(context, options, lock, traffic);
    if (foreign) tell();
    await lock.close?.();
  });
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
