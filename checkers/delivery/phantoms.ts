/** Messages that were delivered although nobody had begun to send them. */
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, moment, tooFew } from "../kit/words.ts";
import type { SendKind } from "./messages.ts";
import { Messages } from "./messages.ts";

/** Counts the deliveries of messages that nobody had begun to send, on that channel, when they arrived. */
export function deliveryPhantoms(history: History, kind: SendKind, minMessages: number): CheckResult {
  const messages = new Messages(history);
  const sent = messages.sends(kind);
  const { event, message, receiver } = messages.deliveries();
  const begun = new Float64Array(messages.size).fill(Infinity);
  // The first one counts where a message was sent several times.
  for (let i = sent.call.length - 1; i >= 0; i -= 1)
    begun[sent.message[i] as number] = messages.time(sent.call[i] as number);
  const phantoms: number[] = [];
  for (let i = 0; i < event.length; i += 1)
    if ((begun[message[i] as number] as number) > messages.time(event[i] as number)) phantoms.push(i);
  const faults = faultsOf(history);
  return conclude({
    history,
    findings: clearest(
      phantoms,
      (a, b) => a - b,
      (i) => {
        const [at, each] = [event[i] as number, message[i] as number];
        const name = messages.receivers[receiver[i] as number] ?? "";
        const time = messages.time(at);
        return {
          kind: "phantom",
          sentence: `${name} received ${JSON.stringify(messages.text(each))} from ${messages.channelName(each)} at ${moment(time)}, which nobody had sent there by then${alongside(faults, time, time, [name])}.`,
          events: evidenceAt([messages.partner(at), at]),
        };
      },
    ),
    count: phantoms.length,
    broken: `${counted(phantoms.length, "message")} came that nobody had sent.`,
    vacuous: tooFew(event.length, minMessages, "message was delivered", "messages were delivered"),
    holds: `Each of the ${counted(event.length, "delivery", "deliveries")} was of a message that somebody had sent.`,
    figures: { deliveries: event.length, phantoms: phantoms.length },
  });
}
