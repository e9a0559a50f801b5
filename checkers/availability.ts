/**
 * How long nothing worked after a fault.
 *
 * An outage reaches from one success (or the fault's injection) to the next success (or the end of the load). It begins
 * no earlier than the first attempt that was open in it: when nobody tries, nothing fails. O(n log n).
 *
 * With `each`, every worker, or every key or channel, has outages of its own: that one never comes back is not hidden
 * by the others.
 */
import { z } from "zod";
import type { History } from "../history/history.ts";
import type { HistoryEvent, Operation } from "../history/operation.ts";
import type { CheckResult, Finding } from "./checker.ts";
import { checkerOf } from "./kit/checker-of.ts";
import { namedBy } from "./kit/exercise.ts";
import { clearest, conclude } from "./kit/conclude.ts";
import { evidence } from "./kit/evidence.ts";
import type { FaultRecord } from "./kit/faults.ts";
import { describeFault, faultsOf, neverInjected, openUntil } from "./kit/faults.ts";
import type { Span } from "./kit/phases.ts";
import { loadPhase } from "./kit/phases.ts";
import { duration, fromMs, listed, milliseconds, moment, who } from "./kit/words.ts";
import { subjectOf } from "../history/vocabulary/read.ts";

const OPTIONS = z.strictObject({
  f: z.array(z.string()).nonempty().describe("Which operations count"),
  boundMs: z.number().positive().describe("The longest outage that is allowed, in milliseconds"),
  workers: z.array(z.string()).nonempty().optional().describe("Whose operations count; without it, everybody's"),
  afterFault: z.string().describe("The fault from whose injection on is looked"),
  from: z
    .enum(["injection", "heal"])
    .default("injection")
    .describe("Whether what the fault itself lasted counts: `heal` looks from when it was gone"),
  each: z
    .array(z.enum(["worker", "subject"]))
    .nonempty()
    .optional()
    .describe("Who must succeed again by itself: every worker, every subject (a key or channel), or each with each"),
});

type Options = z.output<typeof OPTIONS>;

interface Outage extends Span {
  /** An attempt that was open at its beginning. */
  readonly attempt: Operation;
  readonly before: Operation | undefined;
  readonly after: Operation | undefined;
}

/** Counts the outages that are longer than the bound. */
export const availability = checkerOf({
  name: "availability",
  options: OPTIONS,
  exercise: namedBy("f"),
  check,
});

function check(history: History, options: Options): CheckResult {
  const { f, boundMs, workers, afterFault, from, each } = options;
  const faults = faultsOf(history);
  const fault = faults.get(afterFault);
  const looked: Span = {
    from: (from === "heal" ? fault?.stages.get("healed")?.event.time : fault?.from) ?? Infinity,
    to: loadPhase(history).to,
  };
  const counting = history.operations.filter(
    (operation) => f.includes(operation.f) && (workers === undefined || workers.includes(who(operation.invoke))),
  );
  const isOpenIn = (operation: Operation): boolean =>
    operation.invoke.time < looked.to && openUntil(operation, faults) > looked.from;
  const attempts = counting.filter(isOpenIn);
  const whose = workers === undefined ? "" : ` by ${listed(workers)}`;
  const groups = Map.groupBy(counting, (operation) => groupOf(operation, each));
  const outages = [...groups].flatMap(([group, operations]) =>
    outagesIn(looked, operations.filter(isOpenIn), faults).map((outage): GroupOutage => ({ ...outage, group })),
  );
  const tooLong = outages.filter((outage) => outage.to - outage.from > fromMs(boundMs));
  const longest = outages.reduce<GroupOutage | undefined>(
    (most, outage) => (most === undefined || outage.to - outage.from > most.to - most.from ? outage : most),
    undefined,
  );
  const words =
    longest === undefined
      ? ""
      : `${duration(longest.to - longest.from)} (from ${moment(longest.from)} to ${moment(longest.to)})`;
  const named = f.join(" or ");
  const idle = [...groups].filter(([, operations]) => !operations.some(isOpenIn)).map(([group]) => group);
  return conclude({
    history,
    findings:
      fault === undefined
        ? []
        : clearest(
            tooLong,
            (a, b) => b.to - b.from - (a.to - a.from),
            (outage) => describe(outage, f, `${whose}${outage.group}`, fault, each !== undefined),
          ),
    count: tooLong.length,
    broken: `No ${named}${whose}${longest?.group ?? ""} succeeded for ${words}; the bound is ${duration(fromMs(boundMs))}.`,
    vacuous:
      neverInjected(fault, afterFault) ??
      (looked.from === Infinity
        ? `The fault “${afterFault}” was not gone before the history ends.`
        : attempts.length === 0
          ? `No ${named}${whose} was tried after the fault “${afterFault}”.`
          : idle.length > 0
            ? `No ${named}${whose}${idle[0] ?? ""} was tried after the fault “${afterFault}”.`
            : undefined),
    holds:
      each === undefined
        ? `After the fault, some ${named}${whose} always succeeded again within ${words || "no time"}; the bound is ${duration(fromMs(boundMs))}.`
        : `After the fault, some ${named}${whose} of each of ${groups.size} (${each.join(" and ")}) always succeeded again within ${words || "no time"}; the bound is ${duration(fromMs(boundMs))}.`,
    figures: {
      "longest outage ms": longest === undefined ? 0 : milliseconds(longest.to - longest.from),
      ...(longest === undefined ? {} : { "outage from": moment(longest.from), "outage to": moment(longest.to) }),
      attempts: attempts.length,
      succeeded: attempts.filter(({ completion }) => completion?.type === "ok" && completion.time <= looked.to).length,
      ...(each === undefined
        ? {}
        : { groups: groups.size, "never again": tooLong.filter(({ after }) => after === undefined).length }),
    },
  });
}

interface GroupOutage extends Outage {
  /** Goes on after what was tried: ` by w2 on client:{a}:list`; empty where all are one. */
  readonly group: string;
}

function groupOf({ invoke }: Operation, each: Options["each"]): string {
  if (each === undefined) return "";
  return `${each.includes("worker") ? ` by ${who(invoke)}` : ""}${each.includes("subject") ? ` on ${subjectOf(invoke)}` : ""}`;
}

function outagesIn(looked: Span, attempts: readonly Operation[], faults: ReadonlyMap<string, FaultRecord>): Outage[] {
  const byEnd = attempts.map((attempt) => ({ attempt, end: openUntil(attempt, faults) })).sort((a, b) => a.end - b.end);
  /** For each position in `byEnd`: of the attempts that end there or later, the one that began first. */
  const earliest: Operation[] = [];
  for (let i = byEnd.length - 1; i >= 0; i -= 1) {
    const attempt = byEnd[i]?.attempt;
    const known = earliest[i + 1];
    if (attempt !== undefined)
      earliest[i] = known !== undefined && known.invoke.time <= attempt.invoke.time ? known : attempt;
  }
  const successes = byEnd.filter(({ attempt, end }) => attempt.completion?.type === "ok" && end <= looked.to);
  const outages: Outage[] = [];
  let position = 0;
  for (let i = 0; i <= successes.length; i += 1) {
    const [before, after] = [successes[i - 1], successes[i]];
    const [start, to] = [before?.end ?? looked.from, after?.end ?? looked.to];
    while (position < byEnd.length && (byEnd[position]?.end ?? Infinity) <= start) position += 1;
    const attempt = earliest[position];
    const from = Math.max(start, attempt?.invoke.time ?? Infinity);
    if (attempt !== undefined && from < to)
      outages.push({ from, to, attempt, before: before?.attempt, after: after?.attempt });
  }
  return outages;
}

function describe(
  { from, to, attempt, before, after }: Outage,
  f: readonly string[],
  whose: string,
  fault: FaultRecord,
  isOfOne: boolean,
): Finding {
  const end = after === undefined ? "the load ended without another success" : `${who(after.invoke)} succeeded again`;
  const events: (HistoryEvent | undefined)[] = [
    fault.stages.get("inject")?.event,
    before?.completion,
    attempt.invoke,
    attempt.completion,
    after?.completion,
  ];
  return {
    kind: isOfOne && after === undefined ? "never-again" : "outage",
    sentence: `No ${f.join(" or ")}${whose} succeeded for ${duration(to - from)}, from ${moment(from)} until ${end} at ${moment(to)}; ${describeFault(fault)}.`,
    events: evidence(events),
  };
}
