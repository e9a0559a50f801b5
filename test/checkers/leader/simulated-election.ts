/** Three candidates and an election that is right unless it is told to be wrong. */
import fc from "fast-check";
import type { History } from "../../../history/history.ts";
import type { Row } from "../history-of.ts";
import { historyOf, phaseRow, row } from "../history-of.ts";

export interface ElectionFlaws {
  /** Now and then somebody is elected while another one leads, and that one is not told. */
  readonly doubles?: boolean;
  /** Now and then a candidate that was demoted says that it leads. */
  readonly lies?: boolean;
  /** Now and then a token is one that was given before. */
  readonly repeats?: boolean;
  /** Now and then nobody is elected for two seconds. */
  readonly pauses?: boolean;
}

const KEY = { key: "leader:a" };

export function simulatedElection(flaws: ElectionFlaws): fc.Arbitrary<History> {
  return fc.array(fc.nat(9), { minLength: 15, maxLength: 40, size: "max" }).map((dice) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const seen: { seq: number; op: string; grant: string; value: number; accepted: boolean }[] = [];
    const both = (ms: number, process: number, f: string, invoke: Row["value"], ok: Row["value"] = invoke): void => {
      rows.push(row(ms, process, "invoke", f, invoke), row(ms + 0.5, process, "ok", f, ok));
    };
    for (const process of [1, 2, 3])
      both(1, process, "stand", KEY, { ...KEY, seat: { key: "s", value: `c${process}` } });
    let ms = 2;
    let token = 0;
    const works = (process: number, term: string): void => {
      both(ms, process, "believes", KEY, { ...KEY, term, leads: true });
      const seq = seen.length + 1;
      const own = { ...KEY, term, value: seq };
      both(ms + 1, process, "work", own, { ...own, seq });
      seen.push({ seq, op: "write", grant: term, value: seq, accepted: true });
      const seats = [{ key: "s", value: `c${process}` }];
      both(ms + 1.6, 8, "observe", { node: "n1" }, { node: "n1", seats });
      ms += 3;
    };
    for (const [i, die] of dice.entries()) {
      const process = 1 + (die % 3);
      const term = `w${process}-${i}`;
      token += flaws.repeats === true && die === 1 && i > 0 ? 0 : 1;
      both(ms, process + 10 * (i + 1), "elected", { ...KEY, term, token });
      ms += 1;
      works(process, term);
      works(process, term);
      if (flaws.doubles === true && die === 2) {
        const rival = 1 + (process % 3);
        both(ms, rival + 10 * (i + 1), "elected", { ...KEY, term: `${term}-rival`, token: (token += 1) });
        ms += 1;
        works(rival, `${term}-rival`);
        works(process, term);
        both(ms, rival + 10 * (i + 1), "demoted", { ...KEY, term: `${term}-rival` });
        ms += 1;
      }
      both(ms, process + 10 * (i + 1), "demoted", { ...KEY, term });
      ms += 1;
      if (flaws.lies === true && die === 3) both(ms, process, "believes", KEY, { ...KEY, term: null, leads: true });
      ms += flaws.pauses === true && die === 4 ? 2_000 : 2;
    }
    rows.push(phaseRow(ms, "heal"), phaseRow(ms + 10, "final"));
    both(ms + 20, 9, "log", KEY.key, { ...KEY, entries: seen });
    return historyOf(rows);
  });
}
