/**
 * The lock workload: acquire → read the protected counter → think → write it back → release. The reader takes the resource's log in
 * the end.
 *
 * Options: `lock` (a name of `locks/registry.ts`), `key`, `ttlMs`, `retryMs`, `waitMs` (how long one acquire may wait), `thinkMs`
 * (at most, in the critical section), `idleMs` (at most, between two locks), `extendEveryMs` (while it thinks), `extendAt` (one of `granted`,
 * `critical-section`, `before-release`), `deadlineMs` (for libraries that settle nothing), `fenced` (default true: the resource refuses older
 * tokens where the lock has some), `commandTimeoutMs`.
 * Barriers: `granted` (the lock is obtained, with Redlock: after the replies of the majority; nothing is done with it yet),
 * `before-extend`, `critical-section` (after the client has made sure that it still holds, before the write), `before-release`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { connected } from "../clients/connection.ts";
import { optionReader } from "../options.ts";
import type { WorkerContext, Workload } from "../workload.ts";
import { openEnvironment } from "./environment.ts";
import { lockNamed } from "./locks/registry.ts";
import { ProtectedResource } from "./resource.ts";
import type { TurnSettings } from "./turn.ts";
import { EXTEND_AT, takeTurn } from "./turn.ts";

export const lockWorkload: Workload = {
  name: "lock",
  roles: { client, reader },
};

async function client(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const settings = turnSettings(context);
  const idleMs = options.number("idleMs", 6);
  const resource = await openResource(context);
  const { environment, connected: allConnected } = openEnvironment(context);
  const lock = await lockNamed(options.text("lock")).open(environment);
  await allConnected();
  let logical = context.client();
  await context.ready();
  const open: Promise<void>[] = [];
  for (let turn = 1; !context.loading.aborted; turn += 1) {
    const grant = `${context.worker}-${turn}`;
    const end = await takeTurn({ context, logical, lock, resource, grant, settings });
    if (end.kind === "open") {
      open.push(end.settled);
      logical = context.client();
    }
    await delay(context.random.integer(0, idleMs));
  }
  await Promise.all(open);
  await lock.close?.();
}

function turnSettings(context: WorkerContext): TurnSettings {
  const options = optionReader(context.options);
  const has = (name: string): boolean => context.options[name] !== undefined;
  return {
    key: options.text("key", "lock:a"),
    ttlMs: options.number("ttlMs"),
    retryMs: options.number("retryMs", 40),
    waitMs: options.number("waitMs", 10_000),
    thinkMs: options.number("thinkMs", 6),
    deadlineMs: options.number("deadlineMs", 15_000),
    extendEveryMs: has("extendEveryMs") ? options.number("extendEveryMs") : undefined,
    extendAt: has("extendAt") ? options.oneOf("extendAt", EXTEND_AT) : undefined,
  };
}

async function reader(context: WorkerContext): Promise<void> {
  const key = optionReader(context.options).text("key", "lock:a");
  const resource = await openResource(context);
  const logical = context.client();
  await context.ready();
  await context.final();
  await logical.operation("log", key, async () => ({ type: "ok", value: { key, entries: await resource.log(key) } }), {
    reads: true,
  });
}

async function openResource(context: WorkerContext): Promise<ProtectedResource> {
  return new ProtectedResource(
    await connected({ ...context.resource, protocol: 3 }),
    optionReader(context.options).flag("fenced", true),
  );
}
