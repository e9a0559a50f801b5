/** One publisher, two subscribers and a channel that is correct unless it is told to be wrong. */
import fc from "fast-check";
import type { History } from "../../history/history.ts";
import type { Row } from "./history-of.ts";
import { historyOf, phaseRow, row } from "./history-of.ts";

export interface Flaws {
  /** Subscribers are cut off now and then, and what is sent meanwhile is gone. */
  readonly cuts?: boolean;
  readonly repeats?: boolean;
  readonly swaps?: boolean;
  readonly invents?: boolean;
}

const CHANNEL = { channel: "a" };

export function simulatedChannel(flaws: Flaws): fc.Arbitrary<History> {
  return fc.array(fc.nat(9), { minLength: 20, maxLength: 60, size: "max" }).map((dice) => {
    const rows: Row[] = [phaseRow(0, "load")];
    const subscribers = [2, 3].map((process) => ({ process, connected: true, open: false }));
    for (const { process } of subscribers) {
      rows.push(row(0, process, "invoke", "subscribe", CHANNEL), row(0.5, process, "ok", "subscribe", CHANNEL));
    }
    let ms = 1;
    for (const [i, die] of dice.entries()) {
      const message = `w1:${i + 1}`;
      rows.push(row(ms, 1, "invoke", "publish", { ...CHANNEL, message }));
      rows.push(row(ms + 2, 1, "ok", "publish", { ...CHANNEL, message, receivers: 2 }));
      for (const subscriber of subscribers) {
        if (!subscriber.connected) continue;
        const arrivals = [message];
        if (flaws.repeats === true && die === 1) arrivals.push(message);
        if (flaws.invents === true && die === 2) arrivals.push(`w1:${i + 500}`);
        for (const [j, arrival] of arrivals.entries()) {
          // Late by four milliseconds, its place is after that of the next message.
          const at = ms + 1 + j / 4 + (flaws.swaps === true && die === 3 ? 4 : 0);
          rows.push(
            row(at, subscriber.process, "invoke", "deliver", CHANNEL),
            row(at, subscriber.process, "ok", "deliver", { ...CHANNEL, message: arrival }),
          );
        }
      }
      ms += 3;
      if (flaws.cuts !== true || die > 4) continue;
      const subscriber = subscribers[die % 2];
      if (subscriber === undefined) continue;
      const { process } = subscriber;
      if (subscriber.connected)
        rows.push(
          row(ms, process, "invoke", "deliver", CHANNEL),
          row(ms, process, "fail", "deliver", CHANNEL, { error: "connection lost" }),
        );
      else
        rows.push(row(ms, process, "invoke", "subscribe", CHANNEL), row(ms + 0.5, process, "ok", "subscribe", CHANNEL));
      subscriber.connected = !subscriber.connected;
      ms += 1;
    }
    rows.push(phaseRow(ms, "heal"), phaseRow(ms + 10, "final"));
    return historyOf(rows);
  });
}
