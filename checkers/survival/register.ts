/**
 * Registers whose values rise and come from one writer each: of two values the greater is the newer, so every read can
 * be judged by itself. A missing value (`null`) is older than all. O(n log n).
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { HistoryEvent, Operation } from "../../history/operation.ts";
import { outcome } from "../../history/operation.ts";
import { acknowledgedBy, lossFigures } from "./acknowledged.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { survives } from "./exercise.ts";
import { lossNeedsWholeSystem } from "../kit/open-end.ts";
import { MAX_FINDINGS } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { keyed, ValueError } from "../../history/vocabulary/read.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { finalReads, unread } from "../kit/phases.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

const OPTIONS = z.strictObject({
  property: z
    .enum(["acknowledged-survive", "no-stale-read", "refused-absent"])
    .describe("What is claimed of the registers"),
  minOperations: z
    .int()
    .min(1)
    .default(1)
    .describe(
      "Fewer writes with the outcome that matters (for `no-stale-read`: fewer reads after an acknowledged write) than this, and the test was too small",
    ),
});

interface Write {
  readonly key: string;
  readonly value: number;
  readonly operation: Operation;
  readonly outcome: "ok" | "fail" | "info";
}

interface Read {
  readonly key: string;
  /** -Infinity where there was no value. */
  readonly value: number;
  readonly operation: Operation;
  readonly event: HistoryEvent;
}

export const registerSurvival = checkerOf({
  name: "register-survival",
  options: OPTIONS,
  exercise: survives("write"),
  check: lossNeedsWholeSystem(check, ["acknowledged-survive"]),
});

function check(history: History, { property, minOperations }: z.output<typeof OPTIONS>): CheckResult {
  const writes = writesOf(history);
  switch (property) {
    case "acknowledged-survive":
      return acknowledgedSurvive(history, writes, minOperations);
    case "no-stale-read":
      return noStaleRead(history, writes, minOperations);
    case "refused-absent":
      return refusedAbsent(history, writes, minOperations);
  }
}

/**
 * Counts the acknowledged writes that are newer than the final read of their key, and the final reads of values that
 * nobody wrote.
 */
function acknowledgedSurvive(history: History, writes: readonly Write[], minOperations: number): CheckResult {
  const finals = finalsOf(history, writes);
  const acknowledged = writes.filter((write) => write.outcome === "ok");
  const lost = acknowledged.flatMap((write) => {
    const ok = write.operation.completion;
    const read = finals.get(write.key);
    return ok !== undefined && read !== undefined && ok.time < read.operation.invoke.time && read.value < write.value
      ? [{ write, ok, read }]
      : [];
  });
  const phantoms = phantomsAmong([...finals.values()], writes);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: [
      ...clearest(
        lost,
        (a, b) => b.ok.index - a.ok.index,
        ({ write, ok, read }) => describeLost(write, ok, read, faults),
      ),
      ...phantoms.slice(0, MAX_FINDINGS).map(describePhantom),
    ].slice(0, MAX_FINDINGS),
    count: lost.length + phantoms.length,
    broken:
      `${counted(lost.length, "acknowledged write")} of ${acknowledged.length.toLocaleString("en-US")} ${lost.length === 1 ? "is" : "are"} newer than what the final read found` +
      `${phantoms.length === 0 ? "" : `, and ${counted(phantoms.length, "final read")} found a value that nobody had written`}.`,
    vacuous: tooFew(acknowledged.length, minOperations, "write was acknowledged", "writes were acknowledged"),
    unknown: unread(
      acknowledged.map(({ key }) => key),
      finals,
    ),
    holds: `The final read of every key is as new as its last acknowledged write (${counted(acknowledged.length, "write")}).`,
    figures: { acknowledged: acknowledged.length, lost: lost.length, ...lossFigures(lost.map(({ ok }) => ok)) },
  });
}

/**
 * Counts the reads that are older than a write that had been acknowledged before they began, and those of values that
 * nobody wrote.
 */
function noStaleRead(history: History, writes: readonly Write[], minOperations: number): CheckResult {
  const reads = readsOf(history, writes);
  const acknowledged = new Map<string, { write: Write; ok: HistoryEvent }[]>();
  for (const write of writes) {
    const ok = write.operation.completion;
    if (write.outcome !== "ok" || ok === undefined) continue;
    const known = acknowledged.get(write.key) ?? [];
    acknowledged.set(write.key, known);
    known.push({ write, ok });
  }
  let meaningful = 0;
  const stale: { read: Read; write: Write; ok: HistoryEvent }[] = [];
  for (const [key, each] of Map.groupBy(reads, (read) => read.key)) {
    const known = (acknowledged.get(key) ?? []).sort((a, b) => a.ok.index - b.ok.index);
    let next = 0;
    let newest: { write: Write; ok: HistoryEvent } | undefined;
    for (const read of each.sort((a, b) => a.operation.invoke.index - b.operation.invoke.index)) {
      for (; ; next += 1) {
        const write = known[next];
        if (write === undefined || write.ok.time >= read.operation.invoke.time) break;
        if (newest === undefined || write.write.value > newest.write.value) newest = write;
      }
      if (newest === undefined) continue;
      meaningful += 1;
      if (read.value < newest.write.value) stale.push({ read, ...newest });
    }
  }
  const phantoms = phantomsAmong(reads, writes);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: [
      ...clearest(
        stale,
        (a, b) => a.read.event.index - b.read.event.index,
        ({ read, write, ok }) => describeStale(read, write, ok, faults),
      ),
      ...phantoms.slice(0, MAX_FINDINGS).map(describePhantom),
    ].slice(0, MAX_FINDINGS),
    count: stale.length + phantoms.length,
    broken:
      `${counted(stale.length, "read")} of ${meaningful.toLocaleString("en-US")} found a value older than one that had been acknowledged before` +
      `${phantoms.length === 0 ? "" : `, and ${counted(phantoms.length, "read")} a value that nobody had written`}.`,
    vacuous: tooFew(
      meaningful,
      minOperations,
      "read was made after an acknowledged write",
      "reads were made after an acknowledged write",
    ),
    holds: `${counted(meaningful, "read")} after an acknowledged write, and all found it or a newer one.`,
    figures: { "reads after a write": meaningful, stale: stale.length },
  });
}

/** Counts the refused writes whose value any read found. */
function refusedAbsent(history: History, writes: readonly Write[], minOperations: number): CheckResult {
  const refused = writes.filter((write) => write.outcome === "fail");
  const firstReads = new Map<string, Read>();
  const reads = readsOf(history, writes);
  const valued = reads.filter(({ value }) => value !== -Infinity);
  for (const read of reads) {
    const name = identity(read);
    if (!firstReads.has(name)) firstReads.set(name, read);
  }
  const present = refused.flatMap((write) => {
    const read = firstReads.get(identity(write));
    return read === undefined ? [] : [{ write, read }];
  });
  return conclude({
    history,
    findings: clearest(
      present,
      (a, b) => a.read.event.index - b.read.event.index,
      ({ write, read }) => ({
        kind: "refused-present",
        sentence: `The write of ${write.value} to ${write.key} was refused (${write.operation.completion?.error ?? "no reason recorded"}), and yet a read at ${moment(read.event.time)} found it.`,
        events: evidence([write.operation.invoke, write.operation.completion, read.operation.invoke, read.event]),
      }),
    ),
    count: present.length,
    broken: `${counted(present.length, "refused write")} of ${refused.length.toLocaleString("en-US")} took effect after all.`,
    vacuous:
      tooFew(refused.length, minOperations, "write was refused", "writes were refused") ??
      (reads.length > 0 && valued.length === 0
        ? "No read found any value, so that refused ones are absent says nothing."
        : undefined),
    unknown: reads.length === 0 ? "No read succeeded, so nobody knows what the refused writes did." : undefined,
    holds: `None of the ${counted(refused.length, "refused write")} was ever read; ${counted(valued.length, "read")} found other values.`,
    figures: {
      refused: refused.length,
      "reads with a value": valued.length,
      "present after all": present.length,
    },
  });
}

function writesOf(history: History): Write[] {
  return history.operations.flatMap((operation) => {
    if (operation.f !== "write") return [];
    const { key, value } = keyed(operation.invoke);
    if (typeof value !== "number") throw new ValueError(operation.invoke, "the form [key, number]");
    return [{ key, value, operation, outcome: outcome(operation) }];
  });
}

function readsOf(history: History, writes: readonly Write[]): Read[] {
  const keys = new Set(writes.map(({ key }) => key));
  return history.operations.flatMap((operation) => readFrom(operation, keys) ?? []);
}

function finalsOf(history: History, writes: readonly Write[]): Map<string, Read> {
  const keys = new Set(writes.map(({ key }) => key));
  const finals = new Map<string, Read>();
  for (const [key, operation] of finalReads(history, (event) => keyed(event).key)) {
    const read = readFrom(operation, keys);
    if (read !== undefined) finals.set(key, read);
  }
  return finals;
}

/** A read of a register; undefined for one of something else, such as a set in the same history. */
function readFrom(operation: Operation, keys: ReadonlySet<string>): Read | undefined {
  const event = operation.completion;
  if (operation.f !== "read" || event?.type !== "ok") return undefined;
  const { key, value } = keyed(event);
  if (value !== null && typeof value !== "number") {
    if (keys.has(key)) throw new ValueError(event, "the form [key, number or null]");
    return undefined;
  }
  return { key, value: value ?? -Infinity, operation, event };
}

function identity({ key, value }: { readonly key: string; readonly value: number }): string {
  return JSON.stringify([key, value]);
}

/** Reads of values that nobody had begun to write. */
function phantomsAmong(reads: readonly Read[], writes: readonly Write[]): Read[] {
  const begun = new Map<string, number>();
  for (const write of writes) {
    const name = identity(write);
    begun.set(name, Math.min(begun.get(name) ?? Infinity, write.operation.invoke.time));
  }
  return reads.filter((read) => read.value !== -Infinity && (begun.get(identity(read)) ?? Infinity) > read.event.time);
}

function describeLost(write: Write, ok: HistoryEvent, read: Read, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const during = alongside(faults, ok.time, ok.time, ok.node === undefined ? [] : [ok.node]);
  return {
    kind: "lost",
    sentence: `The write of ${write.value} to ${write.key} was ${acknowledgedBy(ok)}, but the final read at ${moment(read.event.time)} found ${found(read)}${during}.`,
    events: evidence([ok, read.operation.invoke, read.event, write.operation.invoke]),
  };
}

function describeStale(read: Read, write: Write, ok: HistoryEvent, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const from = read.event.node === undefined ? "" : ` from ${read.event.node}`;
  const during = alongside(faults, ok.time, read.event.time, read.event.node === undefined ? [] : [read.event.node]);
  return {
    kind: "stale-read",
    sentence:
      `A read of ${read.key}${from}, begun at ${moment(read.operation.invoke.time)}, found ${found(read)}, ` +
      `although the write of ${write.value} had been ${acknowledgedBy(ok)}${during}.`,
    events: evidence([write.operation.invoke, ok, read.operation.invoke, read.event]),
  };
}

function describePhantom(read: Read): Finding {
  return {
    kind: "phantom",
    sentence: `A read of ${read.key} at ${moment(read.event.time)} found ${found(read)}, which nobody had written by then.`,
    events: evidence([read.operation.invoke, read.event]),
  };
}

function found({ value }: Read): string {
  return value === -Infinity ? "no value" : `${value}`;
}
