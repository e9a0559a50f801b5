/**
 * What a client is told that asks for a lock. That another one has it has to be true, and any answer has to come in
 * time.
 *
 * - `true`: somebody else can have had it. Where no other client was granted the lock, asked for it, or may have left
 *   it behind, a refusal is false: the library has taken something else for another client's lock, such as its own from
 *   a request that was sent twice. A client that was told before that nobody knows what became of an `acquire` of its
 *   own (`info`) has been warned: for one time to live from then on its refusals are not judged. Nor is any that comes
 *   after a fault of a node.
 * - `prompt`: a client that asks is granted the lock, or refused, within `boundMs`. This is for clients that do not
 *   want to wait.
 *
 * O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import { HELD_BY_ANOTHER } from "../../history/refusal.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { flagIn } from "../../history/vocabulary/read.ts";
import { keyOfAcquire } from "../../history/vocabulary/read-lock.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, wasSuspended } from "../kit/faults.ts";
import type { Grant } from "./parts/grants.ts";
import { grantsOf } from "./parts/grants.ts";
import { firstLoss } from "./parts/loss.ts";
import type { Span } from "../kit/phases.ts";
import { counted, duration, fromMs, milliseconds, moment, tooFew, who } from "../kit/words.ts";

const OPTIONS = z.discriminatedUnion("property", [
  z.strictObject({
    property: z
      .literal("true")
      .describe("A client is told that another one has the lock only when another one may have it"),
    minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
  }),
  z.strictObject({
    property: z.literal("prompt").describe("Answers come in time"),
    boundMs: z.number().positive().describe("How long an answer may take, in milliseconds"),
    minAnswers: z.int().min(1).default(2).describe("Fewer answers than this, and the test was too small"),
  }),
]);

/** Counts the answers that are not as the property says. */
export const lockAnswer = checkerOf({
  name: "lock-answer",
  options: OPTIONS,
  exercise: always("answered", ["acquire"]),
  lock: () => ({ level: "answer" }),
  check,
});

function check(history: History, read: z.output<typeof OPTIONS>): CheckResult {
  const answered = history.operations.filter(
    (each) => each.f === "acquire" && (each.completion?.type === "ok" || isRefusal(each)),
  );
  return read.property === "true"
    ? trueRefusals(history, answered.filter(isRefusal), read.minGrants)
    : promptAnswers(history, answered, read.boundMs, read.minAnswers);
}

function isRefusal({ completion }: Operation): boolean {
  return completion?.type === "fail" && completion.error === HELD_BY_ANOTHER;
}

function trueRefusals(history: History, refusals: readonly Operation[], minGrants: number): CheckResult {
  const grants = grantsOf(history);
  const faults = faultsOf(history);
  const lostFrom = firstLoss(history, faults);
  const excuses = excusesOf(history, grants);
  const judged = refusals.filter((refusal) => endOf(refusal) < lostFrom);
  const untrue = judged.filter((refusal) => !excuses(refusal));
  return conclude({
    history,
    findings: clearest(untrue, byTime, (refusal) => describeFalse(refusal, faults)),
    count: untrue.length,
    broken: `${counted(untrue.length, "client was", "clients were")} told that another client has the lock when nobody else can have had it.`,
    vacuous:
      tooFew(grants.length, minGrants, "lock was granted", "locks were granted") ??
      (judged.length === 0 ? "No client was told that another one has the lock." : undefined),
    holds: `Whenever a client was told that another one has the lock, another one may have had it (${counted(judged.length, "refusal")}).`,
    figures: { grants: grants.length, refusals: refusals.length, "false refusals": untrue.length },
  });
}

/** When a client can have had the lock, or left something of it behind. */
interface Traces extends Span {
  readonly who: string;
}

/**
 * Whether another client can have had the lock at some time of a refusal; or the refused one itself, from what it does
 * not know the end of.
 */
function excusesOf(history: History, grants: readonly Grant[]): (refusal: Operation) => boolean {
  const ofOthers = new Map<string, Traces[]>();
  const ofItself = new Map<string, Traces[]>();
  const byAcquire = new Map(grants.map((grant) => [grant.acquire, grant]));
  const longest = new Map<string, number>();
  for (const { key, ttl = Infinity } of grants) longest.set(key, Math.max(longest.get(key) ?? 0, ttl));
  for (const acquire of history.operations) {
    if (acquire.f !== "acquire") continue;
    const { invoke, completion } = acquire;
    const [key, name] = [keyOfAcquire(acquire), who(invoke)];
    const grant = byAcquire.get(acquire);
    const unknown = (completion?.time ?? Infinity) + (longest.get(key) ?? Infinity);
    // With a lock on several servers, a refused client may have had some of them for a while.
    const refused = completion?.type === "fail";
    const to = grant === undefined ? (refused ? completion.time : unknown) : goneBy(grant);
    push(ofOthers, key, { who: name, from: invoke.time, to });
    const isKnown = grant === undefined ? refused : grant.release?.completion?.type === "ok";
    if (!isKnown) push(ofItself, ownKey(key, name), { who: name, from: invoke.time, to });
  }
  const others = new Map([...ofOthers].map(([key, traces]) => [key, overlapFinder(traces)]));
  const own = new Map([...ofItself].map(([key, traces]) => [key, overlapFinder(traces)]));
  return (refusal) => {
    const [key, name] = [keyOfAcquire(refusal), who(refusal.invoke)];
    const span = spanOf(refusal);
    return (others.get(key)?.(span, name) ?? false) || (own.get(ownKey(key, name))?.(span) ?? false);
  };
}

function push(traces: Map<string, Traces[]>, key: string, trace: Traces): void {
  const known = traces.get(key);
  if (known === undefined) traces.set(key, [trace]);
  else known.push(trace);
}

function ownKey(key: string, name: string): string {
  return JSON.stringify([key, name]);
}

/**
 * Whether any of the traces, but those of one client, overlaps a span. Two of those that begin before its end
 * are enough: the one that goes on longest, and the longest one of another client.
 */
function overlapFinder(traces: readonly Traces[]): (span: Span, except?: string) => boolean {
  const sorted = traces.toSorted((a, b) => a.from - b.from);
  const longest: { readonly first: Traces; readonly second: Traces | undefined }[] = [];
  for (const trace of sorted) {
    const { first, second } = longest.at(-1) ?? { first: trace, second: undefined };
    const others = [first, second, trace].filter((each) => each !== undefined).sort((a, b) => b.to - a.to);
    const best = others[0] ?? trace;
    longest.push({ first: best, second: others.find(({ who: name }) => name !== best.who) });
  }
  return ({ from, to }, except) => {
    const { first, second } = longest[countUntil(sorted, to) - 1] ?? {};
    const last = first?.who === except ? second : first;
    return last !== undefined && last.to >= from;
  };
}

/** How many of the traces, which are in the order of their beginnings, begin no later than a moment. */
function countUntil(traces: readonly Traces[], time: number): number {
  let [low, high] = [0, traces.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((traces[middle]?.from ?? Infinity) <= time) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * When nothing is left of it on any server: its release has freed it, or its time to live is over since the last sign
 * of its holder.
 */
function goneBy({ release, end, ok, extensions, ttl = Infinity }: Grant): number {
  const { completion } = release ?? {};
  if (completion?.type === "ok" && flagIn(completion, "freed") === true) return completion.time;
  const last = Math.max(
    end.time,
    completion?.time ?? 0,
    ok.time,
    ...extensions.map((extension) => extension.completion?.time ?? Infinity),
  );
  return last + ttl;
}

function promptAnswers(
  history: History,
  answered: readonly Operation[],
  boundMs: number,
  minAnswers: number,
): CheckResult {
  const faults = faultsOf(history);
  const judged = answered.filter(
    (acquire) => !wasSuspended(faults, who(acquire.invoke), acquire.invoke.time, endOf(acquire)),
  );
  const late = judged.filter((acquire) => lengthOf(acquire) > fromMs(boundMs));
  const longest = judged.reduce((most, acquire) => Math.max(most, lengthOf(acquire)), 0);
  return conclude({
    history,
    findings: clearest(late, (a, b) => lengthOf(b) - lengthOf(a), describeLate),
    count: late.length,
    broken: `${counted(late.length, "answer")} took up to ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
    vacuous: tooFew(judged.length, minAnswers, "client was answered", "clients were answered"),
    holds: `Every answer came within ${duration(longest)}; the bound is ${duration(fromMs(boundMs))}.`,
    figures: {
      answers: judged.length,
      refusals: judged.filter(isRefusal).length,
      "longest answer ms": milliseconds(longest),
    },
  });
}

function spanOf(refusal: Operation): Span {
  return { from: refusal.invoke.time, to: endOf(refusal) };
}

function endOf({ completion, invoke }: Operation): number {
  return (completion ?? invoke).time;
}

function lengthOf(refusal: Operation): number {
  return endOf(refusal) - refusal.invoke.time;
}

function byTime(a: Operation, b: Operation): number {
  return a.invoke.index - b.invoke.index;
}

function describeFalse(refusal: Operation, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const { from, to } = spanOf(refusal);
  const name = who(refusal.invoke);
  return {
    kind: "false-refusal",
    sentence:
      `${name} asked for ${keyOfAcquire(refusal)} at ${moment(from)} and was told at ${moment(to)} that another client has it; no other client had been granted ` +
      `it, asked for it meanwhile, or can have left it behind${alongside(faults, from, to, [name])}.`,
    events: evidence([refusal.invoke, refusal.completion]),
  };
}

function describeLate(acquire: Operation): Finding {
  const { from, to } = spanOf(acquire);
  const told = isRefusal(acquire) ? "that another client has it" : "that it has it";
  return {
    kind: "late-answer",
    sentence: `${who(acquire.invoke)} asked for ${keyOfAcquire(acquire)} at ${moment(from)}, and was told only ${duration(to - from)} later ${told}.`,
    events: evidence([acquire.invoke, acquire.completion]),
  };
}
