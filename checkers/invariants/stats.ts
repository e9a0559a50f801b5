/** How often operations succeeded: a run in which some operation never did has not tested it. */
import { NEMESIS_PROCESS, NO_PARTNER, TYPE } from "../../history/columns/columns.ts";
import { listed } from "../kit/words.ts";
import { invariantChecker } from "./invariant.ts";

/**
 * Any operations. `unknown` when there are none, or none of some name was `ok`; never false. The figures count each
 * name's outcomes; an operation without completion is an `info`.
 */
export const stats = invariantChecker({
  name: "stats",
  algorithm: "counts of outcomes",
  options: {},
  operations: () => "all",
  judge(_parts, _options, _findings, columns) {
    const { length, type, process, partner, f, names } = columns;
    const counts = names.map(() => ({ ok: 0, fail: 0, info: 0 }));
    for (let i = 0; i < length; i += 1) {
      if (type[i] !== TYPE.invoke || process[i] === NEMESIS_PROCESS) continue;
      const count = counts[f[i] as number] as (typeof counts)[number];
      const end = partner[i] as number;
      if (end !== NO_PARTNER && type[end] === TYPE.ok) count.ok += 1;
      else if (end !== NO_PARTNER && type[end] === TYPE.fail) count.fail += 1;
      else count.info += 1;
    }
    const tried = names.flatMap((name, i) => {
      const { ok, fail, info } = counts[i] as (typeof counts)[number];
      return ok + fail + info === 0 ? [] : [[name, { ok, fail, info }] as const];
    });
    const never = tried.filter(([, { ok }]) => ok === 0).map(([name]) => name);
    return {
      figures: Object.fromEntries(tried),
      holds: `every operation succeeded at least once: ${listed(tried.map(([name, { ok }]) => `${name} ${ok}`))}`,
      unknown:
        tried.length === 0
          ? "there are no operations"
          : never.length > 0
            ? `no ${listed(never)} was ever ok: nothing can be said of ${never.length === 1 ? "it" : "them"}`
            : undefined,
    };
  },
});
