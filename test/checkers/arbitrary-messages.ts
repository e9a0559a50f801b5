/**
 * Random histories of messages: publishers, subscribers that are cut off and subscribe again, consumers that
 * acknowledge.
 */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { EventType, Json } from "../../history/operation.ts";
import type { Row } from "./history-of.ts";
import { faultRow, historyOf, phaseRow, row } from "./history-of.ts";

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

const deliveryStep = fc.record({
  client: fc.nat(4),
  action: fc.nat(15),
  waitMs: fc.nat(4),
  pick: fc.nat(5),
  other: fc.nat(7),
});

/** How long a step of `arbitraryDeliveries` waits at most is four times as much. */
export type Scale = 1 | 100;

const SUBSCRIBERS = 2;

/**
 * The same as the delivery workload records it: publishers `w0` and `w1`, consumers `w2` and `w3` that are told of
 * their connection, leave, come back, refuse and die, and an observer `w4`. Each operation of a worker is of a process
 * of its own, so that several are open at a time.
 */
export function arbitraryDeliveries(scale: Scale): fc.Arbitrary<History> {
  return fc
    .record({
      steps: fc.array(deliveryStep, { maxLength: 70, size: "max" }),
      loadEndAfter: fc.nat(6),
      fault: fc.option(fc.record({ from: fc.nat(60), lasts: fc.nat(30), target: fc.constantFrom("w2", "n1", "w0") })),
      killAt: fc.option(fc.nat(120), { freq: 3 }),
    })
    .map(({ steps, loadEndAfter, fault, killAt }) => {
      const rows: Row[] = [phaseRow(0, "load")];
      const open: { readonly worker: number; readonly process: number; readonly f: string; readonly value: Json }[] =
        [];
      const numbers = new Map<string, number>();
      const stays = [0, 0, 0, 0, 0];
      let [ms, process, deliveries] = [0, 100, 0];
      for (const { client, action, waitMs, pick, other } of steps) {
        ms += waitMs * scale;
        if (client === 3 && killAt !== null && ms >= killAt * scale) continue;
        const channel = other === 0 ? "b" : "a";
        const message = `w${pick % 2}:${1 + (other % 4)}`;
        const first = open.findIndex(({ worker }) => worker === client);
        if (first === -1 || (action === 15 && open.length < 6)) {
          const next = begun(client, action, channel, message);
          process += 10;
          rows.push(row(ms, process + client, "invoke", next.f, next.value));
          open.push({ worker: client, process: process + client, ...next });
          continue;
        }
        const [pending] = open.splice(first, 1);
        if (pending === undefined || action === 14) continue;
        const type: EventType = action < 1 ? "info" : action < 3 && pending.f !== "told" ? "fail" : "ok";
        rows.push(
          row(ms, pending.process, type, pending.f, type === "ok" ? ended(pending, message, pick) : pending.value),
        );
      }
      if (killAt !== null)
        rows.push(
          faultRow(killAt * scale, "kill", "inject", ["w3"]),
          faultRow(killAt * scale, "kill", "active", ["w3"]),
        );
      if (fault !== null) {
        rows.push(faultRow(fault.from * scale, "link", "inject", [fault.target]));
        rows.push(faultRow((fault.from + fault.lasts) * scale, "link", "healed", [fault.target]));
      }
      rows.push(phaseRow(Math.max(0, ms - loadEndAfter * scale), "heal"), phaseRow(ms + scale, "final"));
      return historyOf(rows);

      function begun(client: number, action: number, channel: string, message: string): { f: string; value: Json } {
        const consumer = `w${client}-${stays[client] ?? 0}`;
        if (client < SUBSCRIBERS) {
          const number = (numbers.get(`${client} ${channel}`) ?? 0) + 1;
          numbers.set(`${client} ${channel}`, number);
          const due = action > 11 ? { dueMs: action * scale } : {};
          return { f: "publish", value: { channel, message: `w${client}:${number}`, ...due } };
        }
        if (client === 4)
          return { f: action < 12 ? "observe" : "effects", value: action < 12 ? { node: "n1" } : { channel } };
        const named = { channel, message, delivery: `d${1 + (deliveries % 5)}` };
        if (action < 3) {
          stays[client] = (stays[client] ?? 0) + 1;
          return { f: "subscribe", value: { channel, consumer: `w${client}-${stays[client]}` } };
        }
        if (action === 3) return { f: "unsubscribe", value: { channel, consumer } };
        if (action < 6) return { f: "told", value: { channel, consumer, connected: action === 4 } };
        if (action < 11) return { f: "deliver", value: { channel } };
        return { f: action === 11 ? "effect" : "ack", value: named };
      }

      function ended({ f, value }: { f: string; value: Json }, message: string, pick: number): Json {
        const { channel = "" } = value as { channel?: string };
        const groups = [{ name: "g", pending: pick % 3, lag: pick % 2, oldestIdleMs: pick, mostDeliveries: 1 }];
        switch (f) {
          case "publish":
            return { ...(value as object), receivers: pick === 5 ? null : pick % 3 };
          case "deliver":
            deliveries += 1;
            return { channel, message, delivery: `d${deliveries}` };
          case "effects":
            return { channel, effects: [{ message, delivery: `d${pick}` }] };
          case "observe": {
            const seen = { channel: "a", subscribers: pick % 3, shardSubscribers: null, patterns: 0 };
            return { node: "n1", channels: [{ ...seen, groups: pick > 3 ? [] : groups }] };
          }
          default:
            return value;
        }
      }
    });
}
