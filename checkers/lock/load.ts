/**
 * Locks that ask more of the servers than there is reason for: the commands that each server carried out between two
 * counts, by the second of the time between. How many there are for each grant is told as a figure. O(number of
 * events).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent } from "../../history/operation.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { serverCommandsIn } from "../../history/vocabulary/read-lock.ts";
import { evidence } from "../kit/evidence.ts";
import { grantsOf } from "./parts/grants.ts";
import { counted, duration, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  maxPerSecond: z
    .number()
    .positive()
    .describe("More commands than this in a second, on average, are too many for one server"),
  minGrants: z.int().min(1).default(2).describe("Fewer grants than this, and the test was too small"),
});

interface Count {
  readonly server: string;
  readonly total: number;
  /** The most frequent commands, such as `6120 get, 3642 pexpire`. */
  readonly most: string;
}

/** Counts the servers that had more to do than the bound, between the first count and the last. */
export const lockLoad = checkerOf({
  name: "lock-load",
  options: OPTIONS,
  exercise: always("succeeded", ["acquire"]),
  lock: () => ({ level: "load" }),
  check,
});

function check(history: History, { maxPerSecond, minGrants }: z.output<typeof OPTIONS>): CheckResult {
  const looks = history.operations
    .filter(({ f }) => f === "commands")
    .flatMap(({ completion }) => (completion?.type === "ok" ? [completion] : []));
  const [first, last] = [looks[0], looks.at(-1)];
  const span = first === undefined || last === undefined ? 0 : last.time - first.time;
  const counts = first === undefined || last === undefined || span <= 0 ? [] : countsBetween(first, last);
  const granted = grantsOf(history).length;
  const bound = maxPerSecond * (span / 1e9);
  const over = counts.filter(({ total }) => total > bound);
  const all = counts.reduce((sum, { total }) => sum + total, 0);
  const busiest = counts.reduce((most, { total }) => Math.max(most, total), 0);
  const perSecond = span <= 0 ? 0 : Math.round(busiest / (span / 1e9));
  return conclude({
    history,
    findings: clearest(
      over,
      (a, b) => b.total - a.total,
      (count) => describe(count, span, granted, [first, last]),
    ),
    count: over.length,
    broken: `${counted(over.length, "server")} had up to ${perSecond} commands a second; the bound is ${maxPerSecond}.`,
    vacuous: tooFew(granted, minGrants, "lock was granted", "locks were granted"),
    unknown: counts.length === 0 ? "Nobody counted the servers' commands before and after." : undefined,
    holds: `No server had more than ${perSecond} commands a second; the bound is ${maxPerSecond}.`,
    figures: {
      grants: granted,
      "commands per second, at most": perSecond,
      "commands per grant, all servers": granted === 0 ? 0 : Number((all / granted).toPrecision(3)),
    },
  });
}

function countsBetween(first: HistoryEvent, last: HistoryEvent): Count[] {
  const before = serverCommandsIn(first);
  return [...serverCommandsIn(last)].map(([server, calls]) => {
    const made = [...calls]
      .map(([command, count]) => [command, count - (before.get(server)?.get(command) ?? 0)] as const)
      .sort((a, b) => b[1] - a[1]);
    // A server that was started again counts from 0.
    const counts = made.some(([, count]) => count < 0) ? [...calls] : made;
    return {
      server,
      total: counts.reduce((sum, [, count]) => sum + count, 0),
      most: counts
        .slice(0, 3)
        .map(([command, count]) => `${count} ${command}`)
        .join(", "),
    };
  });
}

function describe(
  { server, total, most }: Count,
  span: number,
  granted: number,
  looks: readonly (HistoryEvent | undefined)[],
): Finding {
  return {
    kind: "busy",
    sentence: `${server} carried out ${total.toLocaleString("en-US")} commands in ${duration(span)} (most of them: ${most}), while ${counted(granted, "lock was", "locks were")} granted.`,
    events: evidence(looks),
  };
}
