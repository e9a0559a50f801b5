/** One candidate from its standing to its resignation, as it is recorded. */
import { pause } from "../../machine/long-timeout.ts";
import type { CandidateEvents } from "../../history/vocabulary/leader.ts";
import type { Token } from "../../history/vocabulary/lock.ts";
import type { ProtectedResource } from "../lock/resource.ts";
import type { LogicalClient, WorkerContext } from "../workload.ts";
import type { GuardedCandidate, GuardedClient, GuardedStanding } from "./guard.ts";
import type { CandidateOptions } from "./leader-options.ts";

export interface CandidacyParts {
  readonly context: WorkerContext<CandidateEvents>;
  readonly logical: LogicalClient<CandidateEvents>;
  readonly client: GuardedClient;
  readonly resource: ProtectedResource;
  readonly terms: Terms;
  readonly options: CandidateOptions;
  /** False: it is over with its first demotion. */
  readonly standsAgain: boolean;
}

/** Numbers the terms of a worker, and its pieces of work. */
export class Terms {
  readonly #worker: string;
  #terms = 0;
  #pieces = 0;

  constructor(worker: string) {
    this.#worker = worker;
  }

  next(): string {
    this.#terms += 1;
    return `${this.#worker}-${this.#terms}`;
  }

  nextPiece(): number {
    this.#pieces += 1;
    return this.#pieces;
  }
}

/** That of the candidate now; it has been told of its election, and not of its end. */
interface CurrentTerm {
  readonly term: string;
  readonly token: Token | undefined;
  readonly began: number;
}

/** What the library tells by itself, at any time: so it is recorded by processes of its own. */
class Told implements GuardedCandidate {
  readonly #parts: CandidacyParts;
  #current: CurrentTerm | undefined;
  #demotions = 0;

  constructor(parts: CandidacyParts) {
    this.#parts = parts;
  }

  get current(): CurrentTerm | undefined {
    return this.#current;
  }

  get demotions(): number {
    return this.#demotions;
  }

  elected(token: Token | undefined): void {
    const { context, terms, options } = this.#parts;
    const term = terms.next();
    this.#current = { term, token, began: performance.now() };
    const value = { key: options.key, term, ...(token === undefined ? {} : { token }) };
    void context.client().operation("elected", value, ({ ok }) => Promise.resolve(ok(value)), { reads: true });
  }

  demoted(reason: string | undefined): void {
    const { context, options } = this.#parts;
    const value = {
      key: options.key,
      term: this.#current?.term ?? null,
      ...(reason === undefined ? {} : { reason }),
    };
    this.#current = undefined;
    this.#demotions += 1;
    void context.client().operation("demoted", value, ({ ok }) => Promise.resolve(ok(value)), { reads: true });
  }
}

/** Stands, works while it leads, and resigns in the end; or is demoted for good. */
export async function beCandidate(parts: CandidacyParts): Promise<void> {
  const { context, options, standsAgain } = parts;
  await context.barrier("standing");
  const told = new Told(parts);
  const standing = await stand(parts, told);
  if (standing === undefined) return;
  let lastTerm: string | undefined;
  while (!context.loading.aborted) {
    await pause(context.random.integer(1, Math.max(1, options.everyMs)));
    if (!standsAgain && told.demotions > 0) return;
    const leads = await believes(parts, told, standing);
    const { current } = told;
    if (leads !== true || current === undefined) continue;
    if (current.term !== lastTerm) await context.barrier("elected");
    lastTerm = current.term;
    // It has made sure that it leads, and goes on; whatever happens between the two is what elections cannot prevent.
    await context.barrier("working");
    await work(parts, current);
    if (isOver(current, options)) break;
  }
  await context.barrier("before-resign");
  await resign(parts, told, standing);
}

function isOver({ began }: CurrentTerm, { resignAfterMs = Infinity }: CandidateOptions): boolean {
  return performance.now() - began >= resignAfterMs;
}

async function stand({ client, logical, options }: CandidacyParts, told: Told): Promise<GuardedStanding | undefined> {
  const { key, deadlineMs } = options;
  let standing: GuardedStanding | undefined;
  await logical.operation(
    "stand",
    { key },
    async ({ ok }) => {
      standing = await client.stand(told);
      return ok({ key, ...(standing.seat === undefined ? {} : { seat: standing.seat }) });
    },
    { deadlineMs },
  );
  return standing;
}

/** An answer that does not come is none: the candidate does not work then. */
async function believes(
  { logical, options }: CandidacyParts,
  told: Told,
  standing: GuardedStanding,
): Promise<boolean | undefined> {
  const { key, deadlineMs } = options;
  let leads: boolean | undefined;
  await logical.operation(
    "believes",
    { key },
    async ({ ok }) => {
      const answer = await standing.isLeader();
      leads = answer;
      return ok({ key, term: told.current?.term ?? null, leads: answer });
    },
    { deadlineMs, reads: true },
  );
  return leads;
}

async function work({ logical, resource, terms, options }: CandidacyParts, current: CurrentTerm): Promise<void> {
  const { key } = options;
  const { term, token } = current;
  const own = { key, term, value: terms.nextPiece() };
  await logical.operation("work", { ...own, ...(token === undefined ? {} : { token }) }, async ({ ok, fail }) => {
    const { accepted, seq } = await resource.write(key, term, token, own.value);
    return accepted ? ok({ ...own, seq }) : fail({ ...own, seq }, "stale-token");
  });
}

async function resign({ logical, options }: CandidacyParts, told: Told, standing: GuardedStanding): Promise<void> {
  const { key, deadlineMs } = options;
  const own = { key, term: told.current?.term ?? null };
  await logical.operation(
    "resign",
    own,
    async ({ ok }) => {
      const confirmed = await standing.resign();
      return ok({ ...own, confirmed: typeof confirmed === "boolean" ? confirmed : null });
    },
    { deadlineMs },
  );
}
