/**
 * From a history to the operations of each object in it, ready to be judged. Objects that do not influence each other
 * are judged apart, which is exact (Herlihy and Wing's locality; Horn and Kroening, "Faster linearizability checking
 * via P-compositionality", 2015).
 */
import { NEMESIS_PROCESS, NO_PARTNER, TYPE } from "../../../history/columns/columns.ts";
import type { Columns } from "../../../history/columns/columns.ts";
import type { Json } from "../../../history/operation.ts";
import { MisuseError } from "../../analysis.ts";
import { DisjointSets } from "./disjoint-sets.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { KeyIndex } from "./key-index.ts";
import type { Model, Step } from "../model.ts";
import { requireOneShape } from "./one-shape.ts";
import { requireWellFormed } from "./well-formed.ts";

/** One object and what was done to it. */
export interface Part {
  /** The keys that are judged together; none where the whole history is about one object. */
  readonly keys: readonly Json[];
  readonly entries: Entries;
}

export interface Preparation {
  /** By the first invocation of each. Without keys there is exactly one, which may be empty. */
  readonly parts: readonly Part[];
  /** How many client operations the history has, failed ones included. */
  readonly operations: number;
  /** How many of them are `ok`. */
  readonly succeeded: number;
}

export type ModelShape = Pick<Model<unknown>, "name" | "operations" | "misuse" | "keys" | "values"> & {
  /** Operations that the model does not know are left out, instead of refused. */
  readonly ignoresOthers?: boolean;
};

export interface PrepareOptions {
  /** Values are `[key, value]`, and each key is an object of its own. */
  readonly byKey?: boolean;
  /** See `AnalysisOptions`. */
  readonly init?: Json | undefined;
}

/** @throws MisuseError when the history is not one of this model, or one of the assumptions does not hold. */
export function prepare(
  columns: Columns,
  model: ModelShape,
  { byKey = false, init }: PrepareOptions = {},
): Preparation {
  requireWellFormed(columns);
  const operations = readOperations(columns, model, byKey);
  if (model.values !== undefined) requireOneShape(columns, operations, model.values, init);
  const succeeded = operations.output.reduce((sum, each) => sum + (each === -1 ? 0 : 1), 0);
  const parts = collect(columns, operations, group(columns, operations, model));
  return { parts, operations: operations.length, succeeded };
}

/** All client operations, with the failed ones. */
interface Operations {
  readonly length: number;
  readonly call: Int32Array;
  /** `FAILED` for a failed one. */
  readonly ret: Int32Array;
  readonly input: Int32Array;
  readonly output: Int32Array;
  /** With `byKey`, the number of the operation's key; else 0. */
  readonly key: Int32Array;
  readonly keys: KeyIndex;
  readonly byKey: boolean;
}

const FAILED = -1;

function readOperations(columns: Columns, model: ModelShape, byKey: boolean): Operations {
  const { tape, type, process, partner, value } = columns;
  const known = new Set(model.operations);
  const unknown = columns.names.map((name) => !known.has(name));
  const ignored = unknown.map((each) => each && model.ignoresOthers === true);
  let length = 0;
  for (let i = 0; i < columns.length; i += 1)
    if (type[i] === TYPE.invoke && process[i] !== NEMESIS_PROCESS && ignored[columns.f[i] ?? 0] !== true) length += 1;
  const call = new Int32Array(length);
  const ret = new Int32Array(length);
  const input = new Int32Array(length);
  const output = new Int32Array(length);
  const key = new Int32Array(length);
  const keys = new KeyIndex();
  let at = 0;
  for (let i = 0; i < columns.length; i += 1) {
    if (type[i] !== TYPE.invoke || process[i] === NEMESIS_PROCESS) continue;
    const f = columns.f[i] ?? 0;
    if (ignored[f] === true) continue;
    if (unknown[f] === true)
      throw new MisuseError(
        `${model.name} does not know the operation ${JSON.stringify(columns.names[f])}; it knows ${model.operations.join(", ")}`,
        i,
        columns,
      );
    const end = partner[i] ?? NO_PARTNER;
    const ok = end !== NO_PARTNER && type[end] === TYPE.ok;
    call[at] = i;
    ret[at] = ok ? end : end !== NO_PARTNER && type[end] === TYPE.fail ? FAILED : NEVER;
    input[at] = value[i] ?? 0;
    output[at] = ok ? (value[end] ?? 0) : -1;
    if (byKey) {
      const number = keys.numberOf(tape.json(keyPosition(columns, i)));
      key[at] = number;
      input[at] = tape.next(keyPosition(columns, i));
      if (ok) {
        const place = keyPosition(columns, end);
        if (keys.numberOf(tape.json(place)) !== number)
          throw new MisuseError(
            `the completion is about the key ${JSON.stringify(tape.json(place))}, and its invocation about ${JSON.stringify(keys.keys[number])}`,
            end,
            columns,
          );
        output[at] = tape.next(place);
      }
    }
    if (model.misuse !== undefined) {
      const problem = model.misuse(stepOf(columns, { call: i, input: input[at] ?? 0, output: output[at] ?? -1 }));
      if (problem !== undefined) throw new MisuseError(problem, ok ? end : i, columns);
    }
    at += 1;
  }
  return { length, call, ret, input, output, key, keys, byKey };
}

function keyPosition(columns: Columns, event: number): number {
  const { tape } = columns;
  const at = columns.value[event] ?? 0;
  if (!tape.isArray(at) || tape.count(at) !== 2)
    throw new MisuseError(
      `with keys, a value is [key, value], and this is ${JSON.stringify(tape.json(at))}; leave out --by-key when the history is about one object`,
      event,
      columns,
    );
  return tape.first(at);
}

/** An operation as its model sees it. @param place.output -1 when the outcome is not known. */
export function stepOf(
  { names, f, tape, process }: Pick<Columns, "names" | "f" | "tape" | "process">,
  { call, input, output }: { readonly call: number; readonly input: number; readonly output: number },
): Step {
  return {
    f: names[f[call] ?? 0] ?? "",
    input: tape.json(input),
    output: output === -1 ? undefined : tape.json(output),
    process: process[call] ?? 0,
  };
}

interface Grouping {
  /** For each operation, the number of its part; parts are numbered by their first invocations. */
  readonly partOf: Int32Array;
  /** For each part, its keys. */
  readonly keys: readonly (readonly Json[])[];
}

function group(columns: Columns, operations: Operations, model: ModelShape): Grouping {
  const { length, key, keys, byKey } = operations;
  const inner = model.keys === undefined ? undefined : groupInside(columns, operations, model.keys);
  const partOf = new Int32Array(length);
  const partKeys: Json[][] = [];
  const numberOf = new Map<number, number>();
  for (let i = 0; i < length; i += 1) {
    const leader = inner?.leaderOf[i] ?? key[i] ?? 0;
    let number = numberOf.get(leader);
    if (number === undefined) {
      number = partKeys.push(byKey ? [keys.keys[key[i] ?? 0] ?? null] : []) - 1;
      numberOf.set(leader, number);
    }
    partOf[i] = number;
  }
  for (const { leader, name } of inner?.named ?? []) partKeys[numberOf.get(leader) ?? 0]?.push(name);
  if (partKeys.length === 0 && !byKey) partKeys.push([]);
  return { partOf, keys: partKeys };
}

interface Inside {
  /** For each operation, the element that stands for all the keys that are connected with its own. */
  readonly leaderOf: Int32Array;
  readonly named: readonly { readonly leader: number; readonly name: Json }[];
}

/**
 * Keys that one operation touches are judged together, and so is, with an operation that names none, all of its object.
 */
function groupInside(
  columns: Columns,
  { length, key, call, input, output }: Operations,
  keysOf: NonNullable<ModelShape["keys"]>,
): Inside {
  const sets = new DisjointSets();
  const index = new KeyIndex();
  const elements: { readonly owner: number; readonly name: Json | undefined }[] = [];
  const wholes = new Map<number, number>();
  const elementOf = new Int32Array(length);
  const element = (owner: number, name: Json | undefined): number => {
    const number = index.numberOf(name === undefined ? [owner] : [owner, name]);
    if (number === elements.length) {
      elements.push({ owner, name });
      sets.add();
    }
    return number;
  };
  for (let i = 0; i < length; i += 1) {
    const owner = key[i] ?? 0;
    const touched =
      keysOf(stepOf(columns, { call: call[i] ?? 0, input: input[i] ?? 0, output: output[i] ?? -1 })) ?? [];
    const numbers = touched.map((name) => element(owner, name));
    const first = numbers[0] ?? element(owner, undefined);
    if (numbers.length === 0) wholes.set(owner, first);
    for (const number of numbers) sets.unite(first, number);
    elementOf[i] = first;
  }
  elements.forEach(({ owner }, number) => {
    const whole = wholes.get(owner);
    if (whole !== undefined) sets.unite(whole, number);
  });
  return {
    leaderOf: elementOf.map((number) => sets.find(number)),
    named: elements.flatMap(({ name }, number) => (name === undefined ? [] : [{ leader: sets.find(number), name }])),
  };
}

function collect(columns: Columns, operations: Operations, { partOf, keys }: Grouping): Part[] {
  const { call, ret, input, output, length } = operations;
  const sizes = new Int32Array(keys.length);
  const failures = new Int32Array(keys.length);
  for (let i = 0; i < length; i += 1) {
    const counted = ret[i] === FAILED ? failures : sizes;
    counted[partOf[i] ?? 0] = (counted[partOf[i] ?? 0] ?? 0) + 1;
  }
  const parts = keys.map((names, number) => {
    const size = sizes[number] ?? 0;
    return {
      keys: names,
      entries: {
        columns,
        length: size,
        call: new Int32Array(size),
        ret: new Int32Array(size),
        f: new Uint16Array(size),
        input: new Int32Array(size),
        output: new Int32Array(size),
        failed: new Int32Array(failures[number] ?? 0),
      },
    };
  });
  sizes.fill(0);
  failures.fill(0);
  for (let i = 0; i < length; i += 1) {
    const number = partOf[i] ?? 0;
    const entries = parts[number]?.entries;
    if (entries === undefined) continue;
    const event = call[i] ?? 0;
    if (ret[i] === FAILED) {
      const place = failures[number] ?? 0;
      entries.failed[place] = event;
      failures[number] = place + 1;
      continue;
    }
    const place = sizes[number] ?? 0;
    entries.call[place] = event;
    entries.ret[place] = ret[i] ?? NEVER;
    entries.f[place] = columns.f[event] ?? 0;
    entries.input[place] = input[i] ?? 0;
    entries.output[place] = output[i] ?? -1;
    sizes[number] = place + 1;
  }
  return parts;
}
