/** Messages that arrived more than once: at the same subscriber, or, in a group, at anybody. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { MAX_FINDINGS } from "../checker.ts";
import { Bits } from "../kit/bits.ts";
import { conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, moment, tooFew } from "../kit/words.ts";
import type { Deliveries } from "./messages.ts";
import { Messages } from "./messages.ts";
import type { Refusals } from "./refusals.ts";
import { refusalsOf } from "./refusals.ts";

export type Audience = "each" | "group";

/** Counts the deliveries beyond the first, and beyond one more for each time that a handler refused the message. */
export function deliveryDuplicates(history: History, audience: Audience, minMessages: number): CheckResult {
  const messages = new Messages(history);
  const deliveries = messages.deliveries();
  const refusals = refusalsOf(messages);
  const { repeats, firsts } = repeatsIn(messages, deliveries, refusals, audience);
  const total = deliveries.event.length;
  const faults = faultsOf(history);
  const scope = audience === "each" ? "the same subscriber" : "the group";
  const refused = refusals.event.length;
  return conclude({
    history,
    findings: [...withFirsts(deliveries, repeats.slice(0, MAX_FINDINGS), audience)].map(([again, first]) =>
      describe(deliveries.event[first] as number, deliveries.event[again] as number, messages, faults),
    ),
    count: repeats.length,
    broken: `${counted(repeats.length, "delivery was", "deliveries were")} of a message that ${scope} already had.`,
    vacuous: tooFew(firsts, minMessages, "message was delivered", "messages were delivered"),
    holds: `${counted(total, "delivery", "deliveries")}, and none of a message that ${scope} already had${refused === 0 ? "" : " and had not refused"}.`,
    figures: { deliveries: total, repeated: repeats.length, ...(refused === 0 ? {} : { refused }) },
  });
}

/** @returns the places of the repeated deliveries, in order, and how many were the first of their message. */
function repeatsIn(
  messages: Messages,
  { event, message, receiver }: Deliveries,
  refusals: Refusals,
  audience: Audience,
): { readonly repeats: readonly number[]; readonly firsts: number } {
  const seen = messages.receivers.map(() => undefined as Bits | undefined);
  /** How often a message may still come again. */
  const owed = new Map<number, number>();
  const key = (by: number, each: number): number => by * messages.size + each;
  const repeats: number[] = [];
  let [next, firsts] = [0, 0];
  for (let i = 0; i < event.length; i += 1) {
    for (; next < refusals.event.length && (refusals.event[next] as number) < (event[i] as number); next += 1) {
      const refused = key(
        audience === "each" ? (refusals.receiver[next] as number) : 0,
        refusals.message[next] as number,
      );
      owed.set(refused, (owed.get(refused) ?? 0) + 1);
    }
    const by = audience === "each" ? (receiver[i] as number) : 0;
    const each = message[i] as number;
    if ((seen[by] ??= new Bits(messages.size)).add(each)) {
      firsts += 1;
      continue;
    }
    const left = owed.size === 0 ? 0 : (owed.get(key(by, each)) ?? 0);
    if (left > 0) owed.set(key(by, each), left - 1);
    else repeats.push(i);
  }
  return { repeats, firsts };
}

/** The first delivery of each message that was delivered again, by the latter. */
function withFirsts(
  { message, receiver }: Deliveries,
  repeats: readonly number[],
  audience: Audience,
): Map<number, number> {
  const key = (i: number): string => `${message[i]} ${audience === "each" ? receiver[i] : ""}`;
  const wanted = new Set(repeats.map((again) => message[again]));
  const firsts = new Map<string, number>();
  const last = repeats.at(-1) ?? 0;
  for (let i = 0; i < last; i += 1) if (wanted.has(message[i]) && !firsts.has(key(i))) firsts.set(key(i), i);
  return new Map(repeats.map((again) => [again, firsts.get(key(again)) ?? again]));
}

function describe(
  firstEvent: number,
  againEvent: number,
  messages: Messages,
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const reception = (event: number) => ({
    receiver: messages.receivers[messages.receiverOf(event)] ?? "",
    time: messages.time(event),
  });
  const [first, again] = [reception(firstEvent), reception(againEvent)];
  const to =
    first.receiver === again.receiver ? `${again.receiver} twice` : `${first.receiver} and again to ${again.receiver}`;
  const message = messages.named(againEvent);
  return {
    kind: "duplicate",
    sentence: `${messages.text(message)} was delivered from ${messages.channelName(message)} to ${to}, at ${moment(first.time)} and at ${moment(again.time)}${alongside(faults, first.time, again.time, [first.receiver, again.receiver])}.`,
    events: evidenceAt([messages.partner(firstEvent), firstEvent, messages.partner(againEvent), againEvent]),
  };
}
