/** How often what was asked for was carried out, against what its caller was told. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, moment, tooFew, who } from "../kit/words.ts";
import type { CountedKey, Traced, TracedCall, TraceRead } from "./traced.ts";
import { countedKeys, endOf, timesFound, tracedIn, unreadKeys } from "./traced.ts";
import { calledWords, times, toldWords } from "./words.ts";

/** One command that was carried out otherwise than its caller was told. */
interface Violation {
  readonly kind: string;
  readonly index: number;
  /** How many commands it is about. */
  readonly count: number;
  readonly sentence: (faults: ReadonlyMap<string, FaultRecord>) => string;
  readonly events: Finding["events"];
}

type Judge = (traced: Traced) => {
  readonly violations: readonly Violation[];
  readonly unknown?: string | undefined;
  /** How many commands were put to the test. */
  readonly tested: number;
};

interface Words {
  /** After how many commands it was so. */
  readonly broken: string;
  readonly tested: readonly [one: string, many: string];
  readonly holds: string;
}

/** What succeeded happened exactly once. */
export function once(history: History, minCalls: number): CheckResult {
  return concludeOn(history, minCalls, judgeOnce, {
    broken: "whose caller was told that it succeeded did not happen exactly once",
    tested: ["command is known to have succeeded", "commands are known to have succeeded"],
    holds: "Each of them was found exactly once.",
  });
}

/** Nothing happened twice, whatever its caller was told. */
export function noDuplicate(history: History, minCalls: number): CheckResult {
  return concludeOn(history, minCalls, judgeDuplicates, {
    broken: "happened more than once",
    tested: ["command was sent", "commands were sent"],
    holds: "None of them was found twice.",
  });
}

/** What was refused did not happen. */
export function refusedNothing(history: History, minCalls: number): CheckResult {
  return concludeOn(history, minCalls, judgeRefused, {
    broken: "whose caller was told that it was refused happened all the same",
    tested: ["command was refused", "commands were refused"],
    holds: "None of them was found.",
  });
}

/** What its caller was told to have failed, or was told nothing of, did not happen. */
export function noGhost(history: History, minCalls: number): CheckResult {
  return concludeOn(history, minCalls, judgeGhosts, {
    broken: "whose caller was not told that it succeeded happened all the same",
    tested: ["command failed, or did not settle", "commands failed, or did not settle"],
    holds: "None of them was found.",
  });
}

/** A transaction happened as a whole, or not at all. */
export function atomic(history: History, minCalls: number): CheckResult {
  return concludeOn(history, minCalls, judgeAtomic, {
    broken: "of transactions happened without the others",
    tested: ["command was sent in a transaction", "commands were sent in transactions"],
    holds: "All of each transaction was found, or nothing of it.",
  });
}

function concludeOn(history: History, minCalls: number, judge: Judge, words: Words): CheckResult {
  const traced = tracedIn(history);
  const { violations, unknown, tested } = judge(traced);
  const faults = faultsOf(history);
  const count = violations.reduce((sum, each) => sum + each.count, 0);
  return conclude({
    history,
    findings: clearest(
      violations,
      (a, b) => a.index - b.index,
      ({ kind, sentence, events }) => ({ kind, sentence: sentence(faults), events }),
    ),
    count,
    broken: `${counted(count, "command")} ${words.broken}.`,
    vacuous: tooFew(tested, minCalls, ...words.tested),
    // A client may well hide every refusal and every failure from its callers.
    inapplicable: tested === 0 && traced.calls.some(({ end }) => end === "ok"),
    unknown: unreadKeys(traced) ?? unknown,
    holds: `${counted(tested, ...words.tested)}. ${words.holds}`,
    figures: figuresOf(traced),
  });
}

function figuresOf(traced: Traced): CheckResult["figures"] {
  const figures = { ok: 0, refused: 0, unknown: 0, unsettled: 0, open: 0 };
  for (const { end, elements } of traced.calls) figures[end] += elements.length;
  const { ok, refused, unknown, unsettled, open } = figures;
  return { succeeded: ok, refused, failed: unknown, "never settled": unsettled + open };
}

const judgeOnce: Judge = (traced) => {
  const told = traced.calls.filter(({ end }) => end === "ok");
  const violations = told.flatMap((call) => [
    ...inList(traced, call, (count) => count > 1, doubled),
    // What succeeded after the read had begun need not be in it.
    ...inList(traced, call, (count, read) => count === 0 && endOf(call) < read.operation.invoke.time, lost),
  ]);
  const counts = countedKeys(traced);
  const open = counts.filter(
    ({ found, ok, refused, unknown }) => found > ok + unknown && found <= ok + refused + unknown,
  );
  return {
    violations: [
      ...violations,
      ...counts.flatMap((key) => tooMuch(key)),
      ...counts.filter(({ found, ok }) => found < ok).map(tooLittle),
    ],
    unknown: openCounts(open, "a command that was refused may have happened, or one that succeeded twice"),
    tested: commandsIn(told),
  };
};

const judgeDuplicates: Judge = (traced) => ({
  violations: [
    ...traced.calls.flatMap((call) => inList(traced, call, (count) => count > 1, doubled)),
    ...countedKeys(traced).flatMap((key) => tooMuch(key)),
  ],
  tested: commandsIn(traced.calls),
});

const judgeRefused: Judge = (traced) => {
  const refused = traced.calls.filter(({ end }) => end === "refused");
  const open = countedKeys(traced).filter(({ found, ok, refused, unknown }) => refused > 0 && found > ok + unknown);
  return {
    violations: refused.flatMap((call) => inList(traced, call, (count) => count > 0, happened("refused-happened"))),
    unknown: openCounts(open, "a command that was refused may be among them"),
    tested: commandsIn(refused),
  };
};

const judgeGhosts: Judge = (traced) => {
  const seen = new Map<string, TraceRead[]>();
  for (const read of traced.reads) {
    const known = seen.get(read.key);
    if (known === undefined) seen.set(read.key, [read]);
    else known.push(read);
  }
  // A count does not tell which command it has counted.
  const lost = traced.calls.filter(
    ({ end, command }) => (end === "unknown" || end === "unsettled") && command !== "INCR",
  );
  return {
    violations: lost.flatMap((call) => inList(traced, call, (count) => count > 0, ghost(seen.get(call.key) ?? []))),
    tested: commandsIn(lost),
  };
};

const judgeAtomic: Judge = (traced) => {
  const transactions = traced.calls.filter(({ via, elements }) => via === "transaction" && elements.length > 1);
  return {
    violations: transactions.flatMap((call) => {
      const found = call.elements.map((element) => timesFound(traced, call, element));
      const [most, least] = [Math.max(...found.map((each) => each ?? 0)), Math.min(...found.map((each) => each ?? 0))];
      const read = traced.finals.get(call.key);
      if (read === undefined || found.includes(undefined) || most === least) return [];
      // A caller that was told of no error by one entry may have been told of it by another.
      const element = call.elements[found.findIndex((each) => each === most)] ?? "";
      return [
        {
          kind: "half-done",
          index: call.operation.invoke.index,
          count: 1,
          sentence: (faults) =>
            `One of a transaction's ${call.elements.length} commands, ${calledWords(call, element)}, was found ${times(most)}, and another one ${least === 0 ? "was not" : times(least)}; ${toldWords(call)}${during(call, faults)}.`,
          events: evidenceOf(call, read),
        } satisfies Violation,
      ];
    }),
    tested: commandsIn(transactions),
  };
};

type Describe = (call: TracedCall, element: string, count: number, read: TraceRead) => Violation;

/** What is wrong with the elements of a call that leave traces of their own. */
function inList(
  traced: Traced,
  call: TracedCall,
  isWrong: (count: number, read: TraceRead) => boolean,
  describe: Describe,
): Violation[] {
  const read = traced.finals.get(call.key);
  if (read === undefined) return [];
  return call.elements.flatMap((element) => {
    const count = timesFound(traced, call, element);
    return count !== undefined && isWrong(count, read) ? [describe(call, element, count, read)] : [];
  });
}

const doubled: Describe = (call, element, count, read) => ({
  kind: "doubled",
  index: call.operation.invoke.index,
  count: 1,
  sentence: (faults) =>
    `It was carried out ${times(count)}: ${calledWords(call, element)}; ${toldWords(call)}${during(call, faults)}.`,
  events: evidenceOf(call, read),
});

const lost: Describe = (call, element, _, read) => ({
  kind: "lost",
  index: call.operation.invoke.index,
  count: 1,
  sentence: (faults) =>
    `It is not there in the end: ${calledWords(call, element)}; ${toldWords(call)}${during(call, faults)}.`,
  events: evidenceOf(call, read),
});

function happened(kind: string): Describe {
  return (call, element, count, read) => ({
    kind,
    index: call.operation.invoke.index,
    count: 1,
    sentence: (faults) =>
      `It was carried out ${times(count)}: ${calledWords(call, element)}; ${toldWords(call)}${during(call, faults)}.`,
    events: evidenceOf(call, read),
  });
}

/** What happened although its caller had been told of a failure: where a read shows so, afterwards. */
function ghost(reads: readonly TraceRead[]): Describe {
  return (call, element, count, read) => {
    const told = endOf(call);
    const without = reads.findLast(
      (each) => each.operation.invoke.time > told && !each.elements.includes(element) && endOf(each) <= endOf(read),
    );
    if (without === undefined) return happened("failed-happened")(call, element, count, read);
    const first = reads.find((each) => endOf(each) > endOf(without) && each.elements.includes(element)) ?? read;
    return {
      kind: "ghost",
      // What is known to have come later is the clearest.
      index: call.operation.invoke.index - Number.MAX_SAFE_INTEGER / 2,
      count: 1,
      sentence: (faults) =>
        `It was carried out only later: ${calledWords(call, element)}; ${toldWords(call)}; at ${moment(without.operation.invoke.time)} it was not there yet, and at ${moment(endOf(first))} it was${during(call, faults)}.`,
      events: evidence([
        call.operation.invoke,
        call.operation.completion,
        without.operation.invoke,
        without.operation.completion,
        first.operation.invoke,
        first.operation.completion,
        read.operation.invoke,
        read.operation.completion,
      ]),
    };
  };
}

/** A count that is higher than all that was ever asked for. */
function tooMuch({ key, calls, found, read, ok, refused, unknown }: CountedKey): Violation[] {
  const asked = ok + refused + unknown;
  if (found <= asked) return [];
  const [last] = calls.slice(-1);
  return [
    {
      kind: "doubled",
      index: last?.operation.invoke.index ?? 0,
      count: found - asked,
      sentence: (faults) =>
        `${key} counts ${found}, and it was asked ${times(asked)} to count one more (${ok} succeeded)${alongside(faults, calls[0]?.operation.invoke.time ?? 0, endOf(read), calls.map(({ operation }) => who(operation.invoke)).slice(0, 1))}.`,
      events: evidence([last?.operation.invoke, read.operation.invoke, read.operation.completion]),
    },
  ];
}

/** A count that is lower than what is known to have been counted. */
function tooLittle({ key, calls, found, read, ok }: CountedKey): Violation {
  const [last] = calls.filter(({ end }) => end === "ok").slice(-1);
  return {
    kind: "lost",
    index: last?.operation.invoke.index ?? 0,
    count: ok - found,
    sentence: () =>
      `${key} counts ${found} in the end, and its callers were told ${times(ok)} that it counted one more.`,
    events: evidence([last?.operation.invoke, read.operation.invoke, read.operation.completion]),
  };
}

function openCounts(keys: readonly CountedKey[], why: string): string | undefined {
  const [first] = keys;
  return first === undefined
    ? undefined
    : `${first.key} counts ${first.found}, and ${first.ok} calls succeeded: ${why}.`;
}

function commandsIn(calls: readonly TracedCall[]): number {
  return calls.reduce((sum, { elements }) => sum + elements.length, 0);
}

function during({ operation }: TracedCall, faults: ReadonlyMap<string, FaultRecord>): string {
  const { invoke, completion } = operation;
  return alongside(faults, invoke.time, completion?.time ?? invoke.time, [who(invoke)]);
}

function evidenceOf({ operation }: TracedCall, read: TraceRead): number[] {
  return evidence([operation.invoke, operation.completion, read.operation.invoke, read.operation.completion]);
}
