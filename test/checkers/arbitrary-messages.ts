/**
 * Random histories of messages: publishers, subscribers that are cut off and subscribe again, consumers that
 * acknowledge.
 */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { EventType, Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

const step = fc.record({ client: fc.nat(3), action: fc.nat(11), waitMs: fc.nat(2), pick: fc.nat(5), other: fc.nat(7) });

export function arbitraryMessages(send: "publish" | "add"): fc.Arbitrary<History> {
  return fc.tuple(fc.array(step, { maxLength: 60, size: "max" }), fc.nat(10)).map(([steps, loadEndAfter]) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const open = new Map<number, { f: string; value: Json }>();
    const processes = [0, 1, 2, 3];
    const numbers = new Map<string, number>();
    let ms = 0;
    for (const { client, action, waitMs, pick, other } of steps) {
      ms += waitMs;
      const process = processes[client] ?? 0;
      const channel = other === 0 ? "b" : "a";
      const pending = open.get(process);
      if (pending === undefined) {
        let next: { f: string; value: Json };
        if (client < 2) {
          const number = (numbers.get(`${client} ${channel}`) ?? 0) + 1;
          numbers.set(`${client} ${channel}`, number);
          next = { f: send, value: { channel, message: `w${client}:${number}` } };
        } else if (action < 3) next = { f: "subscribe", value: { channel } };
        else if (action < 10) next = { f: "deliver", value: { channel } };
        else next = { f: "ack", value: { channel, message: `w${pick % 2}:${1 + (other % 4)}`, id: "0-1" } };
        rows.push(row(ms, process, "invoke", next.f, next.value));
        open.set(process, next);
        continue;
      }
      const type: EventType = action < 1 ? "info" : action < 3 ? "fail" : "ok";
      const { f } = pending;
      const at = (pending.value as { channel: string }).channel;
      const value =
        f === "deliver" && type === "ok" ? { channel: at, message: `w${pick % 2}:${1 + (other % 4)}` } : pending.value;
      rows.push(row(ms, process, type, f, value));
      open.delete(process);
      if (type === "info") processes[client] = process + 10;
    }
    rows.push(phaseRow(Math.max(0, ms - loadEndAfter), "heal"), phaseRow(ms + 1, "final"));
    return historyOf(rows);
  });
}
