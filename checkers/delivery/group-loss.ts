/** Messages that were sent with success, and that nobody of a group got, or acknowledged. */
import type { History } from "../../history/history.ts";
import { numberReader } from "../../history/vocabulary/read-columns.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { aroundOrAfter, faultsOf } from "../kit/faults.ts";
import type { Span } from "../kit/phases.ts";
import { loadPhase, phaseStart } from "../kit/phases.ts";
import { counted, fromMs, moment, tooFew } from "../kit/words.ts";
import { sentInLoad } from "./loss.ts";
import type { SendKind } from "./messages.ts";
import { Messages, numbered } from "./messages.ts";
import { faultsWhile, MAX_EVENTS_OF_MESSAGES, namedSends, senders, SENT, sentWhen, shownSends } from "./words.ts";

const NOBODY = -1;

interface Violation {
  readonly kind: "lost" | "unacked";
  /** Invocations of the sends. */
  readonly calls: readonly number[];
}

/** What is known of the messages of a group. */
interface Group {
  readonly messages: Messages;
  readonly kind: SendKind;
  readonly faults: ReadonlyMap<string, FaultRecord>;
  /** The last delivery of each message, as the event, or `NOBODY`. */
  readonly last: Int32Array;
}

/**
 * Somebody of the group should get every message that was sent with success in the load, and acknowledge it by the end.
 * One finding per kind, channel and publisher, and of what was not acknowledged per consumer who had it last; `count`
 * is the number of messages. A message that is due only after the end is not waited for.
 */
export function groupLoss(history: History, kind: SendKind, minMessages: number): CheckResult {
  const messages = new Messages(history);
  const sent = sentInLoad(history, messages, kind);
  const faults = faultsOf(history);
  const { event, message } = messages.deliveries();
  const acks = messages.calls("ack");
  const acked = acks.map((call) => messages.named(call));
  const last = new Int32Array(messages.size).fill(NOBODY);
  message.forEach((each, i) => (last[each] = event[i] as number));
  const [done, perhaps] = [new Uint8Array(messages.size), new Uint8Array(messages.size)];
  acked.forEach((each, i) => {
    const outcome = messages.outcome(acks[i] as number);
    if (outcome === "ok") done[each] = 1;
    if (outcome === "info") perhaps[each] = 1;
  });
  const group: Group = { messages, kind, faults, last };
  const due = dueInTime(history, messages);
  const [lost, unacked]: [number[], number[]] = [[], []];
  let [expected, undecided] = [0, 0];
  sent.call.forEach((call, i) => {
    const each = sent.message[i] as number;
    if (last[each] === NOBODY && !due(call)) return;
    expected += 1;
    if (last[each] === NOBODY) lost.push(call);
    else if (done[each] === 1) return;
    else if (perhaps[each] === 1) undecided += 1;
    else unacked.push(call);
  });
  const violations = [
    ...byPublisher(lost, group, false).map((calls): Violation => ({ kind: "lost", calls })),
    ...byPublisher(unacked, group, true).map((calls): Violation => ({ kind: "unacked", calls })),
  ];
  return conclude({
    history,
    findings: clearest(
      violations,
      (a, b) => (a.kind === b.kind ? b.calls.length - a.calls.length : a.kind === "lost" ? -1 : 1),
      ({ kind: name, calls }) =>
        name === "lost" ? describeLost(calls, group) : describeUnacked(calls, group, loadPhase(history).to),
    ),
    count: lost.length + unacked.length,
    broken: `${lost.length} of ${counted(expected, "message")} ${SENT[kind]} with success ${lost.length === 1 ? "was" : "were"} never delivered to anybody, and ${wereOrWas(unacked.length)} delivered but never acknowledged.`,
    vacuous: tooFew(expected, minMessages, `message was ${SENT[kind]}`, `messages were ${SENT[kind]}`),
    unknown:
      undecided === 0
        ? undefined
        : `Nobody knows whether the ${undecided === 1 ? "acknowledgement" : "acknowledgements"} of ${counted(undecided, "message")} arrived.`,
    holds: `Every message that was ${SENT[kind]} was delivered and acknowledged (${expected} of ${expected}).`,
    figures: {
      "messages sent": expected,
      lost: lost.length,
      "never acknowledged": unacked.length,
      "perhaps acknowledged": undecided,
    },
  });
}

/** Whether a message was due before the final reads; those without a due time always are. */
function dueInTime(history: History, messages: Messages): (call: number) => boolean {
  const end = phaseStart(history, "final") ?? history.span.to;
  const dueMs = numberReader(messages.columns, "dueMs");
  return (call) => {
    const ms = dueMs(call);
    return Number.isNaN(ms) || messages.endOf(call) + fromMs(ms) < end;
  };
}

function wereOrWas(count: number): string {
  return `${count} ${count === 1 ? "was" : "were"}`;
}

function describeLost(calls: readonly number[], { messages, kind, faults }: Group): Finding {
  const { columns } = messages;
  const nodes = calls.flatMap((call) => {
    const node = columns.tape.scalar(columns.details?.node?.[messages.partner(call)] ?? 0);
    return typeof node === "string" ? [node] : [];
  });
  return {
    kind: "lost",
    sentence: `${sentWithSuccess(calls, messages, kind)} never reached anybody: ${namedSends(messages, calls)} (${sentWhen(messages, calls)} by ${senders(messages, calls)})${faultsWhile(messages, calls, faults, nodes)}.`,
    events: evidenceAt(shownSends(messages, calls)),
  };
}

/** @param calls sends of messages that one consumer had last. @param until when the load ended. */
function describeUnacked(calls: readonly number[], { messages, kind, faults, last }: Group, until: number): Finding {
  const received = calls.map((call) => last[messages.named(call)] as number);
  const span = received
    .map((event) => messages.time(event))
    .reduce<Span>(({ from, to }, time) => ({ from: Math.min(from, time), to: Math.max(to, time) }), {
      from: Infinity,
      to: -Infinity,
    });
  const consumer = messages.receivers[messages.receiverOf(received[0] ?? 0)] ?? "";
  const when = span.from === span.to ? `at ${moment(span.from)}` : `from ${moment(span.from)} to ${moment(span.to)}`;
  const were = calls.length === 1 ? "was" : "were";
  return {
    kind: "unacked",
    sentence: `${sentWithSuccess(calls, messages, kind)} by ${senders(messages, calls)} ${were} delivered to ${consumer} ${when} and never acknowledged: ${namedSends(messages, calls)}${aroundOrAfter(faults, span, Math.max(until, span.to), [consumer])}.`,
    events: evidenceAt([
      ...shownSends(messages, calls),
      ...received.slice(0, MAX_EVENTS_OF_MESSAGES).flatMap((event) => [messages.partner(event), event]),
    ]),
  };
}

function sentWithSuccess(calls: readonly number[], messages: Messages, kind: SendKind): string {
  const channel = messages.channelName(messages.named(calls[0] ?? 0));
  return `${counted(calls.length, "message")} that ${calls.length === 1 ? "was" : "were"} ${SENT[kind]} to ${channel} with success`;
}

/** @param byReceiver whether those are told apart that different consumers had last. */
function byPublisher(calls: readonly number[], { messages, last }: Group, byReceiver: boolean): number[][] {
  return [
    ...Map.groupBy(calls, (call) => {
      const message = messages.named(call);
      const receiver = byReceiver ? messages.receiverOf(last[message] as number) : null;
      return JSON.stringify([
        messages.channelOf(message),
        numbered(messages.text(message))?.publisher ?? null,
        receiver,
      ]);
    }).values(),
  ];
}
