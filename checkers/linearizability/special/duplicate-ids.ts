/** Identifiers that were given out twice, which is all that can be wrong with them. */
import { NEVER } from "../entries.ts";
import { nameOf } from "../words/operation-words.ts";
import type { SpecialCase } from "./special-case.ts";
import { ValueIndex } from "./value-index.ts";
import { illegalFor, LEGAL } from "./verdicts.ts";

export const duplicateIds: SpecialCase = {
  algorithm: "duplicate ids",
  decide(entries) {
    const { columns, length, ret, output } = entries;
    const values = new ValueIndex(columns.tape);
    /** For each identifier, the entry that was given it. */
    const given = new Int32Array(length);
    for (let i = 0; i < length; i += 1) {
      if (ret[i] === NEVER) continue;
      const known = values.count;
      const id = values.numberAt(output[i] ?? 0);
      if (id < known) {
        const other = given[id] ?? 0;
        return illegalFor(
          entries,
          [other, i],
          `${nameOf(entries, other)} and ${nameOf(entries, i)} were given the same`,
        );
      }
      given[id] = i;
    }
    return LEGAL;
  },
};
