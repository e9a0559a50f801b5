/**
 * The lock workload: acquire → read the protected counter → think → write it back → release. The reader takes the resource's log in
 * the end.
 *
 * Options: `lock` (a name of `locks/registry.ts`), `key`, `ttlMs`, `retryMs`, `waitMs` (how long one acquire may wait), `thinkMs`
 * (at most, in the critical section), `idleMs` (at most, between two locks), `commandTimeoutMs`.
 * Barriers: `granted` (the lock is obtained, with Redlock: after the replies of the majority; nothing is done with it yet),
 * `critical-section` (after the client has made sure that it still holds, before the write), `before-release`.
 */
import { setTimeout as delay } from "node:timers/promises";
import { connected } from "../clients/connection.ts";
import { optionReader } from "../options.ts";
import type { LogicalClient, WorkerContext, Workload } from "../workload.ts";
import { lockEnvironment } from "./environment.ts";
import type { Held, LockClient } from "./lock.ts";
import { lockNamed } from "./locks/registry.ts";
import { ProtectedResource } from "./resource.ts";

export const lockWorkload: Workload = {
  name: "lock",
  roles: { client, reader },
};

async function client(context: WorkerContext): Promise<void> {
  const options = optionReader(context.options);
  const settings = {
    key: options.text("key", "lock:a"),
    ttlMs: options.number("ttlMs"),
    retryMs: options.number("retryMs", 40),
    waitMs: options.number("waitMs", 10_000),
    thinkMs: options.number("thinkMs", 6),
    idleMs: options.number("idleMs", 6),
  };
  const resource = await openResource(context);
  const lock = await lockNamed(options.text("lock")).open(await lockEnvironment(context));
  const logical = context.client();
  await context.ready();
  for (let turn = 1; !context.loading.aborted; turn += 1) {
    await takeTurn(context, logical, lock, resource, `${context.worker}-${turn}`, settings);
    await delay(context.random.integer(0, settings.idleMs));
  }
}

interface TurnSettings {
  readonly key: string;
  readonly ttlMs: number;
  readonly retryMs: number;
  readonly waitMs: number;
  readonly thinkMs: number;
}

/** One lock from acquire to release. */
async function takeTurn(
  context: WorkerContext,
  logical: LogicalClient,
  lock: LockClient,
  resource: ProtectedResource,
  grant: string,
  { key, ttlMs, retryMs, waitMs, thinkMs }: TurnSettings,
): Promise<void> {
  const signal = AbortSignal.any([context.loading, AbortSignal.timeout(waitMs)]);
  let held: Held | null = null;
  await logical.operation("acquire", key, async () => {
    const obtained = await lock.acquire(key, ttlMs, { signal, retryMs });
    if (obtained === null) return { type: "fail", value: key, error: "held by another client" };
    held = obtained;
    const token = obtained.token === undefined ? {} : { token: obtained.token };
    return { type: "ok", value: () => ({ key, grant, ...token, validForMs: milliseconds(obtained.remainingMs()) }) };
  });
  if (held === null) return;
  await context.barrier("granted");
  await useResource(context, logical, resource, key, grant, held, thinkMs);
  await context.barrier("before-release");
  await release(logical, key, grant, held);
}

async function useResource(
  context: WorkerContext,
  logical: LogicalClient,
  resource: ProtectedResource,
  key: string,
  grant: string,
  held: Held,
  thinkMs: number,
): Promise<void> {
  const token = held.token === undefined ? {} : { token: held.token };
  let seen: number | undefined;
  await logical.operation("read", { key, grant, ...token }, async () => {
    const access = await resource.read(key, grant, held.token);
    if (!access.accepted) return { type: "fail", value: { key, grant, seq: access.seq }, error: "stale-token" };
    seen = access.value;
    return { type: "ok", value: { key, grant, value: access.value, seq: access.seq } };
  });
  if (seen === undefined) return;
  const value = seen + 1;
  await delay(context.random.integer(0, thinkMs));
  // The client makes sure that it still holds, and then goes on; whatever happens between the two is what locks cannot prevent.
  const remainingMs = held.remainingMs();
  await context.barrier("critical-section");
  if (remainingMs <= 0) return;
  const claim = { held: true, remainingMs: milliseconds(remainingMs) };
  await logical.operation("write", { key, grant, value, ...token, ...claim }, async () => {
    const access = await resource.write(key, grant, held.token, value);
    if (!access.accepted) return { type: "fail", value: { key, grant, value, seq: access.seq }, error: "stale-token" };
    return { type: "ok", value: { key, grant, value, seq: access.seq } };
  });
}

async function release(logical: LogicalClient, key: string, grant: string, held: Held): Promise<void> {
  await logical.operation("release", { key, grant }, async () => {
    const freed = await held.release();
    return { type: "ok", value: { key, grant, freed: freed ?? null } };
  });
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
    context.options["lock"] === "fenced",
  );
}

function milliseconds(value: number): number {
  return Math.floor(value);
}
