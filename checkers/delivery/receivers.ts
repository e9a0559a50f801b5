/** How many the server says have received a message, against those who did. */
import type { History } from "../../history/history.ts";
import { numberReader } from "../../history/vocabulary/read-columns.ts";
import type { CheckResult } from "../checker.ts";
import { Bits } from "../kit/bits.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { faultsOf } from "../kit/faults.ts";
import { counted, listed, moment, tooFew } from "../kit/words.ts";
import type { SendKind } from "./messages.ts";
import { Messages } from "./messages.ts";
import { ON_ITS_WAY_NS } from "./subscriptions.ts";

interface Surplus {
  readonly call: number;
  readonly message: number;
  readonly counted: number;
}

/**
 * Each worker has a connection of its own, so on a single server more workers cannot have received a message than it
 * counted when it was sent; but where a client may have sent it twice, the answer is that of the last time. So what was
 * sent while a fault acted is not judged, nor what was sent with several attempts. That fewer received it than were
 * counted is a figure only: what is lost on the way is for `no-loss`. Counts the messages.
 */
export function receiversCounted(history: History, kind: SendKind, minMessages: number): CheckResult {
  const messages = new Messages(history);
  const faults = [...faultsOf(history).values()].filter(({ from }) => from !== Infinity);
  const receiversIn = numberReader(messages.columns, "receivers");
  const attempts = messages.columns.details?.attempts;
  const sent = messages.sends(kind);
  const deliveries = messages.deliveries();
  const received = distinctReceivers(messages, deliveries.message, deliveries.receiver);
  const surplus: Surplus[] = [];
  let [withCount, judged, short, missing] = [0, 0, 0, 0];
  sent.call.forEach((call, i) => {
    const end = messages.partner(call);
    if (messages.outcome(call) !== "ok") return;
    const [message, told] = [sent.message[i] as number, receiversIn(end)];
    if (Number.isNaN(told)) return;
    withCount += 1;
    const [from, to] = [messages.time(call) - ON_ITS_WAY_NS, messages.time(end) + ON_ITS_WAY_NS];
    const repeated = messages.columns.tape.scalar(attempts?.[end] ?? 0) ?? 1;
    if (repeated !== 1 || faults.some((fault) => fault.from <= to && fault.to >= from)) return;
    judged += 1;
    const got = received[message] as number;
    if (got > told) surplus.push({ call, message, counted: told });
    if (got < told) [short, missing] = [short + 1, missing + told - got];
  });
  return conclude({
    history,
    findings: clearest(
      surplus,
      (a, b) => a.call - b.call,
      ({ call, message, counted: told }) => {
        const got = [...deliveries.event].filter((_, i) => deliveries.message[i] === message);
        const names = [...new Set(got.map((event) => messages.receivers[messages.receiverOf(event)] ?? ""))];
        return {
          kind: "more-than-counted",
          sentence: `The server counted ${counted(told, "receiver")} of ${messages.text(message)} on ${messages.channelName(message)}, which was sent at ${moment(messages.time(call))}; ${listed(names)} received it.`,
          events: evidenceAt([
            call,
            messages.partner(call),
            ...got.flatMap((event) => [messages.partner(event), event]),
          ]),
        };
      },
    ),
    count: surplus.length,
    broken: `${counted(surplus.length, "message was", "messages were")} received by more workers than the server counted.`,
    vacuous:
      withCount === 0 && sent.call.length > 0
        ? "The library does not say how many have received a message."
        : tooFew(judged, minMessages, "message has a count of receivers", "messages have a count of receivers"),
    inapplicable: withCount === 0 && sent.call.length > 0,
    holds: `No message was received by more workers than the server counted (${counted(judged, "message")}).`,
    figures: { "messages with a count": judged, "received by fewer": short, "receptions missing": missing },
  });
}

/** By message, how many workers received it. */
function distinctReceivers(messages: Messages, message: Int32Array, receiver: Int32Array): Int32Array {
  const counts = new Int32Array(messages.size);
  const seen = messages.receivers.map(() => new Bits(messages.size));
  for (let i = 0; i < message.length; i += 1)
    if (seen[receiver[i] as number]?.add(message[i] as number) === true)
      counts[message[i] as number] = (counts[message[i] as number] as number) + 1;
  return counts;
}
