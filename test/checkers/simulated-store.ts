/**
 * A store with one writer, correct unless it is told to be wrong; answers get lost, and such writes may take effect
 * late or never.
 */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

export interface Flaws {
  readonly forgets?: boolean;
  readonly appliesRefused?: boolean;
  readonly stale?: boolean;
}

export function simulatedStore(kind: "set" | "register", flaws: Flaws): fc.Arbitrary<History> {
  const f = kind === "set" ? "add" : "write";
  return fc.array(fc.nat(9), { minLength: 20, maxLength: 60, size: "max" }).map((dice) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const values: number[] = [];
    const late: number[] = [];
    let [ms, process] = [0, 1];
    const read = (stale: boolean): Json => {
      const seen = stale ? values.slice(0, -2) : values;
      return ["x", kind === "set" ? [...seen] : seen.length === 0 ? null : Math.max(...seen)];
    };
    for (const [i, die] of dice.entries()) {
      const value = i + 1;
      ms += 2;
      rows.push(row(ms, process, "invoke", f, ["x", value]));
      if (die === 0) {
        rows.push(row(ms + 1, process, "fail", f, ["x", value], { error: "READONLY" }));
        if (flaws.appliesRefused === true) values.push(value);
      } else if (die === 1) {
        rows.push(row(ms + 1, process, "info", f, ["x", value], { error: "timeout" }));
        process += 10;
        late.push(value);
      } else {
        values.push(value);
        rows.push(row(ms + 1, process, "ok", f, ["x", value], { node: "n1" }));
      }
      if (die === 2) values.push(...late.splice(0));
      if (flaws.forgets === true && i === dice.length - 1) values.splice(-4);
      rows.push(
        row(ms + 1.5, 8, "invoke", "read", ["x", null]),
        row(ms + 1.8, 8, "ok", "read", read(flaws.stale === true && die === 3)),
      );
    }
    rows.push(phaseRow(ms + 2, "heal"), phaseRow(ms + 3, "final"));
    rows.push(row(ms + 4, 9, "invoke", "read", ["x", null]), row(ms + 5, 9, "ok", "read", read(false)));
    return historyOf(rows);
  });
}
