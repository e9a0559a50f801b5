/**
 * Histories of transactions that write unique values to registers, and read them. Which write came after which is not
 * seen, only concluded: first from what is certain, and where that shows nothing wrong, from what follows from the
 * promises of the consistency model itself.
 */
import type { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import type { Analysis, Analyzer } from "../analysis.ts";
import { abortedRegisterReads } from "./anomalies/aborted-read.ts";
import { cyclicVersions } from "./anomalies/cyclic-versions.ts";
import { futureRegisterReads } from "./anomalies/future-read.ts";
import { garbageRegisterReads } from "./anomalies/garbage-read.ts";
import { intermediateRegisterReads } from "./anomalies/intermediate-read.ts";
import { internalRegisters } from "./anomalies/internal.ts";
import { lostRegisterUpdates } from "./anomalies/lost-update.ts";
import type { RegisterContext } from "./anomalies/register-context.ts";
import { conclude, requireInvocations, ruledOut } from "./conclude.ts";
import { consistencyChecker } from "../kit/consistency-checker.ts";
import { ruledOutBy } from "./consistency-models.ts";
import { withOrder } from "./graph/cycle.ts";
import type { Examination } from "./examination.ts";
import { addCycles } from "./examination.ts";
import { Findings } from "./findings.ts";
import { GraphBuilder } from "./graph/graph.ts";
import type { Question } from "./options.ts";
import { questionOf, rwRegisterOptions, withoutLimit } from "./options.ts";
import { registerReasons } from "./words/register-reasons.ts";
import type { Transactions } from "./transactions/transactions.ts";
import { transactionsOf } from "./transactions/read.ts";
import type { Source } from "./versions/version-order.ts";
import { addRegisterEdges, versionOrder } from "./versions/version-order.ts";
import type { RegisterVersions } from "./versions/register-versions.ts";
import { registerVersions } from "./versions/register-versions.ts";
import { Words } from "./words/words.ts";

/**
 * What there would be if a source were wrong about two versions: with the opposite order, the same transactions are a
 * cycle of this name (or a worse one). So in a database that claims a model that forbids it, the source can be relied
 * on.
 */
const OTHERWISE: { readonly [source in Source]: string } = {
  "wfr-keys": "G1c",
  "sequential-keys": "G-single-process",
  "linearizable-keys": "G-single-realtime",
};

/** Sources to put versions in order by, and those among them that rest on the consistency model alone. */
interface Stage {
  readonly sources: readonly Source[];
  readonly assumed: readonly Source[];
}

/** Judges a history of transactions `["w", key, value]` and `["r", key, value]`. */
export const rwRegisterChecker = consistencyChecker({
  name: "rw-register",
  options: rwRegisterOptions,
  analyze,
});

/**
 * The analysis of a history of transactions `["w", key, value]` and `["r", key, value]`.
 * @param options `consistencyModel` (default strict-serializable): the verdict is false only if something was found
 * that it forbids. `init`: what all registers hold in the beginning (default null). `wfrKeys`, `sequentialKeys`,
 * `linearizableKeys`: whether the order of versions may be concluded from writes that follow reads in a transaction,
 * from the order of each process, and from real time, key by key. Default: as far as the consistency model promises it.
 * @throws MisuseError, TypeError: see `Analyzer`.
 */
export const rwRegister: Analyzer = rwRegisterChecker.analyze;

function analyze(columns: Columns, options: z.output<typeof rwRegisterOptions>): Analysis {
  const question = questionOf(options);
  const { init, wfrKeys, sequentialKeys, linearizableKeys } = options;
  const wanted: readonly [Source, boolean | undefined][] = [
    ["wfr-keys", wfrKeys],
    ["sequential-keys", sequentialKeys],
    ["linearizable-keys", linearizableKeys],
  ];
  const certain = wanted.filter(([, option]) => option === true).map(([source]) => source);
  const stages: Stage[] = [{ sources: certain, assumed: [] }];
  for (const [source, option] of wanted) {
    if (option !== undefined || !ruledOutBy(OTHERWISE[source]).has(question.model)) continue;
    const last = stages.at(-1) as Stage;
    stages.push({ sources: [...last.sources, source], assumed: [...last.assumed, source] });
  }

  const examine = (each: Columns, asked: Question): Examination =>
    examineStages(readRegisters(each, init ?? null, asked), stages, asked);
  const examination = examine(columns, question);
  return conclude({
    question,
    algorithm: `Elle, rw-register (${["initial", ...(stages.at(-1) as Stage).sources].join(", ")})`,
    examination,
    examine: (each) => examine(each, withoutLimit(question)),
    words: new Words(examination.transactions),
    repeated: "duplicate-writes",
  });
}

/**
 * Examines with all sources. If that finds anything, then with the fewest sources that find something which the model
 * forbids: it rests on no more than those. (A value that nobody wrote is no reason to stop: it needs no order.)
 */
function examineStages(read: Read, stages: readonly Stage[], question: Question): Examination {
  const last = examineRegisters(read, stages.at(-1) as Stage, question);
  if (stages.length === 1 || last.counts.size === 0) return last;
  for (const stage of stages.slice(0, -1)) {
    const found = examineRegisters(read, stage, question);
    if ([...found.counts.keys()].some((name) => name !== "garbage-read" && ruledOut(found, name).has(question.model)))
      return found;
  }
  return last;
}

interface Read {
  readonly transactions: Transactions;
  readonly versions: RegisterVersions;
}

function readRegisters(columns: Columns, init: null | string | number | boolean, question: Question): Read {
  const initial = columns.tape.scalarWord(init);
  const transactions = transactionsOf(columns, { write: "w", initial });
  requireInvocations(transactions, question);
  return { transactions, versions: registerVersions(transactions, initial) };
}

function examineRegisters(
  { transactions, versions }: Read,
  { sources, assumed }: Stage,
  question: Question,
): Examination {
  const findings = new Findings((name) => nameIn(assumed, name));
  const words = new Words(transactions);
  const context: RegisterContext = { transactions, versions, findings, words };
  garbageRegisterReads(context);
  abortedRegisterReads(context);
  intermediateRegisterReads(context);
  internalRegisters(context);
  futureRegisterReads(context);
  lostRegisterUpdates(context);
  const order = versionOrder(transactions, versions, sources);
  const builder = new GraphBuilder(transactions.length, transactions.operations * 2);
  addRegisterEdges(transactions, versions, order, builder);
  const { orders, cancelled } = question;
  const reasons = registerReasons(transactions, versions, order, words);
  const cycles = addCycles({ transactions, findings, words, builder, reasons, orders, cancelled });
  // A circle of what is only assumed says least: it counts where there is no cycle of transactions.
  cyclicVersions(
    context,
    findings.cycles ? order.cyclic.filter(({ source }) => !assumed.includes(source)) : order.cyclic,
  );
  const instead = assumed.map((source) => OTHERWISE[source]);
  const unless = new Map(
    [...findings.counts.keys()].map((name) => [name, name === "garbage-read" ? [] : instead] as const),
  );
  return { transactions, counts: findings.counts, found: findings.found, ...cycles, unless };
}

/** What is only found because an order is assumed of the versions of each key, rests on that order. */
function nameIn(assumed: readonly Source[], name: string): string | undefined {
  const last = assumed.at(-1);
  if (last === undefined || last === "wfr-keys") return name;
  // Whose guarantee it is that a session has not got depends on the true order of the versions.
  if (name.endsWith("-violation")) return undefined;
  return withOrder(name, last === "linearizable-keys" ? "realtime" : "process");
}
