/**
 * A grow-only set: what was acknowledged must be in the final read, what was refused must be in no read, and what
 * nobody added neither. An add whose outcome nobody knows may be there or not. O(total size of the reads).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Json, Operation } from "../../history/operation.ts";
import { outcome } from "../../history/operation.ts";
import { acknowledgedBy, lossFigures } from "./acknowledged.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { survives } from "./exercise.ts";
import { lossNeedsWholeSystem } from "../kit/open-end.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { keyed, ValueError } from "../../history/vocabulary/read.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { finalReads, unread } from "../kit/phases.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  property: z.enum(["acknowledged-survive", "refused-absent", "no-phantom"]).describe("What is claimed of the sets"),
  minElements: z
    .int()
    .min(1)
    .default(1)
    .describe(
      "Fewer adds with the outcome that matters (for `no-phantom`: fewer elements read) than this, and the test was too small",
    ),
});

type Element = number | string;

interface Add {
  readonly key: string;
  readonly element: Element;
  readonly operation: Operation;
  readonly outcome: "ok" | "fail" | "info";
}

interface Read {
  readonly key: string;
  readonly elements: ReadonlySet<Element>;
  readonly operation: Operation;
  readonly event: HistoryEvent;
}

export const setSurvival = checkerOf({
  name: "set-survival",
  options: OPTIONS,
  exercise: survives("add"),
  check: lossNeedsWholeSystem(check, ["acknowledged-survive"]),
});

function check(history: History, { property, minElements }: z.output<typeof OPTIONS>): CheckResult {
  const adds = addsOf(history);
  switch (property) {
    case "acknowledged-survive":
      return acknowledgedSurvive(history, adds, minElements);
    case "refused-absent":
      return refusedAbsent(history, adds, minElements);
    case "no-phantom":
      return noPhantom(history, adds, minElements);
  }
}

/** Counts the acknowledged elements that the final read of their key lacks. */
function acknowledgedSurvive(history: History, adds: readonly Add[], minElements: number): CheckResult {
  const finals = finalsOf(history, adds);
  const acknowledged = adds.filter((add) => add.outcome === "ok");
  const lost = acknowledged.flatMap((add) => {
    const ok = add.operation.completion;
    const read = finals.get(add.key);
    if (ok === undefined || read === undefined || ok.time >= read.operation.invoke.time) return [];
    return read.elements.has(add.element) ? [] : [{ add, ok, read }];
  });
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      lost,
      (a, b) => a.ok.index - b.ok.index,
      (loss) => describeLost(loss.add, loss.ok, loss.read, faults),
    ),
    count: lost.length,
    broken: `${counted(lost.length, "acknowledged element")} of ${acknowledged.length.toLocaleString("en-US")} ${lost.length === 1 ? "is" : "are"} missing from the final read.`,
    vacuous: tooFew(acknowledged.length, minElements, "add was acknowledged", "adds were acknowledged"),
    unknown: unread(
      acknowledged.map(({ key }) => key),
      finals,
    ),
    holds: `The final read has every acknowledged element (${acknowledged.length} of ${acknowledged.length}).`,
    figures: { acknowledged: acknowledged.length, lost: lost.length, ...lossFigures(lost.map(({ ok }) => ok)) },
  });
}

/** Counts the refused elements that any read has. */
function refusedAbsent(history: History, adds: readonly Add[], minElements: number): CheckResult {
  const refused = adds.filter((add) => add.outcome === "fail");
  const seen = new Map<string, Read>();
  for (const read of readsOf(history, adds)) {
    for (const element of read.elements) {
      const name = identity(read.key, element);
      if (!seen.has(name)) seen.set(name, read);
    }
  }
  const present = refused.flatMap((add) => {
    const read = seen.get(identity(add.key, add.element));
    return read === undefined ? [] : [{ add, read }];
  });
  return conclude({
    history,
    findings: clearest(
      present,
      (a, b) => a.add.operation.invoke.index - b.add.operation.invoke.index,
      ({ add, read }) => ({
        kind: "refused-present",
        sentence: `The add of ${add.element} to ${add.key} was refused (${add.operation.completion?.error ?? "no reason recorded"}), and yet a read at ${moment(read.event.time)} has it.`,
        events: evidence([add.operation.invoke, add.operation.completion, read.operation.invoke, read.event]),
      }),
    ),
    count: present.length,
    broken: `${counted(present.length, "refused element")} of ${refused.length.toLocaleString("en-US")} ${present.length === 1 ? "was" : "were"} added after all.`,
    vacuous:
      tooFew(refused.length, minElements, "add was refused", "adds were refused") ??
      (seen.size === 0 ? "No read found any element, so that refused ones are absent says nothing." : undefined),
    unknown: unread(
      refused.map(({ key }) => key),
      finalsOf(history, adds),
    ),
    holds: `None of the ${counted(refused.length, "refused element")} was ever read; ${counted(seen.size, "other element was", "other elements were")}.`,
    figures: { refused: refused.length, "elements read": seen.size, "present after all": present.length },
  });
}

/** Counts the elements in reads that nobody had begun to add. */
function noPhantom(history: History, adds: readonly Add[], minElements: number): CheckResult {
  const begun = new Map<string, number>();
  for (const { key, element, operation } of adds) {
    const name = identity(key, element);
    begun.set(name, Math.min(begun.get(name) ?? Infinity, operation.invoke.time));
  }
  const checked = new Set<string>();
  const phantoms = new Map<string, { read: Read; element: Element }>();
  for (const read of readsOf(history, adds)) {
    for (const element of read.elements) {
      const name = identity(read.key, element);
      checked.add(name);
      if ((begun.get(name) ?? Infinity) > read.event.time && !phantoms.has(name)) phantoms.set(name, { read, element });
    }
  }
  const finals = finalsOf(history, adds);
  return conclude({
    history,
    findings: clearest(
      [...phantoms.values()],
      (a, b) => a.read.event.index - b.read.event.index,
      ({ read, element }) => ({
        kind: "phantom",
        sentence: `A read of ${read.key} at ${moment(read.event.time)} has ${JSON.stringify(element)}, which nobody had added by then.`,
        events: evidence([read.operation.invoke, read.event]),
      }),
    ),
    count: phantoms.size,
    broken: `${counted(phantoms.size, "element")} ${phantoms.size === 1 ? "was" : "were"} read that nobody had added.`,
    vacuous: tooFew(checked.size, minElements, "element was ever read", "elements were ever read"),
    unknown: unread(
      adds.map(({ key }) => key),
      finals,
    ),
    holds: `Every element that was read had been added (${checked.size} of ${checked.size}).`,
    figures: { "elements read": checked.size, phantoms: phantoms.size },
  });
}

function addsOf(history: History): Add[] {
  return history.operations.flatMap((operation) => {
    if (operation.f !== "add") return [];
    const { key, value } = keyed(operation.invoke);
    return [{ key, element: elementIn(operation.invoke, value), operation, outcome: outcome(operation) }];
  });
}

function readsOf(history: History, adds: readonly Add[]): Read[] {
  const keys = new Set(adds.map(({ key }) => key));
  return history.operations.flatMap((operation) => readFrom(operation, keys) ?? []);
}

function finalsOf(history: History, adds: readonly Add[]): Map<string, Read> {
  const keys = new Set(adds.map(({ key }) => key));
  const finals = new Map<string, Read>();
  for (const [key, operation] of finalReads(history, (event) => keyed(event).key)) {
    const read = readFrom(operation, keys);
    if (read !== undefined) finals.set(key, read);
  }
  return finals;
}

/** A read of a set; undefined for one of something else, such as a register in the same history. */
function readFrom(operation: Operation, keys: ReadonlySet<string>): Read | undefined {
  const event = operation.completion;
  if (operation.f !== "read" || event?.type !== "ok") return undefined;
  const { key, value } = keyed(event);
  if (!Array.isArray(value)) {
    if (keys.has(key)) throw new ValueError(event, "the form [key, [elements…]]");
    return undefined;
  }
  const elements = (value as readonly Json[]).map((element) => elementIn(event, element));
  return { key, elements: new Set(elements), operation, event };
}

function elementIn(event: HistoryEvent, element: Json): Element {
  if (typeof element === "number" || typeof element === "string") return element;
  throw new ValueError(event, "elements that are numbers or texts");
}

function identity(key: string, element: Element): string {
  return JSON.stringify([key, element]);
}

function describeLost(
  { key, element }: Add,
  ok: HistoryEvent,
  read: Read,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const during = alongside(faults, ok.time, ok.time, ok.node === undefined ? [] : [ok.node]);
  return {
    kind: "lost",
    sentence: `${JSON.stringify(element)}, added to ${key} and ${acknowledgedBy(ok)}, is missing from the final read at ${moment(read.event.time)}${during}.`,
    events: evidence([ok, read.operation.invoke, read.event]),
  };
}
