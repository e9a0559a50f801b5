/** Messages whose side effect was made more than once. */
import { eventAt, TYPE } from "../../history/columns/columns.ts";
import type { History } from "../../history/history.ts";
import { ValueError } from "../../history/vocabulary/read.ts";
import { optionalTextReader, textReader } from "../../history/vocabulary/read-columns.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, listed, moment, tooFew } from "../kit/words.ts";
import type { SendKind } from "./messages.ts";
import { identity, Messages } from "./messages.ts";

const NONE = -1;

/** What is dealt with, and what one time that somebody does so is called: its field in the history, too. */
export interface EffectWords {
  readonly noun: "job" | "message";
  readonly time: "run" | "delivery";
  readonly times: "runs" | "deliveries";
}

/** What somebody reads of the effects of a channel in the end. */
interface FinalList {
  /** Event: the completion of the last `effects`. */
  readonly event: number;
  /** Pairs of a message and the text of a run. */
  readonly entries: readonly (readonly [message: number, run: number])[];
}

/**
 * A side effect is there when its `effect` is `ok`, or when the last `effects` has it. Counts the messages that have
 * those of more than one run: what a run does twice is its own affair, and not the queue's.
 * @param kind given, only channels count to which somebody sent who is judged: readers see those of other lanes, too.
 */
export function messageEffects(history: History, minEffects: number, words: EffectWords, kind?: SendKind): CheckResult {
  const messages = new Messages(history);
  const sent = kind === undefined ? new Set() : messages.channelsOf(kind);
  const isOurs = (channel: number): boolean => sent.size === 0 || sent.has(channel);
  const lists = new Map([...finalLists(messages, words)].filter(([channel]) => isOurs(channel)));
  const asked = messages.calls("effect");
  const runIn = textReader(messages.columns, words.time);
  const of = asked.map((call) => messages.named(call));
  const first = new Int32Array(messages.size).fill(NONE);
  /** The messages that have several. */
  const more = new Map<number, Set<number>>();
  let [withOne, effects] = [0, 0];
  const add = (message: number, run: number): void => {
    const known = first[message] as number;
    if (known === run || more.get(message)?.has(run) === true) return;
    effects += 1;
    if (known === NONE) {
      first[message] = run;
      withOne += 1;
    } else more.set(message, (more.get(message) ?? new Set([known])).add(run));
  };
  for (const { entries } of lists.values()) for (const [message, run] of entries) add(message, run);
  asked.forEach((call, i) => {
    if (messages.outcome(call) === "ok") add(of[i] as number, runIn(call));
  });
  const faults = faultsOf(history);
  const name = (message: number): string =>
    identity({ channel: messages.channelName(message), message: messages.text(message) });
  const describe = ([message, runs]: [number, ReadonlySet<number>]): Finding => {
    const texts = messages.columns.tape.texts;
    const makers = [...asked].filter((call, i) => of[i] === message && runs.has(runIn(call)));
    const steps = [...startsOf(messages, message, runs, words), ...makers];
    const end = (call: number): number =>
      messages.endOf(call) === Infinity ? messages.time(call) : messages.endOf(call);
    const who = (call: number): string => messages.receivers[messages.receiverOf(call)] ?? "";
    const made = makers.map((call) => `${who(call)} at ${moment(end(call))}`);
    const times = steps.flatMap((call) => [messages.time(call), end(call)]);
    const during =
      steps.length === 0
        ? ""
        : alongside(faults, Math.min(...times), Math.max(...times), [...new Set(steps.map((call) => who(call)))]);
    const list = lists.get(messages.channelOf(message));
    const shown =
      list?.entries.some(([each]) => each === message) === true ? [messages.partner(list.event), list.event] : [];
    return {
      kind: "effect-twice",
      sentence: `The ${words.noun} ${messages.text(message)} of ${messages.channelName(message)} has ${counted(runs.size, "side effect")}, of the ${words.times} ${listed([...runs].map((run) => texts[run] ?? ""))}${made.length === 0 ? "" : ` (by ${listed(made)})`}${during}.`,
      events: evidenceAt([...steps.flatMap((call) => [call, messages.partner(call)]), ...shown]),
    };
  };
  return conclude({
    history,
    findings: clearest(
      [...more],
      ([a, runsA], [b, runsB]) => runsB.size - runsA.size || (name(a) < name(b) ? -1 : 1),
      describe,
    ),
    count: more.size,
    broken: `${counted(more.size, `${words.noun} has`, `${words.noun}s have`)} more than one side effect.`,
    vacuous: tooFew(effects, minEffects, "side effect was made", "side effects were made"),
    unknown: unlisted(messages, of, lists),
    holds: `Each of ${counted(withOne, words.noun)} has one side effect.`,
    figures: { [`${words.noun}s`]: withOne, "side effects": effects, repeated: more.size },
  });
}

/** By channel, the last successful `effects`. @throws ValueError */
function finalLists(messages: Messages, { time }: EffectWords): Map<number, FinalList> {
  const { columns } = messages;
  const { tape } = columns;
  const channelIn = textReader(columns, "channel");
  const last = new Map<number, number>();
  for (const call of messages.calls("effects")) {
    const event = messages.partner(call);
    if (messages.outcome(call) === "ok" && (last.get(channelIn(event)) ?? NONE) < event)
      last.set(channelIn(event), event);
  }
  const [messageWord, timeWord] = [tape.textWord("message"), tape.textWord(time)];
  const lists = new Map<number, FinalList>();
  for (const [channel, event] of last) {
    const list = tape.field(columns.value[event] ?? 0, "effects");
    if (list === -1 || !tape.isArray(list)) throw new ValueError(eventAt(columns, event), 'a list "effects"');
    const entries: [number, number][] = [];
    for (let at = tape.first(list), left = tape.count(list); left > 0; at = tape.next(at), left -= 1) {
      const [message, run] = [tape.fieldOf(at, messageWord), tape.fieldOf(at, timeWord)];
      if (message === -1 || !tape.isText(message) || (run !== -1 && !tape.isText(run) && !tape.isNull(run)))
        throw new ValueError(eventAt(columns, event), `entries with a text "message", and a text or null "${time}"`);
      const made = run === -1 || tape.isNull(run) ? tape.indexOfText("") : tape.textIndex(run);
      entries.push([messages.numberIn(channel, tape.textIndex(message)), made]);
    }
    lists.set(channel, { event, entries });
  }
  return lists;
}

/** Invocations of the `deliver`s with which the runs began. */
function startsOf(messages: Messages, message: number, runs: ReadonlySet<number>, { time }: EffectWords): number[] {
  const runIn = optionalTextReader(messages.columns, time);
  return [...messages.calls("deliver")].filter((call) => {
    const event = messages.partner(call);
    return messages.columns.type[event] === TYPE.ok && runs.has(runIn(event)) && messages.named(event) === message;
  });
}

/** Why a channel in which an effect was made has no final list; undefined when all have one. */
function unlisted(messages: Messages, made: Int32Array, lists: ReadonlyMap<number, FinalList>): string | undefined {
  const missing = made.find((message) => !lists.has(messages.channelOf(message)));
  return missing === undefined
    ? undefined
    : `Nobody has read in the end the side effects of ${messages.channelName(missing)}.`;
}
