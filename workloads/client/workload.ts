/**
 * The client workload: callers send commands through the client under test, each with a value of its own, and the
 * reader counts in the end, over connections that no fault touches, what was carried out how often.
 */
import { setTimeout as delay } from "node:timers/promises";
import { pause } from "../../machine/long-timeout.ts";
import type { CallerEvents, CallVia, TraceEvents } from "../../history/vocabulary/client.ts";
import { CLIENT_CALLER, CLIENT_READER } from "../../history/vocabulary/client.ts";
import { AdapterError } from "../adapter/adapter-error.ts";
import { useAdapter } from "../adapter/use-adapter.ts";
import type { DataClient } from "../clients/data-client.ts";
import { openDataClient } from "../clients/open-data-client.ts";
import { role } from "../role.ts";
import type { Workload } from "../role.ts";
import type { LogicalClient, WorkerContext } from "../workload.ts";
import type { Call } from "./calls.ts";
import { Calls } from "./calls.ts";
import { CALLER_OPTIONS, READER_OPTIONS } from "./client-options.ts";
import type { CallerOptions, ReaderOptions } from "./client-options.ts";
import type { GuardedClient } from "./guard.ts";
import { openGuarded } from "./guard.ts";
import { clientKind } from "./kind.ts";
import { assertReaches } from "./reach.ts";
import { traceKey, traceRead } from "./traces.ts";

const COMMAND_TIMEOUT_MS = 5_000;
/** Reads change nothing, so one that failed may be made again; the history has each attempt. */
const ATTEMPTS = 20;
const PAUSE_MS = 100;

const caller = role(
  {
    options: CALLER_OPTIONS,
    barriers: { "before-call": "the caller is about to send a command, a burst, a pipeline or a transaction" },
    events: CLIENT_CALLER,
  },
  useClient,
);

async function useClient(context: WorkerContext<CallerEvents>, options: CallerOptions): Promise<void> {
  const wishes = { ...options, name: options.client, source: options.adapter };
  await useAdapter(context, clientKind, wishes, async ({ adapter, environment, guard, connected: up }) => {
    const client = await openGuarded(adapter, environment, guard);
    await up();
    await assertReaches(context, client, guard.named);
    assertCan(client, options, guard.named);
    const calls = new Calls(context, client, options.deadlineMs);
    await context.ready();
    await Promise.all([load(context, options, calls), looks(context, options, calls)]);
    await calls.settled(context.settling);
    await client.close();
  });
}

/** @throws AdapterError when the client lacks what the load is made of. */
function assertCan({ has }: GuardedClient, { load: kind }: CallerOptions, named: string): void {
  const lacks =
    kind === "transactions" && !has.transaction
      ? "transaction"
      : kind === "pipelines" && !has.pipeline
        ? "pipeline"
        : "";
  if (lacks === "") return;
  throw new AdapterError({
    adapter: named,
    problem: `has no ${lacks}(), and this campaign sends nothing else`,
    remedy: "choose other campaigns, or give it the method",
  });
}

/** One call, or one burst, after the other until the load ends. */
async function load(context: WorkerContext<CallerEvents>, options: CallerOptions, calls: Calls): Promise<void> {
  const { everyMs, size, keys, commands, waitSeconds } = options;
  let turn = 0;
  const key = (): string => keys[turn % keys.length] ?? "";
  const next = (via: CallVia, count = 1): Call => {
    // Every command meets every key.
    const command = commands[Math.floor(turn / keys.length) % commands.length] ?? "RPUSH";
    return calls.next(via, command, key(), count);
  };
  const single = (): Call => {
    turn += 1;
    return next("command");
  };
  while (!context.loading.aborted) {
    await context.barrier("before-call");
    switch (options.load) {
      case "steady":
        await calls.command(single());
        break;
      case "burst":
        await Promise.all(Array.from({ length: size }, () => calls.command(single())));
        break;
      case "pipelines":
        turn += 1;
        // All keys of a pipeline are in one slot.
        await calls.pipeline(Array.from({ length: size }, () => next("pipeline")));
        break;
      case "transactions":
        turn += 1;
        await calls.transaction(next("transaction", size));
        break;
      case "blocking":
        turn += 1;
        await calls.wait(`client:${key()}:nothing`, waitSeconds);
        break;
    }
    await pause(context.random.integer(0, everyMs), context.loading);
  }
}

/** Plain reads besides, where they are wanted. */
async function looks(
  context: WorkerContext<CallerEvents>,
  { lookEveryMs, keys }: CallerOptions,
  calls: Calls,
): Promise<void> {
  if (lookEveryMs === undefined) return;
  for (let i = 0; !context.loading.aborted; i += 1) {
    await calls.look(`client:${keys[i % keys.length] ?? ""}:nothing`);
    await pause(lookEveryMs, context.loading);
  }
}

const reader = role({ options: READER_OPTIONS, events: CLIENT_READER }, countTraces);

async function countTraces(
  context: WorkerContext<TraceEvents>,
  { keys, commands, probeEveryMs }: ReaderOptions,
): Promise<void> {
  const data = await openDataClient(context, COMMAND_TIMEOUT_MS);
  const logical = context.client();
  const all = keys.flatMap((key) => commands.map((command) => ({ key: traceKey(key, command), command })));
  await context.ready();
  while (probeEveryMs !== undefined && !context.loading.aborted) {
    for (const each of all) await readTraces(logical, data, each);
    await pause(probeEveryMs, context.loading);
  }
  await context.final();
  for (const each of all)
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      if (await readTraces(logical, data, each)) break;
      await delay(PAUSE_MS);
    }
  data.close();
}

/** Resolves to whether they could be read. */
async function readTraces(
  logical: LogicalClient<TraceEvents>,
  data: DataClient,
  { key, command }: { readonly key: string; readonly command: CallerOptions["commands"][number] },
): Promise<boolean> {
  const {
    read: [name, ...args],
    found,
  } = traceRead(command);
  const { type } = await logical.operation(
    "traces",
    { key },
    async ({ ok }) => {
      const { reply, node } = await data.call(key, name, ...args);
      return ok({ key, ...found(reply) }, { node });
    },
    { reads: true },
  );
  if (type !== "ok") await data.renew();
  return type === "ok";
}

export const clientWorkload = { name: "client", roles: { caller, reader } } as const satisfies Workload;
