/**
 * Histories of transactions that append unique elements to lists, and read whole lists: Elle's strongest sort, since
 * the order of versions can be read off.
 */
import type { Columns } from "../../history/columns/columns.ts";
import type { Analyzer } from "../analysis.ts";
import { abortedListReads } from "./anomalies/aborted-read.ts";
import { dirtyUpdates } from "./anomalies/dirty-update.ts";
import { duplicateElements } from "./anomalies/duplicate-elements.ts";
import { futureListReads } from "./anomalies/future-read.ts";
import { garbageListReads } from "./anomalies/garbage-read.ts";
import { incompatibleOrders } from "./anomalies/incompatible-order.ts";
import { intermediateListReads } from "./anomalies/intermediate-read.ts";
import { internalLists } from "./anomalies/internal.ts";
import type { ListContext } from "./anomalies/list-context.ts";
import { lostListUpdates } from "./anomalies/lost-update.ts";
import { sessionLists } from "./anomalies/session-lists.ts";
import { conclude, requireInvocations } from "./conclude.ts";
import { consistencyChecker } from "../kit/consistency-checker.ts";
import { addListEdges } from "./versions/list-edges.ts";
import type { Examination } from "./examination.ts";
import { addCycles } from "./examination.ts";
import { Findings } from "./findings.ts";
import { GraphBuilder, PROCESS } from "./graph/graph.ts";
import type { Question } from "./options.ts";
import { listAppendOptions, questionOf, withoutLimit } from "./options.ts";
import { listReasons } from "./words/list-reasons.ts";
import { transactionsOf } from "./transactions/read.ts";
import { listVersions } from "./versions/list-versions.ts";
import { Words } from "./words/words.ts";

/** Judges a history of transactions `["append", key, element]` and `["r", key, list]`. */
export const listAppendChecker = consistencyChecker({
  name: "list-append",
  options: listAppendOptions,
  analyze(columns, options) {
    const question = questionOf(options);
    const examination = examineLists(columns, question);
    return conclude({
      question,
      algorithm: "Elle, list-append",
      examination,
      examine: (each) => examineLists(each, withoutLimit(question)),
      words: new Words(examination.transactions),
      repeated: "duplicate-appends",
    });
  },
});

/**
 * The analysis of a history of transactions `["append", key, element]` and `["r", key, list]`.
 * @param options `consistencyModel` (default strict-serializable): the verdict is false only if something was found
 * that it forbids.
 * @throws MisuseError, TypeError: see `Analyzer`.
 */
export const listAppend: Analyzer = listAppendChecker.analyze;

function examineLists(columns: Columns, question: Question): Examination {
  const transactions = transactionsOf(columns, { write: "append", initial: undefined });
  requireInvocations(transactions, question);
  const versions = listVersions(transactions);
  const findings = new Findings();
  const words = new Words(transactions);
  const context: ListContext = { transactions, versions, findings, words };
  garbageListReads(context);
  abortedListReads(context);
  dirtyUpdates(context);
  intermediateListReads(context);
  incompatibleOrders(context);
  duplicateElements(context);
  internalLists(context);
  futureListReads(context);
  lostListUpdates(context);
  const builder = new GraphBuilder(transactions.length, transactions.operations * 2);
  addListEdges(transactions, versions, builder);
  const { orders, cancelled } = question;
  const reasons = listReasons(transactions, versions, words);
  const cycles = addCycles({ transactions, findings, words, builder, reasons, orders, cancelled });
  // Where a session guarantee is violated, there is a cycle with the order of the process.
  if (findings.cycles && (orders & PROCESS) !== 0) sessionLists(context);
  return { transactions, counts: findings.counts, found: findings.found, ...cycles, unless: new Map() };
}
