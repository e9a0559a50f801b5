/** How times, counts and names are written in the sentences of findings. */
import type { HistoryEvent } from "../../history/operation.ts";

const MS = 1_000_000;

/** A moment: `1.204 s` since the start of the run. */
export function moment(time: number): string {
  return `${(time / 1e9).toFixed(3)} s`;
}

/** A length of time in nanoseconds: `0.25 ms`, `812 ms`, `12.34 s`. */
export function duration(ns: number): string {
  const ms = ns / MS;
  if (ms < 10) return `${Number(ms.toPrecision(2))} ms`;
  return ms < 2_000 ? `${Math.round(ms)} ms` : `${Number((ms / 1_000).toPrecision(4))} s`;
}

/** Nanoseconds as milliseconds with at most three decimals, for figures. */
export function milliseconds(ns: number): number {
  return Math.round(ns / 1_000) / 1_000;
}

export function fromMs(ms: number): number {
  return ms * MS;
}

/** `1 grant`, `3 grants`. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString("en-US")} ${count === 1 ? noun : plural}`;
}

/** `w1`, `w1 and w2`, `w1, w2 and w3`. */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Who recorded an event: its worker, or its process where no worker is named. */
export function who(event: HistoryEvent): string {
  return event.worker ?? `process ${event.process}`;
}

/** Numbers as ranges: `1–3, 7, 9–10`. They must rise. */
export function ranges(numbers: readonly number[]): string {
  const parts: string[] = [];
  let first: number | undefined;
  for (let i = 0; i < numbers.length; i += 1) {
    const number = numbers[i] ?? 0;
    first ??= number;
    if (numbers[i + 1] === number + 1) continue;
    parts.push(first === number ? `${number}` : `${first}–${number}`);
    first = undefined;
  }
  return parts.join(", ");
}

/** Why a test was too small, such as `Only 1 add was acknowledged, fewer than 5.`; undefined when it was not. */
export function tooFew(count: number, least: number, one: string, many: string): string | undefined {
  return count < least ? `Only ${counted(count, one, many)}, fewer than ${least}.` : undefined;
}
