/** The objects of the models, written down once more as all states that may follow an operation. */
import type { Json } from "../../../history/operation.ts";
import type { OracleObject, OracleOperation } from "./linearizability.ts";

const same = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);
const when = (possible: boolean, state: Json): readonly Json[] => (possible ? [state] : []);
const sorted = (values: readonly Json[]): readonly Json[] => values.toSorted((a, b) => Number(a) - Number(b));
const list = (value: Json | undefined): readonly Json[] => value as readonly Json[];

const register: OracleObject = (state, { f, input, output }) => {
  if (f === "write") return [input];
  if (f === "read") return when(output === undefined || same(output, state), state);
  const [old, next] = list(input) as [Json, Json];
  if (output !== undefined && list(output)[2] === false) return when(!same(state, old), state);
  return same(state, old) ? [next] : when(output === undefined, state);
};

const mutex: OracleObject = (state, { f }) => when((f === "acquire") === (state === 0), f === "acquire" ? 1 : 0);

const semaphore: OracleObject = (state, { f }) =>
  f === "acquire" ? when(Number(state) < 2, Number(state) + 1) : when(Number(state) > 0, Number(state) - 1);

/** State: owner, holds, last token. */
function owned(reentrant: boolean, fenced: boolean): OracleObject {
  return (state, { f, process, output }: OracleOperation) => {
    const [owner, holds, token] = list(state) as [Json, number, number];
    if (f === "release") return when(owner === process, [holds === 1 ? null : owner, holds - 1, token]);
    if (owner !== null && owner !== process) return [];
    if (owner === process && !reentrant) return [];
    if (!fenced) return [[process, holds + 1, token]];
    const given = typeof output === "object" && output !== null ? (output as { readonly token: number }).token : output;
    if (owner === process) return when(given === undefined || given === token, [process, holds + 1, token]);
    if (given !== undefined) return when(Number(given) > token, [process, 1, given]);
    return [[process, 1, token + 1]];
  };
}

const set: OracleObject = (state, { f, input, output }) => {
  const has = list(state).includes(input);
  if (f === "add") return [sorted([...new Set([...list(state), input])])];
  if (f === "remove") return [list(state).filter((each) => each !== input)];
  if (f === "contains") return when(output === undefined || output === has, state);
  return when(output === undefined || same(sorted(list(output)), state), state);
};

const counter: OracleObject = (state, { f, input, output }) =>
  f === "add" ? [Number(state) + Number(input)] : when(output === undefined || output === state, state);

const incrementAndGet: OracleObject = (state, { f, output }) => {
  const after = f === "increment" ? Number(state) + 1 : Number(state);
  return when(output === undefined || output === after, after);
};

const uniqueIds: OracleObject = (state, { output }) =>
  output === undefined ? [state] : when(!list(state).includes(output), [...list(state), output]);

const fifo: OracleObject = (state, { f, input, output }) => {
  if (f === "enqueue") return [[...list(state), input]];
  const [head, ...rest] = list(state);
  if (head === undefined) return when(output === undefined || output === null, state);
  return when(output === undefined || same(head, output), rest);
};

const unordered: OracleObject = (state, { f, input, output }) => {
  if (f === "enqueue") return [sorted([...list(state), input])];
  if (list(state).length === 0) return when(output === undefined || output === null, state);
  return list(state).flatMap((each, i) =>
    output === undefined || same(each, output) ? [list(state).toSpliced(i, 1)] : [],
  );
};

const keyValue: OracleObject = (state, { f, input, output }) => {
  const texts = state as { readonly [key: string]: string };
  const [key, text] = list(input) as [string, string];
  const held = texts[key] ?? "";
  if (f === "get") return when(output === undefined || (list(output)[1] ?? "") === held, state);
  return [{ ...texts, [key]: f === "put" ? text : held + text }];
};

const multiRegister: OracleObject = (state, { input, output }) => {
  let values = state as { readonly [key: string]: Json };
  for (const [f, key, value] of list(output ?? input) as unknown as [string, string, Json][]) {
    if (f === "w") values = { ...values, [key]: value };
    else if (output !== undefined && !same(values[key] ?? null, value)) return [];
  }
  return [values];
};

export const ORACLE_OBJECTS: Readonly<Record<string, readonly [OracleObject, Json]>> = {
  register: [register, null],
  "cas-register": [register, null],
  mutex: [mutex, 0],
  semaphore: [semaphore, 0],
  "owner-aware-mutex": [owned(false, false), [null, 0, 0]],
  "reentrant-mutex": [owned(true, false), [null, 0, 0]],
  "fenced-mutex": [owned(false, true), [null, 0, 0]],
  "reentrant-fenced-mutex": [owned(true, true), [null, 0, 0]],
  set: [set, []],
  counter: [counter, 0],
  "increment-and-get": [incrementAndGet, 0],
  "unique-ids": [uniqueIds, []],
  "fifo-queue": [fifo, []],
  "unordered-queue": [unordered, []],
  "key-value": [keyValue, {}],
  "multi-register": [multiRegister, {}],
};
