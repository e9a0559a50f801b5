/** Messages that their handler refused, and that nobody was offered again in time. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { alongside, calmSince, faultsOf } from "../kit/faults.ts";
import { phaseStart } from "../kit/phases.ts";
import { counted, duration, fromMs, milliseconds, moment, tooFew } from "../kit/words.ts";
import type { Audience } from "./duplicates.ts";
import { Messages } from "./messages.ts";
import { refusalsOf } from "./refusals.ts";
import { containing, subscriptionsOf } from "./subscriptions.ts";

interface Refusal {
  /** The failed completion of the `ack`. */
  readonly event: number;
  readonly message: number;
  readonly receiver: number;
  /** The next delivery, as the event. */
  again?: number;
}

/**
 * The bound counts from the refusal, or from the end of the last fault that acted since. A message that somebody dealt
 * with nevertheless need not come again, nor one whose only receiver has left. Counts the refusals.
 */
export function offeredAgain(history: History, audience: Audience, minRefused: number, boundMs: number): CheckResult {
  const messages = new Messages(history);
  const faults = faultsOf(history);
  const end = phaseStart(history, "final") ?? history.span.to;
  const refusals = refusedIn(messages, audience);
  const left = audience === "each" ? whoLeft(messages, faults) : () => false;
  const deadline = ({ event, again }: Refusal): number =>
    calmSince(faults, messages.time(event), again === undefined ? end : messages.time(again)) + fromMs(boundMs);
  const waited = ({ event, again }: Refusal): number =>
    (again === undefined ? end : messages.time(again)) - messages.time(event);
  const late = refusals.filter(
    (each) =>
      messages.time(each.event) + waited(each) > deadline(each) && !(each.again === undefined && left(each, end)),
  );
  const open = refusals.filter((each) => each.again === undefined && !late.includes(each));
  const longest = Math.max(0, ...refusals.flatMap((each) => (each.again === undefined ? [] : [waited(each)])));
  const describe = (refusal: Refusal): Finding => {
    const { event, message, receiver, again } = refusal;
    const [at, name] = [messages.time(event), messages.receivers[receiver] ?? ""];
    const next =
      again === undefined
        ? `was never offered again (${duration(waited(refusal))} until the end)`
        : `was offered again only at ${moment(messages.time(again))}, ${duration(waited(refusal))} later`;
    return {
      kind: again === undefined ? "never-offered-again" : "offered-again-late",
      sentence: `${messages.text(message)} of ${messages.channelName(message)}, which ${name} refused at ${moment(at)}, ${next}; the bound is ${duration(fromMs(boundMs))}${alongside(faults, at, at + waited(refusal), [name])}.`,
      events: evidenceAt([
        messages.partner(event),
        event,
        ...(again === undefined ? [] : [messages.partner(again), again]),
      ]),
    };
  };
  return conclude({
    history,
    findings: clearest(
      late,
      (a, b) => Number(b.again === undefined) - Number(a.again === undefined) || waited(b) - waited(a),
      describe,
    ),
    count: late.length,
    broken: `${counted(late.length, "refused message was", "refused messages were")} not offered again within ${duration(fromMs(boundMs))}; ${late.filter(({ again }) => again === undefined).length} never were.`,
    vacuous: tooFew(refusals.length, minRefused, "message was refused", "messages were refused"),
    unknown:
      open.length === 0
        ? undefined
        : `The run ended before the bound was over for ${counted(open.length, "refused message")}.`,
    holds: `Every message that a handler refused was offered again within ${duration(longest)} (${counted(refusals.length, "refusal")}).`,
    figures: {
      refused: refusals.length,
      "never offered again": late.filter(({ again }) => again === undefined).length,
      "longest wait ms": milliseconds(longest),
    },
  });
}

/** All that must come again, each with the next delivery to somebody who may get it. */
function refusedIn(messages: Messages, audience: Audience): Refusal[] {
  const { event, message, receiver } = messages.deliveries();
  const refusals = refusalsOf(messages);
  const key = (each: number, by: number): string => (audience === "each" ? `${each} ${by}` : `${each}`);
  const open = new Map<string, Refusal[]>();
  const all = refusals.event.map((at, i): Refusal => {
    const refusal = { event: at, message: refusals.message[i] as number, receiver: refusals.receiver[i] as number };
    const same = open.get(key(refusal.message, refusal.receiver)) ?? [];
    open.set(key(refusal.message, refusal.receiver), [...same, refusal]);
    return refusal;
  });
  if (all.length === 0) return all;
  const refused = new Set(refusals.message);
  for (let i = 0; i < event.length; i += 1) {
    if (!refused.has(message[i] as number)) continue;
    const at = event[i] as number;
    for (const each of open.get(key(message[i] as number, receiver[i] as number)) ?? [])
      if (at > each.event) each.again ??= at;
  }
  const dealtWith = new Set(
    [...messages.calls("ack")]
      .filter((call) => messages.outcome(call) !== "fail")
      .map((call) => key(messages.named(call), messages.receiverOf(call))),
  );
  return all.filter((each) => each.again !== undefined || !dealtWith.has(key(each.message, each.receiver)));
}

/** Whether the one who refused was there no longer until the end. */
function whoLeft(
  messages: Messages,
  faults: Parameters<typeof subscriptionsOf>[1],
): (refusal: Refusal, end: number) => boolean {
  const subscriptions = new Map(
    subscriptionsOf(messages, faults).map((each) => [`${each.receiver} ${each.channel}`, each.member]),
  );
  return ({ event, message, receiver }, end) => {
    const member = subscriptions.get(`${receiver} ${messages.channelOf(message)}`);
    // In the end all leave, in order.
    return member !== undefined && containing(member, { from: messages.time(event), to: end }) === undefined;
  };
}
