/**
 * Reads of a register that return what had been overwritten before they began, although the client that read, or any
 * other, knew of the newer value.
 *
 * A value is *known* from the moment its write was acknowledged, or a read that returned it had ended. The older of two
 * values is the one whose write had ended before the other's began. A read is stale when it returns an older value than
 * one that is known. Only the known write that began last counts: every value that is older than another known one is
 * older than this one, too.
 */
import { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import { MisuseError } from "../analysis.ts";
import { PairTable } from "../kit/pair-table.ts";
import { NEVER } from "../linearizability/entries.ts";
import type { Part } from "../linearizability/prepare/prepare.ts";
import { numberProcesses } from "../linearizability/prepare/processes.ts";
import { counted } from "../kit/words.ts";
import { invariantChecker, BY_KEY, eventsOfCalls, nameIndex, placeOf, shown, valueOf } from "./invariant.ts";
import type { Findings } from "./invariant.ts";

/** There is none; in place of a write's events: the value was there in the beginning. */
const NONE = -1;

interface Options {
  readonly byKey: boolean;
  readonly realTime: boolean;
  readonly init: null | boolean | number | string;
}

/**
 * `write` value (unique), `read` → value. Options: `byKey`; `init` (default null), which is there in the beginning;
 * `realTime` (default false): what counts is what anybody knew when the read began, and not only its own process. By
 * process these are reads that are not monotonic, and processes that do not read their writes. Sound where writes take
 * effect between their invocations and their completions, and not complete: the model `register` decides whether all
 * reads fit together.
 * @throws MisuseError where a value is written twice, or is the first one.
 */
export const staleReads = invariantChecker({
  name: "stale-reads",
  algorithm: "newest value that is known; sound, not complete",
  options: {
    ...BY_KEY,
    realTime: z.boolean().default(false).describe("What others had written or read counts, too, once that had ended"),
    init: z
      .union([z.null(), z.boolean(), z.number(), z.string()], "must be a scalar")
      .default(null)
      .describe("What the register holds in the beginning"),
  },
  operations: () => ["write", "read"],
  values: { brought: ["write"], answered: ["read"] },
  judge(parts, options, findings, columns) {
    let reads = 0;
    for (const part of parts) {
      const versions = new Versions(part, columns, options);
      reads += versions.report(findings);
    }
    return {
      figures: { reads },
      holds: `${counted(reads, "read")}, none older than what was known`,
      unknown: reads === 0 ? "no read succeeded" : undefined,
    };
  },
});

class Versions {
  readonly #part: Part;
  readonly #columns: Columns;
  readonly #options: Options;
  readonly #write: number;
  readonly #index: PairTable;
  /**
   * For each value: the invocation and the end of its write. Both are `NONE` for the first value, and the invocation
   * also where every write of it failed.
   */
  readonly #call: Int32Array;
  readonly #ret: Int32Array;
  /** For each value, a write of it that failed. */
  readonly #failed: Int32Array;
  readonly #firstValue: number;
  /** Entries that succeeded, by their ends. */
  readonly #ended: readonly number[];

  constructor(part: Part, columns: Columns, options: Options) {
    this.#part = part;
    this.#columns = columns;
    this.#options = options;
    this.#write = nameIndex(columns, "write");
    const { length, f, call, ret, input, failed } = part.entries;
    const room = length + failed.length + 1;
    this.#index = new PairTable(room);
    const filled = (): Int32Array => new Int32Array(room).fill(NONE);
    this.#call = filled();
    this.#ret = filled();
    this.#failed = filled();
    this.#firstValue = this.#index.getOrSet(columns.tape.scalarWord(options.init), 0, 0);
    const ended: number[] = [];
    for (let i = 0; i < length; i += 1) {
      if (ret[i] !== NEVER) ended.push(i);
      if (f[i] !== this.#write) continue;
      const event = call[i] as number;
      const value = this.#number(input[i] as number, event);
      if (value === this.#firstValue)
        throw new MisuseError(
          `stale-reads needs unique values: ${shown(columns, input[i] as number)} is written here, and was there in the beginning`,
          event,
          columns,
        );
      if (this.#call[value] !== NONE)
        throw new MisuseError(
          `stale-reads needs unique values: ${shown(columns, input[i] as number)} is written here, and already in event ${this.#call[value]}`,
          event,
          columns,
        );
      this.#call[value] = event;
      this.#ret[value] = ret[i] as number;
    }
    for (const event of failed) {
      if (columns.f[event] !== this.#write) continue;
      this.#failed[this.#number(valueOf(columns, event, options.byKey), event)] = event;
    }
    this.#ended = ended.sort((a, b) => (ret[a] as number) - (ret[b] as number));
  }

  /** @returns how many reads succeeded. */
  report(findings: Findings): number {
    const { length, f, call, ret } = this.#part.entries;
    const processes = numberProcesses(this.#columns);
    /** For each process, or for all: the entry by which the value whose write began last is known, and that value. */
    const knownBy = new Int32Array(this.#options.realTime ? 1 : processes.count).fill(NONE);
    const known = new Int32Array(knownBy.length).fill(this.#firstValue);
    const knower = (entry: number): number =>
      this.#options.realTime ? 0 : (processes.of[call[entry] as number] as number);
    let next = 0;
    let reads = 0;
    for (let read = 0; read < length; read += 1) {
      if (f[read] === this.#write || ret[read] === NEVER) continue;
      reads += 1;
      for (; next < this.#ended.length; next += 1) {
        const entry = this.#ended[next] as number;
        if ((ret[entry] as number) > (call[read] as number)) break;
        const value = this.#valueOf(entry);
        if (value === NONE || this.#isStranger(value, entry)) continue;
        const who = knower(entry);
        if ((this.#call[value] as number) <= (this.#call[known[who] as number] as number)) continue;
        known[who] = value;
        knownBy[who] = entry;
      }
      const value = this.#valueOf(read);
      if (value === NONE || this.#isStranger(value, read)) {
        this.#reportStranger(findings, value, read);
        continue;
      }
      const who = knower(read);
      const newer = known[who] as number;
      if ((this.#call[newer] as number) <= (this.#ret[value] as number)) continue;
      const by = knownBy[who] as number;
      findings.add("stale-read", this.#part, () => this.#staleAnomaly(read, value, by, newer));
    }
    return reads;
  }

  /**
   * Whether nothing but a failed write, or one that began after the read had ended, can have brought the value there.
   */
  #isStranger(value: number, entry: number): boolean {
    if (value === this.#firstValue) return false;
    const call = this.#call[value] as number;
    return call === NONE || call > (this.#part.entries.ret[entry] as number);
  }

  #reportStranger(findings: Findings, value: number, read: number): void {
    const { call, output } = this.#part.entries;
    const event = call[read] as number;
    const at = output[read] as number;
    const said = `${shown(this.#columns, at)} was read (${placeOf(this.#columns, event)})`;
    const write = value === NONE ? NONE : (this.#call[value] as number);
    const failed = value === NONE ? NONE : (this.#failed[value] as number);
    const detail = { value: this.#columns.tape.json(at) };
    if (write !== NONE)
      findings.add("unexpected", this.#part, () => ({
        sentence: `${said} before its write began (${placeOf(this.#columns, write)}).`,
        events: eventsOfCalls(this.#columns, [event, write]),
        detail,
      }));
    else if (failed !== NONE)
      findings.add("failed-but-seen", this.#part, () => ({
        sentence: `${said}, but its write failed (${placeOf(this.#columns, failed)}).`,
        events: eventsOfCalls(this.#columns, [event, failed]),
        detail,
      }));
    else
      findings.add("unexpected", this.#part, () => ({
        sentence: `${said}, but nobody had written it.`,
        events: eventsOfCalls(this.#columns, [event]),
        detail,
      }));
  }

  #staleAnomaly(read: number, value: number, by: number, newer: number): ReturnType<Parameters<Findings["add"]>[2]> {
    const { f, call, input, output } = this.#part.entries;
    const columns = this.#columns;
    const isWrite = f[by] === this.#write;
    const newerAt = (isWrite ? input[by] : output[by]) as number;
    const older = this.#call[value] as number;
    const over =
      value === this.#firstValue
        ? "which takes the place of what was there in the beginning"
        : `whose write (${placeOf(columns, this.#call[newer] as number)}) began after that of the other (${placeOf(columns, older)}) had ended`;
    return {
      sentence: `${shown(columns, output[read] as number)} was read (${placeOf(columns, call[read] as number)}), although ${shown(columns, newerAt)} had been ${isWrite ? "written" : "read"} before (${placeOf(columns, call[by] as number)}), ${over}.`,
      events: eventsOfCalls(columns, [
        call[read] as number,
        call[by] as number,
        this.#call[newer] as number,
        ...(older === NONE ? [] : [older]),
      ]),
      detail: { read: columns.tape.json(output[read] as number), newer: columns.tape.json(newerAt) },
    };
  }

  /** The value that the entry wrote or read, or `NONE` for one that nobody began to write. */
  #valueOf(entry: number): number {
    const { f, call, ret, input, output } = this.#part.entries;
    if (f[entry] === this.#write) return this.#known(input[entry] as number, call[entry] as number);
    return this.#known(output[entry] as number, ret[entry] as number);
  }

  #known(at: number, event: number): number {
    this.#requireScalar(at, event);
    return this.#index.get(this.#columns.tape.word(at), 0);
  }

  #number(at: number, event: number): number {
    this.#requireScalar(at, event);
    return this.#index.getOrSet(this.#columns.tape.word(at), 0, this.#index.size);
  }

  #requireScalar(at: number, event: number): void {
    if (!this.#columns.tape.isScalar(at))
      throw new MisuseError(
        `stale-reads: a value must be a number, a text or another scalar, not ${shown(this.#columns, at)}`,
        event,
        this.#columns,
      );
  }
}
