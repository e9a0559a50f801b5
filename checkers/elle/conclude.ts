/** From what was found to a verdict about a consistency model. */
import { TYPE } from "../../history/columns/columns.ts";
import { MisuseError, shownBy } from "../analysis.ts";
import type { Analysis, Anomaly } from "../analysis.ts";
import type { ConsistencyModel } from "./consistency-models.ts";
import { CONSISTENCY_MODELS, ruledOutBy, weakest } from "./consistency-models.ts";
import type { Examination, Examine } from "./examination.ts";
import { PROCESS, REALTIME } from "./graph/graph.ts";
import type { Question } from "./options.ts";
import type { Transactions } from "./transactions/transactions.ts";
import { eventsOf, NONE } from "./transactions/transactions.ts";
import { Witnesses } from "./witness.ts";
import type { Words } from "./words/words.ts";
import { short } from "./words/words.ts";

export interface Conclusion {
  readonly question: Question;
  readonly algorithm: string;
  readonly examination: Examination;
  readonly examine: Examine;
  readonly words: Words;
  /** The name of a value that was written twice. */
  readonly repeated: "duplicate-appends" | "duplicate-writes";
}

/**
 * The verdict: false only where something was found that the model forbids; unknown where nothing was found, but
 * something could not be judged.
 */
export function conclude(conclusion: Conclusion): Analysis {
  const { question, algorithm, examination, examine, words, repeated } = conclusion;
  const { model } = question;
  const { transactions, counts, found } = examination;
  const names = [...found.keys()].filter((name) => ruledOut(examination, name).has(model));
  const witnesses = new Witnesses(examination, examine);
  const anomalies: { [name: string]: Anomaly[] } = {};
  let witness: readonly number[] = [];
  for (const name of names) {
    anomalies[name] = witnesses.of(name, found.get(name) ?? []).map(({ found: { sentence, detail }, events }) => {
      if (witness.length === 0 || events.length < witness.length) witness = events;
      return { sentence, events, detail };
    });
  }
  const not = new Set(names.flatMap((name) => [...ruledOut(examination, name)]));
  const shown: { [name: string]: number } = Object.fromEntries(names.map((name) => [name, counts.get(name) ?? 0]));
  if (transactions.repeated.length > 0) {
    anomalies[repeated] = describeRepeated(transactions, words);
    shown[repeated] = transactions.repeated.length;
  }
  const doubts = doubtsOf(conclusion);
  const first = weakest(not);
  return shownBy(succeeded(transactions), {
    valid: names.length > 0 ? false : doubts.length > 0 ? "unknown" : true,
    reason:
      names.length > 0
        ? `not ${model}: ${names.map((name) => `${name} (${counts.get(name) ?? 0})`).join(", ")}`
        : doubts.length > 0
          ? `nothing was found that ${model} forbids, but ${doubts.join("; ")}`
          : `${transactions.length} transactions, and nothing was found that ${model} forbids`,
    algorithm,
    operations: transactions.length,
    anomalies,
    counts: shown,
    not: first,
    alsoNot: CONSISTENCY_MODELS.filter((each) => not.has(each) && !first.includes(each)),
    witness,
  });
}

function succeeded({ outcome }: Transactions): number {
  return outcome.reduce((sum, each) => sum + (each === TYPE.ok ? 1 : 0), 0);
}

/**
 * Whether a transaction that succeeded read anything. Its reads have been judged, each for itself, also where they put
 * it before or after no other one.
 */
function anyRead({ operations, writes, value }: Transactions): boolean {
  for (let m = 0; m < operations; m += 1) if (writes[m] === 0 && value[m] !== NONE) return true;
  return false;
}

/** @throws MisuseError when the model is about an order that the history does not have. */
export function requireInvocations(
  { withoutInvocation, invoked, completed, columns }: Transactions,
  question: Question,
): void {
  if (withoutInvocation === 0 || (question.orders & (PROCESS | REALTIME)) === 0) return;
  throw new MisuseError(
    `${withoutInvocation} completions have no invocation, so nothing is known about when they began; ${question.model} cannot be judged without that (serializable can: consistencyModel "serializable")`,
    completed[invoked.indexOf(-1)],
    columns,
  );
}

/** The models that an anomaly of an examination rules out. */
export function ruledOut({ unless }: Examination, name: string): Set<ConsistencyModel> {
  const instead = unless.get(name) ?? [];
  return new Set([...ruledOutBy(name)].filter((model) => instead.every((each) => ruledOutBy(each).has(model))));
}

function doubtsOf({ question, examination }: Conclusion): string[] {
  const { transactions, singlesLeft, ended } = examination;
  const doubts: string[] = [];
  const refused = transactions.refused.reduce((sum, each) => sum + each, 0);
  if (refused > 0) doubts.push(`${refused} keys cannot be judged, since a value was written twice to them`);
  if (succeeded(transactions) > 0 && !anyRead(transactions))
    doubts.push(
      "no transaction is known to have read anything, so nobody knows what the writes did (empty-transaction-graph)",
    );
  const decidedBySingles =
    ruledOutBy("G-single").has(question.model) && !ruledOutBy("G-nonadjacent").has(question.model);
  if (singlesLeft && decidedBySingles) doubts.push("the search for G-single was bounded (cycle-search-limit)");
  if (ended) doubts.push("the search for cycles was ended before it was through");
  return doubts;
}

function describeRepeated(transactions: Transactions, words: Words): Anomaly[] {
  return transactions.repeated.slice(0, 10).map(([first, again]) => {
    const [a, b] = [transactions.transaction[first] as number, transactions.transaction[again] as number];
    const value = short(words.result(again));
    return {
      sentence:
        first === again
          ? `${words.transaction(b)} wrote ${value} to ${short(words.key(again))}, which is what was there before any write: nobody can tell the two apart.`
          : `${value} was written to ${short(words.key(again))} by ${words.transaction(a)} and by ${words.transaction(b)}: nobody can tell the two apart.`,
      events: eventsOf(transactions, [a, b]),
      detail: { key: words.key(again), value: words.result(again) },
    };
  });
}
