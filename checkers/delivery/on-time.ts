/** Messages that are due later: whether they came too early, or too late. */
import type { History } from "../../history/history.ts";
import { numberReader } from "../../history/vocabulary/read-columns.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { alongside, calmSince, faultsOf } from "../kit/faults.ts";
import { phaseStart } from "../kit/phases.ts";
import { counted, duration, fromMs, milliseconds, moment, tooFew } from "../kit/words.ts";
import type { SendKind } from "./messages.ts";
import { Messages } from "./messages.ts";

const NOBODY = -1;

export interface Punctuality {
  readonly minMessages: number;
  /** How long after its due time a message may come. */
  readonly boundMs: number;
  /** How long before it: clocks count whole milliseconds. */
  readonly earlyMs: number;
}

interface Misplaced {
  readonly kind: "early" | "late";
  readonly call: number;
  /** Its first delivery, as the event; `NOBODY` where it never came. */
  readonly event: number;
  readonly by: number;
}

/**
 * A message is due `dueMs` after some moment of its sending. It is early when it came before that can have been, and
 * late when it came, or had not come by the end, longer than the bound after that must have been, or after the end of
 * the last fault that acted since it was sent. Its first delivery counts. Counts the messages.
 */
export function deliveredOnTime(
  history: History,
  kind: SendKind,
  { minMessages, boundMs, earlyMs }: Punctuality,
): CheckResult {
  const messages = new Messages(history);
  const faults = faultsOf(history);
  const end = phaseStart(history, "final") ?? history.span.to;
  const dueMs = numberReader(messages.columns, "dueMs");
  const sent = messages.sends(kind);
  const { event, message } = messages.deliveries();
  const first = new Int32Array(messages.size).fill(NOBODY);
  for (let i = event.length - 1; i >= 0; i -= 1) first[message[i] as number] = event[i] as number;
  const misplaced: Misplaced[] = [];
  let [judged, open, latest] = [0, 0, 0];
  sent.call.forEach((call, i) => {
    const due = fromMs(dueMs(call));
    const came = first[sent.message[i] as number] as number;
    // Nobody knows when the server had a message whose sending has no answer, nor whether it had it.
    if (Number.isNaN(due) || (messages.outcome(call) !== "ok" && came === NOBODY)) return;
    judged += 1;
    const at = came === NOBODY ? end : messages.time(came);
    const early = messages.time(call) + due - at;
    if (came !== NOBODY && early > fromMs(earlyMs)) misplaced.push({ kind: "early", call, event: came, by: early });
    if (messages.outcome(call) !== "ok") return;
    const mustBe = messages.endOf(call) + due;
    if (came !== NOBODY) latest = Math.max(latest, at - mustBe);
    const asked = came === NOBODY ? at : messages.time(messages.partner(came));
    if (
      asked > calmSince(faults, messages.time(call), Math.max(mustBe, at)) + fromMs(boundMs) &&
      asked > mustBe + fromMs(boundMs)
    )
      misplaced.push({ kind: "late", call, event: came, by: asked - mustBe });
    else if (came === NOBODY) open += 1;
  });
  const count = (kindOf: Misplaced["kind"]): number => misplaced.filter((each) => each.kind === kindOf).length;
  const describe = ({ kind: how, call, event: came, by }: Misplaced): Finding => {
    const each = messages.named(call);
    const name = came === NOBODY ? "" : (messages.receivers[messages.receiverOf(came)] ?? "");
    const got = came === NOBODY ? "it had not come by the end" : `${name} got it at ${moment(messages.time(came))}`;
    const than = how === "early" ? "before it was due" : came === NOBODY ? "after it was due" : "too late";
    const times = came === NOBODY ? end : messages.time(came);
    return {
      kind: how,
      sentence: `${messages.text(each)} of ${messages.channelName(each)} was sent at ${moment(messages.time(call))} to be handled ${duration(fromMs(dueMs(call)))} later; ${got}, ${duration(by)} ${than}${alongside(faults, messages.time(call), times, [name])}.`,
      events: evidenceAt([call, messages.partner(call), ...(came === NOBODY ? [] : [messages.partner(came), came])]),
    };
  };
  return conclude({
    history,
    findings: clearest(misplaced, (a, b) => b.by - a.by, describe),
    count: misplaced.length,
    broken: `${counted(count("late"), "message")} came longer than ${duration(fromMs(boundMs))} after the due time, or not at all, and ${counted(count("early"), "message")} before it.`,
    vacuous: tooFew(judged, minMessages, "message was to be handled later", "messages were to be handled later"),
    unknown: open === 0 ? undefined : `The run ended before the bound was over for ${counted(open, "message")}.`,
    holds: `Every message came at its due time or within ${duration(Math.max(0, latest))} after it (${judged} of ${judged}).`,
    figures: {
      "messages with a due time": judged,
      early: count("early"),
      late: count("late"),
      "latest ms": milliseconds(Math.max(0, latest)),
    },
  });
}
