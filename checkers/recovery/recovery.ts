/**
 * Whether everything works again after a fault, each worker, node, channel, subscription, key or message by itself: a
 * figure of all together hides the one that never does.
 *
 * The claim says what a success is, what it counts them by, and how soon the first must come. Nothing is expected of
 * a unit that did not try, or was sent nothing, and of a worker that was killed.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { Messages } from "../delivery/messages.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf, neverInjected } from "../kit/faults.ts";
import { counted, duration, fromMs, listed, milliseconds, moment } from "../kit/words.ts";
import { fatesOfTrying } from "./attempts.ts";
import type { Calm } from "./calm.ts";
import { calmAfter } from "./calm.ts";
import { fatesOfEntries } from "./entries.ts";
import { fatesOfListening } from "./listening.ts";
import type { Fate } from "./unit.ts";
import { UNITS } from "./unit.ts";

/** More units than these are not told one by one. */
const MAX_TOLD = 50;

const OPTIONS = z.strictObject({
  f: z.array(z.string()).nonempty().describe("Which operations are successes when they end with `ok`"),
  unit: z.enum(UNITS).describe("What has to recover each by itself; `entry` is a message"),
  boundMs: z.number().positive().describe("How soon the first success must come, in milliseconds"),
  afterFault: z.string().optional().describe("The fault; without it, all of them"),
  since: z
    .enum(["heal", "fault"])
    .default("heal")
    .describe("`heal`: when it is over. `fault`: while it lasts, of all that it does not name"),
  sent: z
    .enum(["publish", "add"])
    .optional()
    .describe("Where units only receive: the operation that sends; without it, they try by themselves"),
  audience: z
    .enum(["each", "group"])
    .default("each")
    .describe("With `sent`: whether each should get every message, or one of all"),
  arriveMs: z.number().positive().default(1_000).describe("With `sent`: how long a message may be on its way"),
  workers: z.array(z.string()).nonempty().optional().describe("Whose operations count; without it, everybody's"),
  except: z.array(z.string()).nonempty().optional().describe("Names of units that need not recover"),
});

type Options = z.output<typeof OPTIONS>;

export const recovery = checkerOf({
  name: "recovery",
  options: OPTIONS,
  exercise: ({ f, sent }) => ({
    f: Array.isArray(f) ? f.map(String) : undefined,
    end: "succeeded",
    until: sent === undefined ? "load" : "final",
  }),
  check,
});

/** @throws TypeError where the options do not go together. */
function check(history: History, options: Options): CheckResult {
  const { unit, boundMs, afterFault, since, sent } = options;
  if (sent === undefined && unit === "entry")
    throw new TypeError('options of the checker recovery: give the unit "entry" the option "sent"');
  if (sent !== undefined && (unit === "node" || unit === "key"))
    throw new TypeError(`options of the checker recovery: the option "sent" does not go with the unit "${unit}"`);
  const faults = faultsOf(history);
  const named = afterFault === undefined ? undefined : faults.get(afterFault);
  const calm = calmAfter(history, faults, named, since);
  const missing = afterFault === undefined ? noFault(calm) : neverInjected(named, afterFault);
  const tooShort = missing ?? tooShortFor(calm, boundMs);
  const fates = tooShort === undefined ? fatesOf(history, options, calm, faults) : [];
  const dead = fates.filter(({ violation }) => violation !== undefined);
  const unjudged = fates.filter((fate) => fate.unjudged !== undefined);
  const fine = fates.filter((fate) => fate.violation === undefined && fate.unjudged === undefined);
  const never = dead.filter(({ first }) => first === Infinity).length;
  const slowest = fine.reduce((most, { took }) => Math.max(most, took), 0);
  const bound = duration(fromMs(boundMs));
  const noun = (count: number): string => counted(count, unit, unit === "entry" ? "entries" : `${unit}s`);
  return conclude({
    history,
    findings: clearest(
      dead.flatMap(({ violation }) => violation ?? []),
      (a, b) => b.waited - a.waited,
      ({ kind, sentence, events }) => ({ kind, events, sentence: `${sentence}${told(calm, faults)}.` }),
    ),
    count: dead.length,
    broken: `${noun(dead.length)} of ${fine.length + dead.length} did not recover within ${bound}, ${never} never: ${firstNames(dead)}.`,
    vacuous:
      tooShort ??
      (fine.length + dead.length === 0
        ? `Nothing can be said of any ${unit} after ${moment(calm.from)}${why(unjudged)}.`
        : undefined),
    holds: `${noun(fine.length)} recovered within ${duration(slowest)}, each by itself; the bound is ${bound}.${unjudged.length === 0 ? "" : ` Nothing can be said of ${noun(unjudged.length)}${why(unjudged)}.`}`,
    figures: {
      recovered: fine.length,
      "recovered late": dead.length - never,
      "never again": never,
      "not judged": unjudged.length,
      "slowest ms": milliseconds(slowest),
      ...(calm.from < Infinity ? { "counted from": moment(calm.from) } : {}),
      ...(unit === "entry" || fates.length > MAX_TOLD ? {} : { "first success ms": firstSuccesses(fates, calm) }),
    },
  });
}

function fatesOf(
  history: History,
  options: Options,
  calm: Calm,
  faults: ReadonlyMap<string, FaultRecord>,
): readonly Fate[] {
  const { f, unit, boundMs, since, sent, audience, arriveMs, workers, except } = options;
  const messages = new Messages(history);
  const cut = since === "fault" ? new Set(calm.after.flatMap(({ target }) => target)) : new Set<string>();
  const leftOut = (name: string, worker: string): boolean =>
    cut.has(name) ||
    (unit !== "node" && unit !== "key" && unit !== "channel" && cut.has(worker)) ||
    except?.includes(name) === true ||
    (workers !== undefined && !workers.includes(worker));
  if (unit === "entry") return fatesOfEntries(messages, f, sent ?? "publish", boundMs, calm);
  if (sent === undefined) return fatesOfTrying(messages, f, unit, boundMs, calm, faults, leftOut);
  if (unit === "node" || unit === "key") return [];
  return fatesOfListening(messages, { sent, unit, audience, boundMs, arriveMs }, calm, faults, leftOut);
}

function noFault({ after }: Calm): string | undefined {
  return after.length === 0 ? "No fault happened, so nothing could be seen after one." : undefined;
}

function tooShortFor({ from, to }: Calm, boundMs: number): string | undefined {
  if (from === Infinity) return "The fault was not over before the end, so nothing could be seen after it.";
  if (to - from >= fromMs(boundMs)) return undefined;
  return `Only ${duration(Math.max(0, to - from))} were left from ${moment(from)} on until the load ended or another fault began; the bound is ${duration(fromMs(boundMs))}.`;
}

/** The names of the first ones. */
function firstNames(fates: readonly Fate[]): string {
  const names = fates.slice(0, 5).map(({ name }) => name);
  return listed(fates.length > 5 ? [...names, `${fates.length - 5} more`] : names);
}

function why(unjudged: readonly Fate[]): string {
  const reasons = [...Map.groupBy(unjudged, (fate) => fate.unjudged)];
  return reasons.length === 0
    ? ""
    : ` (${reasons.map(([reason, fates]) => `${firstNames(fates)} ${reason}`).join("; ")})`;
}

function told({ from, to }: Calm, faults: ReadonlyMap<string, FaultRecord>): string {
  return alongside(faults, 0, Math.max(from, to), []);
}

function firstSuccesses(fates: readonly Fate[], { from }: Calm): { readonly [unit: string]: number | null } {
  return Object.fromEntries(
    fates.map(({ name, first }) => [name, first === Infinity ? null : milliseconds(first - from)]),
  );
}
