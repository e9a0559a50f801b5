/** Random histories of caches: a writer for each of two keys, and two users who get whatever comes. */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { EventType } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

const step = fc.record({
  client: fc.nat(3),
  end: fc.nat(11),
  waitMs: fc.nat(3),
  takesMs: fc.nat(4),
  back: fc.nat(4),
  fresh: fc.boolean(),
});

export function arbitraryCaches(): fc.Arbitrary<History> {
  return fc.array(step, { maxLength: 60, size: "max" }).map((steps) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const versions = [0, 0];
    const processes = [0, 1, 2, 3];
    const busy = [0, 0, 0, 0];
    let ms = 0;
    for (const { client, end, waitMs, takesMs, back, fresh } of steps) {
      ms += waitMs;
      const process = processes[client] ?? 0;
      const from = Math.max(ms, (busy[client] ?? 0) + 0.5);
      const to = from + takesMs + 0.25;
      busy[client] = to;
      const type: EventType = end < 1 ? "info" : end < 3 ? "fail" : "ok";
      if (client < 2) {
        const version = (versions[client] = (versions[client] ?? 0) + 1);
        const value = { key: `k${client}`, version, how: "set" };
        rows.push(row(from, process, "invoke", "write", value), row(to, process, type, "write", value));
        if (type === "info") processes[client] = process + 10;
        continue;
      }
      const key = `k${back % 2}`;
      const version = Math.max(0, (versions[back % 2] ?? 0) + 1 - back);
      const value = { key, version, before: fresh, after: true };
      const ended = type === "info" ? "fail" : type;
      rows.push(row(from, process, "invoke", "read", { key }));
      rows.push(row(to, process, ended, "read", ended === "ok" ? value : { key }));
    }
    const last = Math.max(ms, ...busy) + 1;
    rows.push(phaseRow(last, "heal"), phaseRow(last + 1, "final"));
    return historyOf(rows);
  });
}
