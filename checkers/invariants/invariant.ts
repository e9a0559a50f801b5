/**
 * What the checkers of this folder have in common: each looks for certain patterns in the operations of an object, in
 * (nearly) linear time, as the checkers of Jepsen do that it is named after. They never search, so bounds of time and
 * memory are accepted and not needed.
 */
import { z } from "zod";
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { Columns } from "../../history/columns/columns.ts";
import type { Json } from "../../history/operation.ts";
import type { Anomaly } from "../analysis.ts";
import { MAX_ANOMALIES, shownBy } from "../analysis.ts";
import type { Values } from "../linearizability/prepare/one-shape.ts";
import { prepare } from "../linearizability/prepare/prepare.ts";
import type { Part } from "../linearizability/prepare/prepare.ts";
import { BUDGET } from "../kit/budget.ts";
import type { ConsistencyChecker } from "../kit/consistency-checker.ts";
import { consistencyChecker } from "../kit/consistency-checker.ts";

/** The option of checkers whose histories may be about several objects. */
export const BY_KEY = {
  byKey: z.boolean().default(false).describe("Values are `[key, value]`, and each key is an object of its own"),
};

/** What a checker found, apart from its anomalies. */
interface Judgement {
  /** Why the history does not decide, if nothing is wrong in it. */
  readonly unknown?: string | undefined;
  /** One sentence: what held, if nothing is wrong. */
  readonly holds: string;
  readonly figures: { readonly [name: string]: Json };
}

type Options<Shape extends z.ZodRawShape> = z.ZodObject<Shape & typeof BUDGET, z.core.$strict>;

export interface Invariant<Name extends string, Shape extends z.ZodRawShape> {
  readonly name: Name;
  /** How it decides, and how much that proves. */
  readonly algorithm: string;
  /** The options that it takes besides the bounds. */
  readonly options: Shape;
  /** The operations that it knows. */
  readonly operations: (options: z.output<z.ZodObject<Shape>>) => readonly string[] | "all";
  /** See `Model.values`. */
  readonly values?: Values;
  /** Whether other operations are left out; else they are refused. */
  readonly ignoresOthers?: boolean;
  /**
   * What is wrong, to `findings`.
   * @throws MisuseError for values of the wrong shape and assumptions that do not hold.
   */
  judge(parts: readonly Part[], options: z.output<z.ZodObject<Shape>>, findings: Findings, columns: Columns): Judgement;
}

export function invariantChecker<const Name extends string, Shape extends z.ZodRawShape>(
  invariant: Invariant<Name, Shape>,
): ConsistencyChecker<Name, Options<Shape>> {
  const { name, algorithm, ignoresOthers = false } = invariant;
  return consistencyChecker({
    name,
    options: z.strictObject({ ...invariant.options, ...BUDGET }),
    analyze(columns, options) {
      const read = options as z.output<z.ZodObject<Shape>>;
      const operations = invariant.operations(read);
      const shape = {
        name,
        operations: operations === "all" ? columns.names : operations,
        ignoresOthers,
        ...(invariant.values === undefined ? undefined : { values: invariant.values }),
      };
      const { byKey = false, init } = read as { readonly byKey?: boolean; readonly init?: Json };
      const preparation = prepare(columns, shape, { byKey, init });
      const findings = new Findings();
      const { unknown, holds, figures } = invariant.judge(preparation.parts, read, findings, columns);
      const { anomalies, counts, first } = findings;
      return shownBy(preparation.succeeded, {
        valid: first === undefined ? (unknown === undefined ? true : "unknown") : false,
        reason: first?.sentence ?? unknown ?? holds,
        algorithm,
        operations: preparation.operations,
        anomalies,
        counts,
        not: [],
        witness: first?.events ?? [],
        figures,
      });
    },
  });
}

/** The anomalies of one analysis. Those beyond `MAX_ANOMALIES` of a name are counted only. */
export class Findings {
  readonly anomalies: { [name: string]: Anomaly[] } = {};
  readonly counts: { [name: string]: number } = {};
  /** The clearest. */
  first: Anomaly | undefined;

  /** @param count how many of them it stands for. @param describe called only if the anomaly is kept. */
  add(name: string, part: Part, describe: () => Anomaly, count = 1): void {
    this.counts[name] = (this.counts[name] ?? 0) + count;
    const kept = (this.anomalies[name] ??= []);
    if (kept.length === MAX_ANOMALIES) return;
    const { sentence, events, detail } = describe();
    const [key] = part.keys;
    const anomaly =
      key === undefined
        ? { sentence, events, ...(detail === undefined ? undefined : { detail }) }
        : { sentence: `Key ${JSON.stringify(key)}: ${sentence}`, events, detail: { key, ...detail } };
    kept.push(anomaly);
    this.first ??= anomaly;
  }
}

/** The events of operations, rising. @param calls indexes of their invocations, in any order, also repeatedly. */
export function eventsOfCalls({ partner }: Columns, calls: Iterable<number>): number[] {
  const events = new Set<number>();
  for (const call of calls) {
    events.add(call);
    const end = partner[call] ?? NO_PARTNER;
    if (end !== NO_PARTNER) events.add(end);
  }
  return [...events].sort((a, b) => a - b);
}

/** An operation in a sentence: `process 3, event 17`, which is its invocation. */
export function placeOf({ process }: Columns, call: number): string {
  return `process ${process[call] ?? 0}, event ${call}`;
}

/** A value in a sentence. */
export function shown({ tape }: Columns, at: number): string {
  return JSON.stringify(tape.json(at));
}

/** Index of the operation's name in the history's names, or -1 where it has none of it. */
export function nameIndex({ names }: Columns, name: string): number {
  return names.indexOf(name);
}

/** The value of an event, without its key. @param keyed whether values are `[key, value]`. */
export function valueOf({ tape, value }: Columns, event: number, keyed: boolean): number {
  const at = value[event] ?? 0;
  return keyed ? tape.next(tape.first(at)) : at;
}
