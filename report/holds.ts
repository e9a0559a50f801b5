/**
 * The spans in which a worker held a lock as far as it knew: from the `ok` of its `acquire` to the `invoke` of its
 * `release`. That is the worker's belief, and the point of the picture: what the server thought may differ.
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
  /**
   * What the client's own library said of the lock: until when it was valid, each from the moment of the event that
   * tells so. Empty when it never said.
   */
  readonly validity: readonly { readonly atUs: number; readonly untilUs: number }[];
}

/** Until when a hold was valid by what its library had said up to a moment; undefined when it had not said. */
export function validUntil(hold: Hold, us = Infinity): number | undefined {
  return hold.validity.findLast((said) => said.atUs <= us)?.untilUs;
}

/** Milliseconds are rounded on their way into a history. */
const ROUNDING_US = 2000;

interface OpenHold {
  readonly from: HistoryEvent;
  readonly key: string;
  readonly validity: { atUs: number; untilUs: number }[];
}

/** All holds by the time of their start. */
export function holdsOf(history: History): Hold[] {
  const open = new Map<string, OpenHold>();
  const holds: Hold[] = [];
  const lastSign = new Map<HistoryEvent["process"], number>();
  const close = (grant: string, { from, key, validity }: OpenHold, toUs: number, released: boolean): void => {
    open.delete(grant);
    holds.push({
      lane: laneName(from),
      key,
      grant,
      token: numberField(from.value, "token"),
      acquired: from.index,
      fromUs: microseconds(from.time),
      toUs,
      released,
      validity,
    });
  };
  for (const event of history.events) {
    if (event.process === NEMESIS) continue;
    const atUs = microseconds(event.time);
    const previousUs = lastSign.get(event.process) ?? atUs;
    lastSign.set(event.process, atUs);
    const grant = textField(event.value, "grant");
    if (grant === undefined) continue;
    const hold = open.get(grant);
    if (event.f === "acquire" && event.type === "ok") {
      const valid = numberField(event.value, "validForMs");
      open.set(grant, {
        from: event,
        key: textField(event.value, "key") ?? "",
        validity: valid === undefined ? [] : [{ atUs, untilUs: atUs + valid * 1000 }],
      });
    } else if (hold !== undefined && event.type === "ok" && event.f === "extend") {
      const valid = numberField(event.value, "validForMs");
      if (valid !== undefined) hold.validity.push({ atUs, untilUs: atUs + valid * 1000 });
    } else if (hold !== undefined && event.type === "invoke" && event.f === "release") {
      close(grant, hold, atUs, true);
    } else if (hold !== undefined && event.type === "invoke" && field(event.value, "held") === true) {
      const remaining = numberField(event.value, "remainingMs");
      // The library spoke at some moment after the process's previous event: a pause may lie between its word and this
      // event. Only time left that cannot come from the validity known so far proves that the lock was prolonged.
      const known = hold.validity.at(-1)?.untilUs ?? -Infinity;
      if (remaining !== undefined && previousUs + remaining * 1000 > known + ROUNDING_US) {
        hold.validity.push({ atUs, untilUs: atUs + remaining * 1000 });
      }
    }
  }
  for (const [grant, hold] of open) close(grant, hold, lastSign.get(hold.from.process) ?? 0, false);
  return holds.sort((a, b) => a.fromUs - b.fromUs);
}
