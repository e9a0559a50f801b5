/** One lock from acquire to release, as it is recorded. */
import { LongTimeout, pause } from "../../machine/long-timeout.ts";
import { HELD_BY_ANOTHER } from "../../history/refusal.ts";
import type { LockClientEvents, Token } from "../../history/vocabulary/lock.ts";
import type { LogicalClient, WorkerContext, WorkerSurroundings } from "../workload.ts";
import type { Held, LockClient } from "./adapter.ts";
import type { Belief } from "./belief.ts";
import { beliefOf, remainingMsOf, voicesOf } from "./belief.ts";
import type { OwnTraffic } from "./own-traffic.ts";
import { Idleness } from "./own-traffic.ts";
import type { ProtectedResource } from "./resource.ts";
import { untilObtained } from "./retry.ts";
import { tokenOf } from "./token.ts";

/** Where an extension can be put, besides all through the critical section. */
export const EXTEND_AT = ["granted", "critical-section", "before-release"] as const;

/** How long an acquire may still take when nothing is wrong any more. */
const LAST_CHANCE_MS = 5_000;

export interface TurnSettings {
  readonly key: string;
  readonly ttlMs: number;
  readonly retryMs: number;
  readonly waitMs: number;
  /** How long it is in the critical section at most, and at least. */
  readonly thinkMs: number;
  readonly thinkAtLeastMs: number;
  /** How long a library may leave a release or an extension unsettled, and an acquire beyond `waitMs`. */
  readonly deadlineMs: number;
  /** How often the lock is extended while the client thinks. */
  readonly extendEveryMs: number | undefined;
  readonly extendAt: (typeof EXTEND_AT)[number] | undefined;
}

/** What the steps of a turn share. */
interface Turn {
  readonly context: WorkerContext<LockClientEvents>;
  readonly logical: LogicalClient<LockClientEvents>;
  readonly resource: ProtectedResource;
  readonly grant: string;
  readonly settings: TurnSettings;
  readonly idleness: Idleness;
}

export interface TurnParts extends Omit<Turn, "idleness"> {
  readonly lock: LockClient;
  readonly traffic: OwnTraffic;
}

/**
 * How a turn ended. `open`: the library has not settled the acquire in time. The operation stays open, as it may still
 * be granted: it is recorded, and released at once, when it is; `settled` tells when that is over.
 */
export type TurnEnd = { readonly kind: "ended" } | { readonly kind: "open"; readonly settled: Promise<void> };

export async function takeTurn(given: TurnParts): Promise<TurnEnd> {
  const { context, settings } = given;
  const idleness = new Idleness(given.traffic);
  const parts = { ...given, idleness };
  await context.barrier("before-acquire");
  const overdue = Promise.withResolvers<"overdue">();
  const timer = new LongTimeout(() => overdue.resolve("overdue"), settings.waitMs + settings.deadlineMs);
  const acquiring = acquire(parts);
  try {
    const held = await Promise.race([acquiring, overdue.promise]);
    if (held === "overdue") return { kind: "open", settled: acquiring.then((late) => releaseLate(parts, late)) };
    if (held === null) return { kind: "ended" };
    recordLoss(parts, held);
    if (held.extend === undefined) context.unreachable("before-extend", "has a lock that cannot be extended");
    await idleness.during(context.barrier("granted"));
    await useLock(parts, held);
    return { kind: "ended" };
  } finally {
    timer.clear();
  }
}

async function acquire({ context, logical, lock, grant, settings }: TurnParts): Promise<Held | null> {
  const { key, ttlMs, waitMs, retryMs } = settings;
  let held: Held | null = null;
  await logical.operation("acquire", key, async ({ ok, fail }) => {
    const patience = { waitMs, retryMs, stop: context.loading };
    const obtained = await orNever(untilObtained(lock, key, ttlMs, patience, context.random), context);
    if (obtained === null) return fail(key, HELD_BY_ANOTHER);
    held = obtained.held;
    const { held: got, asked } = obtained;
    const token = tokenField(tokenOf(got));
    const attemptMs = Math.ceil(performance.now() - asked);
    const granted = (): LockClientEvents["acquire"]["ok"] => ({
      key,
      grant,
      ...token,
      ttlMs,
      attemptMs,
      ...validity(got),
      says: voicesOf(got),
    });
    return ok(granted);
  });
  return held;
}

/** What is still open some time after everything has healed and settled will not be known any more. */
async function orNever<T>(acquiring: Promise<T>, { settling, note }: WorkerSurroundings): Promise<T> {
  const over = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const giveUp = (): void => {
    note("acquire() has not settled by the end of the run: nobody knows whether the lock was taken");
    over.reject(new Error("the library has not settled it by the end of the run"));
  };
  const lastChance = (): void => {
    timer = setTimeout(giveUp, LAST_CHANCE_MS);
  };
  if (settling.aborted) lastChance();
  settling.addEventListener("abort", lastChance, { once: true });
  try {
    return await Promise.race([acquiring, over.promise]);
  } finally {
    clearTimeout(timer);
    settling.removeEventListener("abort", lastChance);
  }
}

async function releaseLate(turn: Turn, held: Held | null): Promise<void> {
  if (held !== null) await release(turn, held);
}

async function useLock(turn: Turn, held: Held): Promise<void> {
  const { context, settings } = turn;
  const extendAt = async (place: TurnSettings["extendAt"]): Promise<boolean> =>
    settings.extendAt !== place || (await extend(turn, held));
  if (await extendAt("granted")) {
    await useResource(turn, held, () => extendAt("critical-section"));
    await extendAt("before-release");
  }
  await askBelief(turn, held);
  await turn.idleness.during(context.barrier("before-release"));
  await release(turn, held);
  await recordOutcome(turn, held);
}

/**
 * What the library says now. Where it says anything, that is an operation of its own: when it has said so is what tells
 * until when it was believed at least, also where it takes back the end that it has named. An answer that does not come
 * is none: the client does not go on as a holder.
 */
async function askBelief({ logical, grant, settings }: Turn, held: Held): Promise<Belief | undefined> {
  if (voicesOf(held).length === 0) return undefined;
  const { key, deadlineMs } = settings;
  let belief: Belief = { held: false };
  await logical.operation(
    "belief",
    { key, grant },
    async ({ ok }) => {
      belief = await beliefOf(held);
      return ok({ key, grant, ...belief });
    },
    { deadlineMs, reads: true },
  );
  return belief;
}

/** Read, think, write; nothing is written when the library says that the lock is lost, or could not extend it. */
async function useResource(turn: Turn, held: Held, extended: () => Promise<boolean>): Promise<void> {
  const { context, logical, resource, grant, settings } = turn;
  const { key } = settings;
  const token = tokenOf(held);
  let seen: number | undefined;
  await logical.operation("read", { key, grant, ...tokenField(token) }, async ({ ok, fail }) => {
    const { accepted, value, seq } = await resource.read(key, grant, token);
    if (!accepted) return fail({ key, grant, seq }, "stale-token");
    seen = value;
    return ok({ key, grant, value, seq });
  });
  if (seen === undefined) return;
  const value = seen + 1;
  await turn.idleness.during(context.barrier("thinking"));
  if (!(await think(turn, held)) || !(await extended())) return;
  // The client makes sure that it still holds, and then goes on; whatever happens between the two is what locks cannot
  // prevent.
  const belief = await askBelief(turn, held);
  await turn.idleness.during(context.barrier("critical-section"));
  if (belief?.held === false) return;
  await logical.operation("write", { key, grant, value, ...tokenField(token), ...belief }, async ({ ok, fail }) => {
    const { accepted, seq } = await resource.write(key, grant, token, value);
    return accepted ? ok({ key, grant, value, seq }) : fail({ key, grant, value, seq }, "stale-token");
  });
}

/**
 * Takes its time, and keeps the lock alive meanwhile where the campaign asks for it.
 * @returns false when that failed.
 */
async function think(turn: Turn, held: Held): Promise<boolean> {
  const { context, settings, idleness } = turn;
  const thinkMs = context.random.integer(settings.thinkAtLeastMs, settings.thinkMs);
  const everyMs = settings.extendEveryMs;
  if (everyMs === undefined) {
    await idleness.during(pause(thinkMs));
    return true;
  }
  for (let left = thinkMs; left > 0; left -= everyMs) {
    await idleness.during(pause(Math.min(everyMs, left)));
    if (left > everyMs && !(await extend(turn, held))) return false;
  }
  return true;
}

/**
 * @returns whether the lock was extended, as far as the library says. A lock that cannot be extended stays as it is.
 */
async function extend({ context, logical, grant, settings }: Turn, held: Held): Promise<boolean> {
  if (held.extend === undefined) return true;
  const { key, ttlMs, deadlineMs } = settings;
  await context.barrier("before-extend");
  const recorded = await logical.operation(
    "extend",
    { key, grant },
    async ({ ok, fail }) => {
      const confirmed = await held.extend?.(ttlMs);
      if (confirmed === false) return fail({ key, grant }, "not extended");
      return ok(() => ({ key, grant, ...validity(held) }));
    },
    { deadlineMs },
  );
  return recorded.type === "ok";
}

async function release({ logical, grant, settings, idleness }: Turn, held: Held): Promise<void> {
  const { key, deadlineMs } = settings;
  const { refreshed } = idleness;
  await logical.operation(
    "release",
    { key, grant, ...(refreshed === undefined ? {} : { refreshed }) },
    async ({ ok }) => {
      const confirmed = await held.release();
      return ok({ key, grant, freed: typeof confirmed === "boolean" ? confirmed : null });
    },
    { deadlineMs },
  );
}

/**
 * What a call came to that ran a routine under the lock: whatever its caller is told, the routine has done what it did.
 */
async function recordOutcome({ logical, grant, settings }: Turn, { outcome }: Held): Promise<void> {
  if (outcome === undefined) return;
  const { key, deadlineMs } = settings;
  await logical.operation(
    "outcome",
    { key, grant },
    async ({ ok }) => {
      const [settled] = await Promise.allSettled([outcome]);
      const why = settled.status === "rejected" ? { error: String(settled.reason) } : {};
      return ok({ key, grant, settled: settled.status, ...why });
    },
    { deadlineMs, reads: true },
  );
}

/**
 * The library may notice a loss at any time, also while its client waits for something else: so it is recorded by a
 * process of its own.
 */
function recordLoss({ context, grant, settings }: Turn, { signal }: Held): void {
  const { key } = settings;
  const record = (): void => {
    void context
      .client()
      .operation("lost", { key, grant }, ({ ok }) => Promise.resolve(ok({ key, grant })), { reads: true });
  };
  if (signal?.aborted === true) record();
  else signal?.addEventListener("abort", record, { once: true });
}

/** What the library says is left, where it says so. */
function validity(held: Held): { validForMs?: number } {
  const remainingMs = remainingMsOf(held);
  return remainingMs === undefined ? {} : { validForMs: remainingMs };
}

function tokenField(token: Token | undefined): { token?: Token } {
  return token === undefined ? {} : { token };
}
