/**
 * The spans in which a worker held a lock as far as it knew: from the `ok` of its `acquire` to the `invoke` of its `release`.
 * That is the worker's belief, and the point of the picture: what the server thought may differ.
 */
import type { History } from "../history/history.ts";
import type { HistoryEvent } from "../history/operation.ts";
import { NEMESIS } from "../history/operation.ts";
import { field, numberField, textField } from "./fields.ts";
import { laneName } from "./lanes.ts";
import { microseconds } from "./quantities.ts";

export interface Hold {
  readonly lane: string;
  readonly key: string;
  readonly grant: string;
  readonly token: number | undefined;
  /** Index of the event that acquired it. */
  readonly acquired: number;
  readonly fromUs: number;
  /** The release, or the last sign of life of the process when it never released. */
  readonly toUs: number;
  readonly released: boolean;
  /** Until when the client's own library said that the lock was its own, by the last thing it said; undefined when it never said. */
  readonly validUntilUs: number | undefined;
}

/** All holds by the time of their start. */
export function holdsOf(history: History): Hold[] {
  const open = new Map<string, { from: HistoryEvent; key: string; validUntilUs: number | undefined }>();
  const holds: Hold[] = [];
  const lastSign = new Map<HistoryEvent["process"], number>();
  const close = (grant: string, toUs: number, released: boolean): void => {
    const hold = open.get(grant);
    if (hold === undefined) return;
    open.delete(grant);
    holds.push({
      lane: laneName(hold.from),
      key: hold.key,
      grant,
      token: numberField(hold.from.value, "token"),
      acquired: hold.from.index,
      fromUs: microseconds(hold.from.time),
      toUs,
      released,
      validUntilUs: hold.validUntilUs,
    });
  };
  for (const event of history.events) {
    if (event.process === NEMESIS) continue;
    const atUs = microseconds(event.time);
    lastSign.set(event.process, atUs);
    const grant = textField(event.value, "grant");
    if (grant === undefined) continue;
    if (event.f === "acquire" && event.type === "ok") {
      const valid = numberField(event.value, "validForMs");
      open.set(grant, {
        from: event,
        key: textField(event.value, "key") ?? "",
        validUntilUs: valid === undefined ? undefined : atUs + valid * 1000,
      });
    } else if (event.type === "invoke" && event.f === "release") {
      close(grant, atUs, true);
    } else if (event.type === "invoke" && field(event.value, "held") === true) {
      const remaining = numberField(event.value, "remainingMs");
      const hold = open.get(grant);
      // Time that has run out does not count as a renewal, whatever else the library says.
      if (hold !== undefined && remaining !== undefined && remaining > 0) hold.validUntilUs = atUs + remaining * 1000;
    }
  }
  for (const [grant, hold] of open) close(grant, lastSign.get(hold.from.process) ?? 0, false);
  return holds.sort((a, b) => a.fromUs - b.fromUs);
}
