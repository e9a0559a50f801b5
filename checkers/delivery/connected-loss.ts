/**
 * Messages that a subscriber lost although it had not been told that it was disconnected: it cannot know that anything
 * is missing.
 */
import { NO_PARTNER } from "../../history/columns/columns.ts";
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { faultsOf, strikesOnlyOthers } from "../kit/faults.ts";
import { counted, milliseconds, tooFew } from "../kit/words.ts";
import type { SubscriberLoss } from "./loss.ts";
import { lossesOf, lossFigures, sentIn } from "./loss.ts";
import type { SendKind } from "./messages.ts";
import { Messages } from "./messages.ts";
import type { Subscription, Window } from "./subscriptions.ts";
import { containing, ON_ITS_WAY_NS } from "./subscriptions.ts";
import { faultsWhile, MAX_EVENTS_OF_MESSAGES, namedSends, sentWhen, shownSends } from "./words.ts";

interface Loss {
  readonly subscription: Subscription;
  readonly expected: number;
  /** Invocations of sends. */
  readonly lost: readonly number[];
}

/**
 * `any`: all that was sent in the inside of a window in which the subscriber was connected as far as it knew. `clean`:
 * only what no fault can have touched. From when the subscription was last said to be in force until a second after the
 * message had been sent, no fault acted but such as names other workers only; and for that second the subscriber was
 * connected. Counts the messages.
 */
export function connectedLoss(
  history: History,
  kind: SendKind,
  minMessages: number,
  which: "any" | "clean",
): CheckResult {
  const messages = new Messages(history);
  const faults = faultsOf(history);
  const { losses, sent } = lossesOf(history, messages, kind, faults);
  const found = losses.map((loss) => (which === "any" ? anyOf(loss) : cleanOf(loss, messages, faults)));
  const [expected, lost] = [sum(found.map((each) => each.expected)), sum(found.map((each) => each.lost.length))];
  const windows = losses.flatMap(({ subscription }) => subscription.disconnected);
  const during = which === "any" ? WHILE_CONNECTED : WHILE_UNTOUCHED;
  return conclude({
    history,
    findings: clearest(
      found.filter((each) => each.lost.length > 0),
      (a, b) => b.lost.length - a.lost.length,
      (each) => describe(each, messages, which, faults),
    ),
    count: lost,
    broken: `${counted(lost, "message that was", "messages that were")} sent ${during} never came.`,
    vacuous: tooFew(expected, minMessages, `delivery was expected ${during}`, `deliveries were expected ${during}`),
    holds: `Every message that was sent ${during} came (${expected} of ${expected}).`,
    figures: {
      ...lossFigures(losses, sent),
      ...(which === "clean" ? { "expected, touched by no fault": expected, "lost, touched by no fault": lost } : {}),
      "disconnected windows": windows.length,
      "disconnected ms": milliseconds(sum(windows.map(({ from, to }) => Math.min(to, history.span.to) - from))),
    },
  });
}

const WHILE_CONNECTED = "while its subscriber was connected as far as it knew";
const WHILE_UNTOUCHED = "while its subscriber was connected and no fault touched it";

function anyOf({ subscription, connected, lost, where }: SubscriberLoss): Loss {
  return {
    subscription,
    expected: connected.length,
    lost: lost.filter((_, i) => where[i] === "connected"),
  };
}

function cleanOf(
  { subscription, connected, lost, where }: SubscriberLoss,
  messages: Messages,
  faults: ReadonlyMap<string, FaultRecord>,
): Loss {
  const name = messages.receivers[subscription.receiver] ?? "";
  const touching = [...faults.values()].filter((fault) => fault.from !== Infinity && !strikesOnlyOthers(fault, name));
  const isClean = (call: number): boolean => {
    const { from, to } = sentIn(messages, call);
    const window = containing(subscription.connected, { from, to: to + ON_ITS_WAY_NS });
    return (
      window !== undefined && !touching.some((fault) => fault.from <= to + ON_ITS_WAY_NS && fault.to >= window.from)
    );
  };
  return {
    subscription,
    expected: connected.filter(isClean).length,
    lost: lost.filter((call, i) => where[i] === "connected" && isClean(call)),
  };
}

function describe(
  { subscription, expected, lost }: Loss,
  messages: Messages,
  which: "any" | "clean",
  faults: ReadonlyMap<string, FaultRecord>,
): Finding {
  const subscriber = messages.receivers[subscription.receiver] ?? "";
  const channel = messages.columns.tape.texts[subscription.channel] ?? "";
  const untouched = which === "clean" ? ", and no fault had touched its subscription since it was last in force" : "";
  return {
    kind: which === "clean" ? "lost-connected" : "lost-unknown",
    sentence:
      `${subscriber} never received ${lost.length} of the ${counted(expected, "message")} sent to ${channel} while it was connected as far as it knew${untouched}: ` +
      `${namedSends(messages, lost)} (${sentWhen(messages, lost)})${which === "clean" ? "" : faultsWhile(messages, lost, faults, [subscriber])}.`,
    events: evidenceAt([
      subscription.first,
      messages.partner(subscription.first),
      ...lost.slice(0, MAX_EVENTS_OF_MESSAGES).flatMap((call) => around(subscription, messages, call)),
      ...shownSends(messages, lost),
    ]),
  };
}

/** The events that bound the window in which a message was sent, and the one that ended the window before. */
function around({ connected, disconnected }: Subscription, messages: Messages, call: number): number[] {
  const span = sentIn(messages, call);
  const window = containing(connected, span);
  if (window === undefined) return [];
  const before = (windows: readonly Window[]): number[] => {
    const last = windows.findLast(({ from }) => from < window.from);
    return last === undefined ? [] : [last.begin, last.end].filter((event) => event !== NO_PARTNER);
  };
  return [window.begin, window.end, ...before(connected), ...before(disconnected)];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
