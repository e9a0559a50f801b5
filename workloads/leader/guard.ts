/** Stands between the workload and a leader's adapter: what the adapter returns, and calls, is checked. */
import { AdapterError } from "../adapter/adapter-error.ts";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { GuardedCalls, openInTime } from "../adapter/guarded-calls.ts";
import type { GuardOptions } from "../adapter/guarded-calls.ts";
import type { Token } from "../../history/vocabulary/lock.ts";
import type { LeaderAdapter, Standing } from "./adapter.ts";
import { assertAnswer, assertClient, assertStanding, assertTerm } from "./adapter-shape.ts";

/** A candidate that is told nothing but what makes sense. */
export interface GuardedCandidate {
  elected(token: Token | undefined): void;
  demoted(reason: string | undefined): void;
}

export interface GuardedStanding extends Standing {
  isLeader(): Promise<boolean>;
}

export interface GuardedClient {
  stand(candidate: GuardedCandidate): Promise<GuardedStanding>;
  close(): Promise<void>;
}

/**
 * Opens the adapter.
 * @throws AdapterError when it cannot be opened, or the term is below what it can express.
 */
export async function openGuarded(
  adapter: LeaderAdapter,
  environment: AdapterEnvironment,
  options: GuardOptions,
): Promise<GuardedClient> {
  assertTermMs(adapter, environment.termMs, options.named);
  const guard = new GuardedCalls(options);
  const { named, deadlineMs } = options;
  const client = assertClient(await openInTime(adapter, environment, options), named);
  return {
    stand: (candidate) =>
      guard.call("stand", deadlineMs, async () => {
        const standing = assertStanding(
          await client.stand({
            onElected: (term) => candidate.elected(checkedToken(term, options)),
            onDemoted: (reason) => candidate.demoted(wordsOf(reason)),
          }),
          named,
        );
        return guarded(standing, guard, options);
      }),
    close: () => guard.call("close", deadlineMs, async () => client.close?.()),
  };
}

/** @throws AdapterError when the adapter cannot have such a short one. */
export function assertTermMs(
  { minTermMs = 1, name }: { readonly minTermMs?: number | undefined; readonly name: string },
  termMs: number | undefined,
  named: string,
): void {
  if (termMs === undefined || termMs >= minTermMs) return;
  throw new AdapterError({
    adapter: named,
    problem: `cannot lead for ${termMs} ms: the shortest term of ${name} is ${minTermMs} ms`,
    remedy: "choose campaigns with a longer term",
  });
}

/** What is thrown into a callback ends up in the library: the run hears of it by itself. */
function checkedToken(term: unknown, { named, fail }: GuardOptions): Token | undefined {
  try {
    return assertTerm(term, named);
  } catch (error) {
    if (error instanceof AdapterError) fail(error);
    throw error;
  }
}

function wordsOf(reason: unknown): string | undefined {
  if (reason === undefined) return undefined;
  return reason instanceof Error ? reason.message : typeof reason === "string" ? reason : JSON.stringify(reason);
}

function guarded(standing: Standing, guard: GuardedCalls, { named, deadlineMs }: GuardOptions): GuardedStanding {
  return {
    isLeader: () => guard.call("isLeader", deadlineMs, async () => assertAnswer(await standing.isLeader(), named)),
    resign: () => guard.call("resign", deadlineMs, async () => standing.resign()),
    ...(standing.seat === undefined ? {} : { seat: { key: standing.seat.key, value: standing.seat.value } }),
  };
}
