/** A client that is right unless it is told to be wrong: what its caller hears, and what the server carries out. */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { Row } from "./history-of.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

export interface ClientFlaws {
  readonly doubles?: boolean;
  readonly loses?: boolean;
  readonly carriesOutRefused?: boolean;
  readonly hangs?: boolean;
  readonly tearsTransactions?: boolean;
}

const KEYS = ["client:{a}:list", "client:{b}:list"] as const;
const COUNT = "client:{a}:count";

/** In each draw: what the server does and what the caller hears, and which key. */
const DRAWS = fc.array(fc.tuple(fc.nat(9), fc.nat(2)), { minLength: 20, maxLength: 60, size: "max" });

export function simulatedClient(flaws: ClientFlaws): fc.Arbitrary<History> {
  return DRAWS.map((draws) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const lists = new Map<string, string[]>(KEYS.map((key) => [key, []]));
    let counted = 0;
    let process = 1;
    let ms = 1;
    for (const [i, [die, place]] of draws.entries()) {
      const key = KEYS[place];
      const elements = place === 0 && die % 2 === 0 ? [`w1-${i}a`, `w1-${i}b`] : [`w1-${i}`];
      const via = elements.length > 1 ? "transaction" : "command";
      const value = { via, command: key === undefined ? "INCR" : "RPUSH", key: key ?? COUNT, elements };
      const carryOut = (some: readonly string[]): void => {
        if (key === undefined) counted += some.length;
        else lists.get(key)?.push(...some);
      };
      rows.push(row(ms, process, "invoke", "call", value));
      if (die === 1) {
        // Refused.
        if (flaws.carriesOutRefused === true && key !== undefined) carryOut(elements);
        rows.push(row(ms + 1, process, "fail", "call", value, { error: "READONLY" }));
      } else if (die === 2 || die === 3) {
        // Nobody knows: it may have been carried out, or not.
        if (die === 2) carryOut(elements);
        const unsettled = flaws.hangs === true ? { unsettled: true } : {};
        rows.push(row(ms + 1, process, "info", "call", { ...value, ...unsettled }, { error: "lost" }));
        process += 10;
      } else {
        if (flaws.doubles === true && die === 4) carryOut(elements);
        if (flaws.tearsTransactions === true && elements.length > 1) carryOut(elements.slice(0, 1));
        else if (!(flaws.loses === true && die === 5)) carryOut(elements);
        rows.push(row(ms + 1, process, "ok", "call", { ...value, replies: elements.map(() => 1) }));
      }
      ms += 2;
    }
    rows.push(phaseRow(ms, "heal"), phaseRow(ms + 10, "final"));
    for (const key of KEYS) {
      rows.push(row(ms + 11, 9, "invoke", "traces", { key }));
      rows.push(row(ms + 12, 9, "ok", "traces", { key, elements: [...(lists.get(key) ?? [])], count: null }));
      ms += 2;
    }
    rows.push(row(ms + 11, 9, "invoke", "traces", { key: COUNT }));
    rows.push(row(ms + 12, 9, "ok", "traces", { key: COUNT, elements: [], count: counted }));
    return historyOf(rows);
  });
}
