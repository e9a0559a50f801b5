/** Reading a history file: JSON lines of this or another tool, in any order in which several processes wrote them. */
import { readFile } from "node:fs/promises";
import { History } from "./history.ts";
import { HistoryError } from "./history-error.ts";
import type { ParsedLine } from "./line.ts";
import { parseLine } from "./line.ts";
import type { HistoryEvent } from "./operation.ts";
import { NEMESIS } from "./operation.ts";

export interface ReadHistory {
  readonly history: History;
  /** What was accepted but should be known, such as a last line that was cut off. */
  readonly warnings: readonly string[];
}

/**
 * Reads a history file.
 *
 * Events come out in the order of time, numbered from 0. Without times, the order of the lines counts. A last line that was cut off
 * (a writer was killed in the middle of it) is left out with a warning.
 * @throws HistoryError when a line is damaged, when the lines of one process contradict its times, or when a process completes what it
 * did not invoke, invokes before its last operation has ended, or acts after an `info`.
 */
export async function readHistory(file: string): Promise<ReadHistory> {
  return build(linesOf(await readFile(file)), file);
}

/** The same for a text; `name` stands for the file in messages. */
export function parseHistory(text: string, name = "history"): ReadHistory {
  return build(linesOf(Buffer.from(text)), name);
}

interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** False for a last line without a line's end. */
  readonly ended: boolean;
}

/** Cuts the bytes, not a decoded string: a string cannot hold more than half a gigabyte. */
function* linesOf(bytes: Buffer): Generator<Line> {
  for (let start = 0, number = 1; start < bytes.length; number += 1) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const text = bytes.toString("utf8", start, end);
    if (text.trim() !== "") yield { number, text, ended: newline !== -1 };
    start = end + 1;
  }
}

/** An event and where it stood. */
interface Placed {
  readonly line: number;
  readonly parsed: ParsedLine;
}

function build(lines: Iterable<Line>, source: string): ReadHistory {
  const warnings: string[] = [];
  const placed: Placed[] = [];
  for (const { number, text, ended } of lines) {
    try {
      placed.push({ line: number, parsed: parseLine(text) });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      if (ended || isJson(text)) throw new HistoryError(source, number, error.message);
      warnings.push(`${source}, line ${number}: the last line was cut off and is left out`);
    }
  }
  checkIndexes(placed, source);
  checkTimes(placed, source);
  checkProcesses(placed, source);
  return { history: new History(inOrder(placed)), warnings };
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Two events with one index are two histories in one file, or a line that was copied. */
function checkIndexes(placed: readonly Placed[], source: string): void {
  const lineOf = new Map<number, number>();
  let last = -1;
  for (const { line, parsed } of placed) {
    const { index, time } = parsed;
    if (index === undefined) continue;
    const twin = lineOf.get(index);
    if (twin !== undefined) throw new HistoryError(source, line, `index ${index} is already that of line ${twin}`);
    if (time === undefined && index < last) {
      throw new HistoryError(
        source,
        line,
        `index ${index} comes after ${last}; without times, lines must stand in their order`,
      );
    }
    lineOf.set(index, line);
    last = index;
  }
}

function checkTimes(placed: readonly Placed[], source: string): void {
  const timed = placed.find(({ parsed }) => parsed.time !== undefined);
  const untimed = placed.find(({ parsed }) => parsed.time === undefined);
  if (timed === undefined || untimed === undefined) return;
  const line = Math.max(timed.line, untimed.line);
  throw new HistoryError(
    source,
    line,
    `lines ${timed.line} and ${untimed.line} disagree: give every event a time, or none`,
  );
}

/** A process is single-threaded: it wrote its lines in the order in which things happened to it, one operation after the other. */
function checkProcesses(placed: readonly Placed[], source: string): void {
  const states = new Map<
    number | typeof NEMESIS,
    { time: number; line: number; open: string | undefined; lost: boolean }
  >();
  for (const { line, parsed } of placed) {
    const { process, time = 0, type, f } = parsed;
    const fail = (problem: string): HistoryError => new HistoryError(source, line, `process ${process} ${problem}`);
    let state = states.get(process);
    if (state === undefined) states.set(process, (state = { time, line, open: undefined, lost: false }));
    if (time < state.time)
      throw fail(`has time ${time}, but its line ${state.line} before has ${state.time}: the lines are out of order`);
    if (process !== NEMESIS) {
      if (state.lost) throw fail(`acts after the info of line ${state.line}: it must go on under a new number`);
      if (type === "invoke") {
        if (state.open !== undefined)
          throw fail(`invokes ${f} while its ${state.open} of line ${state.line} is still open`);
        state.open = f;
      } else {
        if (state.open === undefined) throw fail(`completes ${f} without having invoked it`);
        if (state.open !== f) throw fail(`completes ${f}, but invoked ${state.open} in line ${state.line}`);
        state.open = undefined;
        state.lost = type === "info";
      }
    }
    state.time = time;
    state.line = line;
  }
}

function inOrder(placed: readonly Placed[]): HistoryEvent[] {
  const events = placed.map(({ parsed }, position): HistoryEvent => ({
    ...parsed,
    index: position,
    time: parsed.time ?? position,
  }));
  const sorted = events.every((event, i) => i === 0 || (events[i - 1]?.time ?? 0) <= event.time);
  if (sorted) return events;
  // Array.prototype.sort is stable: events of one moment stay in the order of the file.
  return events.sort((a, b) => a.time - b.time).map((event, index) => ({ ...event, index }));
}
