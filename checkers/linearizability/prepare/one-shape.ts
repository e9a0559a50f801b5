/**
 * Values of one history must have one shape. Where writes are asked for `"a"` and answered `{"value":"a","version":1}`,
 * and reads answer in that shape, too, a read can never equal what was asked for: the history would be called broken,
 * whatever the object did.
 */
import type { Columns } from "../../../history/columns/columns.ts";
import type { Json } from "../../../history/operation.ts";
import { MisuseError } from "../../analysis.ts";
import { isFields } from "../../../history/vocabulary/read.ts";

/**
 * Which operations bring the value that they are asked for into an object, and which answer with a value that is in it,
 * or with the list of all.
 */
export interface Values {
  readonly brought: readonly string[];
  readonly answered: readonly string[];
}

/** Operations by index: those without a known answer have `output` -1. */
interface Operations {
  readonly length: number;
  readonly call: Int32Array;
  readonly ret: Int32Array;
  readonly input: Int32Array;
  readonly output: Int32Array;
}

/**
 * @param init what is in the object before the first operation, or the list of it. @throws MisuseError that names the
 * first operation that is answered in another shape, and an answer that cannot be compared with what was asked for.
 */
export function requireOneShape(
  columns: Columns,
  operations: Operations,
  { brought, answered }: Values,
  init: Json = null,
): void {
  const { names, f, tape } = columns;
  const { length, call, ret, input, output } = operations;
  const isBrought = names.map((name) => brought.includes(name));
  const first = firstOtherShape(columns, operations, isBrought);
  if (first === undefined) return;
  const asked = new Set([init, ...itemsOf(init)].map(shapeOf));
  const other = new Set<string>();
  for (let i = 0; i < length; i += 1) {
    if (isBrought[f[call[i] ?? 0] ?? 0] !== true) continue;
    asked.add(shapeOf(tape.json(input[i] ?? 0)));
    if (output[i] !== -1) other.add(shapeOf(tape.json(output[i] ?? 0)));
  }
  const isForeign = (value: Json): boolean => value !== null && other.has(shapeOf(value)) && !asked.has(shapeOf(value));
  for (let i = 0; i < length; i += 1) {
    const name = names[f[call[i] ?? 0] ?? 0] ?? "";
    if (output[i] === -1 || !answered.includes(name)) continue;
    const answer = tape.json(output[i] ?? 0);
    const foreign = [answer, ...(asked.has("list") ? [] : itemsOf(answer))].find(isForeign);
    if (foreign === undefined) continue;
    const place = columns.line === undefined ? `event ${ret[i]}` : `line ${columns.line[ret[i] ?? 0]}`;
    throw new MisuseError(
      `${names[f[call[first] ?? 0] ?? 0]} ${text(tape.json(input[first] ?? 0))} is answered with ${text(tape.json(output[first] ?? 0))}, and the ${name} of ${place} answers ${text(foreign)}: what was asked for has another shape than what was answered, and the two cannot be compared; record values in one shape, in invocations and completions alike`,
      ret[first],
      columns,
    );
  }
}

/** Almost always there is none, and a value that is answered as it was asked for needs no look at its shape. */
function firstOtherShape(
  { f, tape }: Columns,
  { length, call, input, output }: Operations,
  isBrought: readonly boolean[],
): number | undefined {
  for (let i = 0; i < length; i += 1) {
    const [asked, answer] = [input[i] ?? 0, output[i] ?? -1];
    if (answer === -1 || isBrought[f[call[i] ?? 0] ?? 0] !== true || tape.isNull(answer)) continue;
    if (tape.isScalar(asked) && tape.isScalar(answer) && tape.word(asked) === tape.word(answer)) continue;
    if (shapeOf(tape.json(asked)) !== shapeOf(tape.json(answer))) return i;
  }
  return undefined;
}

/** The names of an object's fields; for other values, their sort. */
function shapeOf(value: Json): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  return isFields(value) ? JSON.stringify(Object.keys(value).toSorted()) : typeof value;
}

function itemsOf(value: Json): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function text(value: Json): string {
  const json = JSON.stringify(value);
  return json.length > 100 ? `${json.slice(0, 100)}…` : json;
}
