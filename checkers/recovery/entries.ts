/** Messages that must be dealt with each by itself, within the bound after they were sent and after the heal. */
import { numberReader } from "../../history/vocabulary/read-columns.ts";
import type { Messages, SendKind } from "../delivery/messages.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { duration, fromMs, moment } from "../kit/words.ts";
import type { Calm } from "./calm.ts";
import type { Fate } from "./unit.ts";

const NONE = -1;

/**
 * Counts from the heal, from when the message was sent or due, and from the last time that its handler refused it:
 * whichever was last. Only messages that were sent with success before the bound would end.
 */
export function fatesOfEntries(
  messages: Messages,
  f: readonly string[],
  sent: SendKind,
  boundMs: number,
  calm: Calm,
): Fate[] {
  const bound = fromMs(boundMs);
  const dueMs = numberReader(messages.columns, "dueMs");
  const sends = messages.sends(sent);
  const deliveries = messages.deliveries();
  const calls = f.flatMap((name) => [...messages.calls(name)]).sort((a, b) => a - b);
  const acks = messages.calls("ack");
  const of = (call: number): number => messages.named(messages.outcome(call) === "ok" ? messages.partner(call) : call);
  const done = calls.map((call) => (messages.outcome(call) === "ok" ? of(call) : NONE));
  const refused = [...acks].map((call) => (messages.outcome(call) === "fail" ? of(call) : NONE));
  const first = new Int32Array(messages.size).fill(NONE);
  const perhaps = new Uint8Array(messages.size);
  calls.forEach((call, i) => {
    const message = done[i] as number;
    if (
      message !== NONE &&
      (first[message] === NONE || messages.endOf(call) < messages.endOf(first[message] as number))
    )
      first[message] = call;
  });
  for (const call of calls) if (f.includes("ack") && messages.outcome(call) === "info") perhaps[of(call)] = 1;
  const lastRefusal = new Int32Array(messages.size).fill(NONE);
  refused.forEach((message, i) => {
    if (message !== NONE) lastRefusal[message] = messages.partner(acks[i] as number);
  });
  const lastDelivery = new Int32Array(messages.size).fill(NONE);
  deliveries.message.forEach((message, i) => (lastDelivery[message] = deliveries.event[i] as number));
  const fates: Fate[] = [];
  sends.call.forEach((call, i) => {
    if (messages.outcome(call) !== "ok") return;
    const message = sends.message[i] as number;
    const due = dueMs(call);
    const success = first[message] as number;
    const at = success === NONE ? Infinity : messages.endOf(success);
    const name = `${messages.text(message)} of ${messages.channelName(message)}`;
    const ready = messages.endOf(call) + (Number.isNaN(due) ? 0 : fromMs(due));
    const refusal = lastRefusal[message] as number;
    const again = refusal === NONE || messages.time(refusal) > at ? 0 : messages.time(refusal);
    const asked = Math.max(calm.from, ready, again);
    const took = at - asked;
    if (at < calm.from) return;
    if (at <= asked + bound) {
      fates.push({ name, first: at, took });
    } else if (asked + bound >= calm.arrivals)
      fates.push({ name, first: at, took, unjudged: "had less time than the bound" });
    else if (at === Infinity && perhaps[message] === 1)
      fates.push({ name, first: at, took, unjudged: "may have been dealt with" });
    else {
      const until = Math.min(at, calm.arrivals);
      const had = lastDelivery[message] as number;
      const last =
        had === NONE
          ? "nobody ever got it"
          : `${messages.receivers[messages.receiverOf(had)] ?? ""} was the last to get it, at ${moment(messages.time(had))}`;
      const end = at === Infinity ? `by ${moment(calm.arrivals)}` : `until ${moment(at)}`;
      fates.push({
        name,
        first: at,
        took,
        violation: {
          kind: at === Infinity ? "never-again" : "late-recovery",
          sentence: `${name}, sent at ${moment(messages.time(call))}, was not dealt with ${end}, ${duration(until - asked)} after ${moment(asked)}; the bound is ${duration(bound)}; ${last}`,
          events: evidenceAt([
            call,
            messages.partner(call),
            ...(success === NONE ? [] : [success, messages.partner(success)]),
            ...(had === NONE ? [] : [messages.partner(had), had]),
            ...(refusal === NONE ? [] : [messages.partner(refusal), refusal]),
          ]),
          waited: until - asked,
        },
      });
    }
  });
  return fates;
}
