/**
 * What goes in must come out: every element whose enqueue was acknowledged is dequeued, before somebody finds the queue
 * empty.
 *
 * An element is missing when its enqueue had ended before an operation began that found the queue empty, and nobody got
 * it. A dequeue whose outcome nobody knows may have taken one such element, and a drain any number: so many are
 * *possibly taken*, and only what is missing beyond that is lost.
 */
import { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import { NEVER } from "../linearizability/entries.ts";
import type { Part } from "../linearizability/prepare/prepare.ts";
import { counted } from "../kit/words.ts";
import { invariantChecker, BY_KEY, placeOf } from "./invariant.ts";
import type { Findings } from "./invariant.ts";
import { QUEUE_OPERATIONS, QueueElements } from "./queue-elements.ts";

/** How many missing elements a sentence names. */
const NAMED = 5;

/**
 * `enqueue` element, `dequeue` → element, or null when there is none, `drain` → list of all that there was. Options:
 * `byKey`; `atMostOnce` (default false): an element that is dequeued more often than it was enqueued is an anomaly;
 * `drained` (default false): at the end of the history the queue was empty, although no operation shows it.
 */
export const totalQueue = invariantChecker({
  name: "total-queue",
  algorithm: "takes against enqueues; exact for what it names",
  options: {
    ...BY_KEY,
    atMostOnce: z.boolean().default(false).describe("No element may come out twice"),
    drained: z.boolean().default(false).describe("The queue was empty in the end"),
  },
  operations: () => QUEUE_OPERATIONS,
  values: { brought: ["enqueue"], answered: ["dequeue", "drain"] },
  judge(parts, { byKey, atMostOnce, drained }, findings, columns) {
    const sums = { attempts: 0, acknowledged: 0, dequeued: 0, recovered: 0, duplicated: 0, lost: 0 };
    let possiblyTaken = 0;
    let undecided = 0;
    for (const part of parts) {
      const elements = new QueueElements("total-queue", part, columns, byKey);
      const again = elements.reportStrangers(findings, part);
      if (atMostOnce) for (const take of again) findings.add("duplicated", part, () => elements.duplicateAnomaly(take));
      const acknowledged = total(elements.leftOver((ret) => ret !== NEVER));
      const emptyAt = drained ? NEVER : elements.lastEmpty;
      const missing = elements.leftOver((ret) => ret < emptyAt);
      const count = total(missing);
      const taken = elements.crashedDrain ? count : Math.min(count, elements.crashed.length);
      const enqueued = elements.enqueues.filter(({ ret }) => ret !== NEVER).length;
      const either = total(elements.leftOver(() => true));
      sums.attempts += elements.enqueues.length;
      sums.acknowledged += enqueued;
      sums.dequeued += elements.takes;
      sums.duplicated += again.length;
      // What the takes used up, apart from what was acknowledged.
      sums.recovered += elements.enqueues.length - either - (enqueued - acknowledged);
      sums.lost += count - taken;
      possiblyTaken += taken;
      undecided += acknowledged - count;
      if (count > taken) reportLost({ part, elements, missing, count, taken, emptyAt }, findings, columns);
    }
    return {
      figures: { ...sums, "possibly taken": possiblyTaken, "never dequeued, nothing shows why": undecided },
      holds:
        possiblyTaken === 0
          ? `all of ${counted(sums.acknowledged, "acknowledged element")} came out`
          : `all of ${counted(sums.acknowledged, "acknowledged element")} came out, or (${possiblyTaken}) can have been taken by dequeues with unknown outcomes`,
      unknown: undecidedBecause(sums.acknowledged, undecided),
    };
  },
});

function undecidedBecause(acknowledged: number, undecided: number): string | undefined {
  if (acknowledged === 0) return "no enqueue was acknowledged: nothing can be said of the queue";
  if (undecided === 0) return undefined;
  return `${counted(undecided, "acknowledged element was", "acknowledged elements were")} never dequeued, and nothing shows that the queue was empty afterwards: drain it in the end, or say that it was with the option drained`;
}

interface Loss {
  readonly part: Part;
  readonly elements: QueueElements;
  /** For each element, how often it is missing. */
  readonly missing: Int32Array;
  readonly count: number;
  /** How many of those can have been taken by operations with unknown outcomes. */
  readonly taken: number;
  /** The invocation of what found the queue empty, or `NEVER` for the end of the history. */
  readonly emptyAt: number;
}

function reportLost(
  { part, elements, missing, count, taken, emptyAt }: Loss,
  findings: Findings,
  columns: Columns,
): void {
  const empty = emptyAt === NEVER ? [] : [emptyAt];
  const when =
    emptyAt === NEVER ? "the queue was empty in the end" : `the queue was empty later (${placeOf(columns, emptyAt)})`;
  const gone = [...missing.keys()].filter((element) => (missing[element] as number) > 0);
  if (taken === 0) {
    for (const element of gone)
      findings.add(
        "lost",
        part,
        () => {
          const enqueue = elements.enqueues.findLast((each) => each.element === element && each.ret < emptyAt);
          return {
            sentence: `${elements.said(element)} was lost: its enqueue was acknowledged (${placeOf(columns, enqueue?.call ?? 0)}), nobody got it, and ${when}.`,
            events: elements.eventsOf([element], empty),
            detail: { element: elements.json(element) },
          };
        },
        missing[element],
      );
    return;
  }
  const proof: number[] = [];
  let proven = 0;
  for (const element of gone) {
    if (proven > taken) break;
    proof.push(element);
    proven += missing[element] as number;
  }
  findings.add(
    "lost",
    part,
    () => ({
      sentence: `${counted(count, "acknowledged element")} (${named(elements, gone)}) never came out, and ${when}. Dequeues with unknown outcomes can have taken ${taken} of them; at least ${count - taken} ${count - taken === 1 ? "was" : "were"} lost.`,
      events: elements.eventsOf(proof, [...empty, ...elements.crashed]),
      detail: { elements: gone.slice(0, NAMED).map((element) => elements.json(element)), possiblyTaken: taken },
    }),
    count - taken,
  );
}

function named(elements: QueueElements, gone: readonly number[]): string {
  const few = gone.slice(0, NAMED).map((element) => elements.said(element));
  return gone.length > NAMED ? `${few.join(", ")} …` : few.join(", ");
}

function total(counts: Int32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}
