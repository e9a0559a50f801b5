/**
 * One element of a set that is added and never removed, and looked for with `contains`: it appears at one moment, after
 * all operations that did not find it were invoked and after some add was, and before any add or any operation that
 * found it completed.
 */
import { TRUE_WORD } from "../../../history/columns/tape.ts";
import type { Json } from "../../../history/operation.ts";
import { sameJson } from "../../kit/same-json.ts";
import { NEVER } from "../entries.ts";
import type { Entries } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import type { SpecialCase, SpecialVerdict } from "./special-case.ts";
import { ValueIndex } from "./value-index.ts";
import { fromNowhere, illegalFor, inapplicable, LEGAL } from "./verdicts.ts";

const NONE = -1;

export const setElement: SpecialCase = {
  algorithm: "set element",
  decide(entries, { init }) {
    const { columns, length, f, input } = entries;
    const { names, tape } = columns;
    const removes = names.indexOf("remove");
    const reads = names.indexOf("read");
    const values = new ValueIndex(tape);
    for (let i = 0; i < length; i += 1) {
      if (f[i] === removes) return inapplicable("elements are removed");
      if (f[i] === reads) return inapplicable("there are reads of all elements");
      if (values.numberAt(input[i] ?? 0) !== 0) return inapplicable("there are several elements");
    }
    const element = length === 0 ? null : tape.json(input[0] ?? 0);
    const initial = (init ?? []) as readonly Json[];
    return appearance(
      entries,
      initial.some((each) => sameJson(each, element)),
    );
  },
};

/** @param there whether the element is there at the beginning. */
function appearance(entries: Entries, there: boolean): SpecialVerdict {
  const { columns, length, call, ret, f, output } = entries;
  const add = columns.names.indexOf("add");
  /**
   * Entries: the first add to be invoked, the add or sight that completed first, and the miss that was invoked last.
   */
  let firstAdd = NONE;
  let soonest = NONE;
  let lastMiss = NONE;
  for (let i = 0; i < length; i += 1) {
    const known = ret[i] !== NEVER;
    const adds = f[i] === add;
    if (adds && firstAdd === NONE) firstAdd = i;
    if (!known) continue;
    if (!adds && columns.tape.word(output[i] ?? 0) !== TRUE_WORD) lastMiss = i;
    else if (soonest === NONE || (ret[i] ?? 0) < (ret[soonest] ?? 0)) soonest = i;
  }
  const before = (entry: number, event: number): string =>
    `${nameOf(entries, entry)} completed (event ${ret[entry]}) before ${nameOf(entries, event)} was invoked (event ${call[event]})`;
  if (there)
    return lastMiss === NONE
      ? LEGAL
      : illegalFor(entries, [lastMiss], `${nameOf(entries, lastMiss)}, which was there at the beginning`);
  if (soonest === NONE) return LEGAL;
  if (firstAdd === NONE) return fromNowhere(entries, soonest, `${nameOf(entries, soonest)}, which nobody added`);
  const end = ret[soonest] ?? 0;
  if (end < (call[firstAdd] ?? 0))
    return illegalFor(entries, [soonest], `${before(soonest, firstAdd)}, which is the first that adds it`);
  if (lastMiss === NONE || end > (call[lastMiss] ?? 0)) return LEGAL;
  return illegalFor(
    entries,
    [f[soonest] === add ? soonest : firstAdd, soonest, lastMiss],
    `${before(soonest, lastMiss)}, and nobody removes it`,
  );
}
