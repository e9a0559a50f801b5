/**
 * A lock that nobody holds and nobody gets; and a client that does not get it while others do (`parts/hangs.ts`).
 *
 * For every key, and within the load: the time in which somebody waits (an `acquire` is open, and its worker neither
 * paused, nor stalled, nor killed) and nobody rightfully holds the lock, added up from one grant to the next. It must
 * not exceed the bound. A hold is rightful from the acquire's `ok` until
 * - its release has come to its end (or was sent, if it never ended), or
 * - without a release, the last sign that the client still acted as the holder: a client that died holds nothing, or
 * - while its worker is paused or stalled, the end of the validity that its library had named.
 *
 * With `untilRelease: "sent"` a hold ends when its release is sent, however long it then takes: a library whose release
 * hangs keeps everybody waiting as well.
 *
 * After a holder's death a lock stays taken on the server until its time to live ends, so a sensible bound is that
 * time, plus how often clients try again, plus the fault's own length where it stops everybody. A sweep per key: O(n
 * log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { MAX_FINDINGS } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { keyOfAcquire } from "../../history/vocabulary/read-lock.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, neverInjected, openUntil, suspensions } from "../kit/faults.ts";
import type { Grant } from "./parts/grants.ts";
import { byKey, grantsOf } from "./parts/grants.ts";
import type { HeldUntil, PassedOver, Waiting } from "./parts/hangs.ts";
import { describeHang, hangs, passedOver } from "./parts/hangs.ts";
import { attemptsBefore } from "./parts/remains.ts";
import type { Span } from "../kit/phases.ts";
import { loadPhase } from "../kit/phases.ts";
import { counted, duration, fromMs, listed, milliseconds, moment, tooFew, who } from "../kit/words.ts";

/** Libraries ask again every 200 ms or so, and less often now and then: this is long for all of them. */
const CLIENT_BOUND_MS = 2_000;

const OPTIONS = z.strictObject({
  boundMs: z.number().positive().describe("How long a free lock may be waited for in vain, in milliseconds"),
  clientBoundMs: z
    .number()
    .positive()
    .optional()
    .describe("The same for each client by itself, while others get the lock: never less than 2 s, unless it is named"),
  despite: z
    .array(z.string())
    .default([])
    .describe(
      "Faults of the network during which the clients that they name are expected to get the lock all the same",
    ),
  minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
  untilRelease: z
    .enum(["completed", "sent"])
    .default("completed")
    .describe("When a hold ends that its client releases"),
  holdAtMostMs: z
    .number()
    .positive()
    .optional()
    .describe(
      "A hold counts for so long at most, in milliseconds, whatever its holder does: for claims that a lock does not stay with one that is stuck",
    ),
  afterFault: z.string().optional().describe("Only the time after this fault's injection"),
});

/** The time between two grants in which the lock was free and wanted. */
interface Wait {
  readonly key: string;
  /** Nanoseconds, added up. */
  readonly length: number;
  /** Where the first such moment began, and the last ended. */
  readonly span: Span;
  readonly before: Grant | undefined;
  readonly after: Grant | undefined;
}

/**
 * Counts the times between two grants (or after the last) in which a free lock was waited for longer than the bound.
 */
export const lockProgress = checkerOf({
  name: "lock-progress",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: () => ({ level: "liveness", ofSemaphores: true }),
  check,
});

function check(
  history: History,
  {
    boundMs,
    minGrants,
    untilRelease,
    holdAtMostMs = Infinity,
    afterFault,
    despite,
    clientBoundMs = Math.max(boundMs, CLIENT_BOUND_MS),
  }: z.output<typeof OPTIONS>,
): CheckResult {
  const faults = faultsOf(history);
  const fault = afterFault === undefined ? undefined : faults.get(afterFault);
  const load = loadPhase(history);
  const since = afterFault === undefined ? load.from : Math.max(load.from, fault?.from ?? Infinity);
  const looked: Span = { from: since, to: load.to };
  const grants = grantsOf(history);
  const considered = grants.filter(({ ok }) => ok.time >= looked.from && ok.time <= looked.to).length;
  const waitings = waitingsByKey(history, faults);
  const grantsByKey = byKey(grants);
  const heldFor = (key: string): HeldUntil[] =>
    (grantsByKey.get(key) ?? []).map((grant) => ({
      grant,
      to: Math.min(rightfulEnd(grant, untilRelease, faults), grant.ok.time + fromMs(holdAtMostMs)),
    }));
  const waits = [...waitings].flatMap(([key, each]) => waitsFor(key, each, heldFor(key), looked));
  const passed = [...waitings].flatMap(([key, each]) =>
    passedOver(key, each, heldFor(key), faults, { looked, despite }),
  );
  const hung = passed.filter((each) => hangs(each, fromMs(clientBoundMs)));
  const worst = passed.reduce<PassedOver | undefined>(
    (most, each) => (each.free > (most?.free ?? 0) ? each : most),
    undefined,
  );
  const tooLong = waits.filter(({ length }) => length > fromMs(boundMs));
  const longest = waits.reduce((most, { length }) => Math.max(most, length), 0);
  const longestAcquire = history.operations
    .filter(({ f }) => f === "acquire")
    .map((acquire) => Math.min(openUntil(acquire, faults), looked.to) - Math.max(acquire.invoke.time, looked.from))
    .reduce((most, length) => Math.max(most, length), 0);
  // A claim about one client is judged without the others: whether these held the lock is not to be seen.
  const [only, ...others] = new Set(
    history.operations.filter(({ f }) => f === "acquire").map(({ invoke }) => who(invoke)),
  );
  const alone = others.length === 0 ? only : undefined;
  const most = holdAtMostMs === Infinity ? "" : ` for less than ${holdAtMostMs} ms`;
  const ofClients = describedHangs(hung, clientBoundMs);
  return conclude({
    history,
    findings: [
      ...clearest(
        tooLong,
        (a, b) => b.length - a.length,
        (wait) => describe(wait, waitings.get(wait.key) ?? [], faults, { most, alone, history }),
      ),
      ...clearest(
        hung,
        (a, b) => b.free - a.free,
        (each) => describeHang(each, faults),
      ),
    ].slice(0, MAX_FINDINGS),
    count: tooLong.length + hung.length,
    broken: [
      tooLong.length === 0 && hung.length > 0
        ? undefined
        : alone === undefined
          ? `A lock that nobody ${most === "" ? "held" : `had held${most}`} was waited for in vain for ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`
          : `${alone} waited for a lock in vain for ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
      ofClients,
    ]
      .filter((sentence) => sentence !== undefined)
      .join(" "),
    vacuous:
      (afterFault === undefined ? undefined : neverInjected(fault, afterFault)) ??
      (considered === 0 && afterFault !== undefined
        ? `Nobody got a lock after the fault “${afterFault}”.`
        : undefined) ??
      tooFew(grants.length, minGrants, "lock was granted", "locks were granted"),
    holds: `${alone === undefined ? "Whenever a free lock was wanted, somebody" : `Whenever ${alone} wanted a lock, it`} got it within ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.${fairness(worst, clientBoundMs)}`,
    figures: {
      "longest wait for a free lock ms": milliseconds(longest),
      "longest acquire ms": milliseconds(longestAcquire),
      "clients that hang": new Set(hung.map(({ client }) => client)).size,
      "longest time of a free lock that one client was passed over ms": milliseconds(worst?.free ?? 0),
      grants: considered,
    },
  });
}

/**
 * `w2 and w3 waited for a lock in vain for up to 3.2 s while nobody held it and others got it; …`; undefined where
 * nobody did.
 */
function describedHangs(hung: readonly PassedOver[], boundMs: number): string | undefined {
  if (hung.length === 0) return undefined;
  const clients = [...new Set(hung.map(({ client }) => client))].sort();
  const longest = hung.reduce((most, { free }) => Math.max(most, free), 0);
  return `${listed(clients)} waited for a lock in vain for up to ${duration(longest)} in which nobody held it, while others got it; the bound for one client is ${duration(fromMs(boundMs))}.`;
}

/** How the one client fared that was passed over for the longest time. */
function fairness(worst: PassedOver | undefined, boundMs: number): string {
  if (worst === undefined) return "";
  const { client, free, others, tooMany } = worst;
  const times = counted(others.length, "time");
  return free > fromMs(boundMs)
    ? ` ${client} waited in vain while the lock was free for ${duration(free)}, but others got it only ${times}: fewer than ${tooMany}, so this may be chance.`
    : ` No client waited while the lock was free for more than ${duration(free)} before it got it; the bound for one client is ${duration(fromMs(boundMs))}.`;
}

/** By key, in the order of their beginnings. */
function waitingsByKey(history: History, faults: ReadonlyMap<string, FaultRecord>): Map<string, Waiting[]> {
  const waitings = new Map<string, Waiting[]>();
  for (const acquire of history.operations) {
    if (acquire.f !== "acquire") continue;
    const { invoke } = acquire;
    const key = keyOfAcquire(acquire);
    const known = waitings.get(key) ?? [];
    waitings.set(key, known);
    let from = invoke.time;
    const to = openUntil(acquire, faults);
    for (const pause of suspensions(faults, who(invoke))) {
      if (pause.to <= from || pause.from >= to) continue;
      if (pause.from > from) known.push({ acquire, from, to: pause.from });
      from = pause.to;
    }
    if (from < to) known.push({ acquire, from, to });
  }
  for (const each of waitings.values()) each.sort((a, b) => a.from - b.from);
  return waitings;
}

/** When a hold ends, by the rules at the top. */
function rightfulEnd(
  grant: Grant,
  untilRelease: "completed" | "sent",
  faults: ReadonlyMap<string, FaultRecord>,
): number {
  const end = (untilRelease === "completed" ? grant.release?.completion : undefined) ?? grant.end;
  let to = end.time;
  for (const pause of suspensions(faults, grant.who)) {
    const expired = Math.max(grant.validUntil, pause.from);
    if (pause.to > grant.ok.time && expired < pause.to) to = Math.min(to, expired);
  }
  return Math.max(to, grant.ok.time);
}

interface Mark {
  readonly time: number;
  readonly waiting: -1 | 0 | 1;
  readonly holding: -1 | 0 | 1;
  readonly granted: Grant | undefined;
}

function waitsFor(key: string, waitings: readonly Waiting[], held: readonly HeldUntil[], looked: Span): Wait[] {
  const marks: Mark[] = [];
  for (const { from, to } of waitings) {
    marks.push({ time: from, waiting: 1, holding: 0, granted: undefined });
    marks.push({ time: to, waiting: -1, holding: 0, granted: undefined });
  }
  for (const { grant, to } of held) {
    marks.push({ time: grant.ok.time, waiting: 0, holding: 1, granted: grant });
    marks.push({ time: to, waiting: 0, holding: -1, granted: undefined });
  }
  marks.sort((a, b) => a.time - b.time);
  const waits: Wait[] = [];
  let [now, waiting, holding, length] = [looked.from, 0, 0, 0];
  let span: Span | undefined;
  let before: Grant | undefined;
  const advance = (time: number): void => {
    const until = Math.min(time, looked.to);
    if (until > now && waiting > 0 && holding === 0) {
      length += until - now;
      span = { from: span?.from ?? now, to: until };
    }
    now = Math.max(now, until);
  };
  const finish = (after: Grant | undefined): void => {
    if (span !== undefined) waits.push({ key, length, span, before, after });
    [length, span] = [0, undefined];
  };
  for (const mark of marks) {
    advance(mark.time);
    waiting += mark.waiting;
    holding += mark.holding;
    if (mark.granted === undefined) continue;
    finish(mark.granted);
    before = mark.granted;
  }
  advance(looked.to);
  finish(undefined);
  return waits;
}

function describe(
  wait: Wait,
  waitings: readonly Waiting[],
  faults: ReadonlyMap<string, FaultRecord>,
  { most, alone, history }: { readonly most: string; readonly alone: string | undefined; readonly history: History },
): Finding {
  const free = alone !== undefined ? "" : ` while nobody ${most === "" ? "held it" : `had held it${most}`}`;
  const { key, length, span, before, after } = wait;
  const waiters = [...new Set(covering(waitings, span).map(({ acquire }) => acquire))];
  const names = [...new Set(waiters.map(({ invoke }) => who(invoke)))];
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more`] : names;
  const last =
    before === undefined
      ? alone === undefined
        ? "nobody had held it before"
        : "it had never held it before"
      : alone === undefined
        ? `the last to hold it was ${before.who}, from ${moment(before.ok.time)}`
        : `it had last got it at ${moment(before.ok.time)}`;
  const then =
    after === undefined
      ? `${alone === undefined ? "nobody got it" : "it did not get it"} until the end of the load`
      : `${after.who} got it at ${moment(after.ok.time)}`;
  const events: (HistoryEvent | undefined)[] = [
    before?.acquire.invoke,
    before?.ok,
    before?.end,
    before?.release?.completion,
    // Its validity may end where the last of them says.
    ...(before?.extensions ?? []).flatMap(({ invoke, completion }) => [invoke, completion]),
    ...waiters.flatMap(({ invoke, completion }) => [invoke, completion]),
    after?.ok,
  ];
  const remains = alone === undefined ? attemptsBefore({ key, span, before }, history, faults) : undefined;
  return {
    kind: "no-progress",
    sentence:
      `Between ${moment(span.from)} and ${moment(span.to)} ${listed(shown)} waited for ${key} for ${duration(length)}${free}: ` +
      `${last}; ${then}${remains?.words ?? ""}${alongside(faults, span.from, span.to, before === undefined ? names : [before.who])}.`,
    events: evidence([...events, ...(remains?.events ?? [])]),
  };
}

/** Few waitings that together wait whenever anybody does, in a span: at each moment, the one that goes on longest. */
function covering(waitings: readonly Waiting[], { from, to }: Span): Waiting[] {
  const chosen: Waiting[] = [];
  let covered = from;
  let best: Waiting | undefined;
  for (const waiting of waitings) {
    if (best !== undefined && waiting.from > covered) {
      chosen.push(best);
      covered = best.to;
      best = undefined;
    }
    if (covered >= to || waiting.from >= to) break;
    if (waiting.to <= Math.max(covered, best?.to ?? covered)) continue;
    covered = Math.max(covered, waiting.from);
    best = waiting;
  }
  return best === undefined || covered >= to ? chosen : [...chosen, best];
}
