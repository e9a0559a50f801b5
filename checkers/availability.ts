/**
 * How long nothing worked after a fault.
 *
 * An outage reaches from one success (or the fault's injection) to the next success (or the end of the load). It begins
 * no earlier than the first attempt that was open in it: when nobody tries, nothing fails. O(n log n).
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

const OPTIONS = z.strictObject({
  f: z.array(z.string()).nonempty().describe("Which operations count"),
  boundMs: z.number().positive().describe("The longest outage that is allowed, in milliseconds"),
  workers: z.array(z.string()).nonempty().optional().describe("Whose operations count; without it, everybody's"),
  afterFault: z.string().describe("The fault from whose injection on is looked"),
});

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

function check(history: History, { f, boundMs, workers, afterFault }: z.output<typeof OPTIONS>): CheckResult {
  const faults = faultsOf(history);
  const fault = faults.get(afterFault);
  const looked: Span = { from: fault?.from ?? Infinity, to: loadPhase(history).to };
  const attempts = history.operations.filter(
    (operation) =>
      f.includes(operation.f) &&
      (workers === undefined || workers.includes(who(operation.invoke))) &&
      operation.invoke.time < looked.to &&
      openUntil(operation, faults) > looked.from,
  );
  const outages = outagesIn(looked, attempts, faults);
  const tooLong = outages.filter(({ from, to }) => to - from > fromMs(boundMs));
  const longest = outages.reduce<Outage | undefined>(
    (most, outage) => (most === undefined || outage.to - outage.from > most.to - most.from ? outage : most),
    undefined,
  );
  const words =
    longest === undefined
      ? ""
      : `${duration(longest.to - longest.from)} (from ${moment(longest.from)} to ${moment(longest.to)})`;
  const whose = workers === undefined ? "" : ` by ${listed(workers)}`;
  return conclude({
    history,
    findings:
      fault === undefined
        ? []
        : clearest(
            tooLong,
            (a, b) => b.to - b.from - (a.to - a.from),
            (outage) => describe(outage, f, whose, fault),
          ),
    count: tooLong.length,
    broken: `No ${f.join(" or ")}${whose} succeeded for ${words}; the bound is ${duration(fromMs(boundMs))}.`,
    vacuous:
      neverInjected(fault, afterFault) ??
      (attempts.length === 0 ? `No ${f.join(" or ")}${whose} was tried after the fault “${afterFault}”.` : undefined),
    holds: `After the fault, some ${f.join(" or ")}${whose} always succeeded again within ${words || "no time"}; the bound is ${duration(fromMs(boundMs))}.`,
    figures: {
      "longest outage ms": longest === undefined ? 0 : milliseconds(longest.to - longest.from),
      ...(longest === undefined ? {} : { "outage from": moment(longest.from), "outage to": moment(longest.to) }),
      attempts: attempts.length,
      succeeded: attempts.filter(({ completion }) => completion?.type === "ok" && completion.time <= looked.to).length,
    },
  });
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
    kind: "outage",
    sentence: `No ${f.join(" or ")}${whose} succeeded for ${duration(to - from)}, from ${moment(from)} until ${end} at ${moment(to)}; ${describeFault(fault)}.`,
    events: evidence(events),
  };
}
