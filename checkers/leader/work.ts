/**
 * What reached the resource on which only the leader works, in the order of arrival: a piece of work under a term after
 * another term's work had arrived since the first one's began (`stale-work`). At least one of the two did not lead
 * alone; with fencing tokens it is known which. One pass over the log: O(n log n) for its order.
 */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { Operation } from "../../history/operation.ts";
import { numberIn, textField, textIn } from "../../history/vocabulary/read.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { clearest, conclude, notAbout } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import { counted, moment, tooFew } from "../kit/words.ts";
import type { Return } from "../lock/parts/arrivals.ts";
import { entriesOf, logsOf, missingFrom, returnsIn } from "../lock/parts/arrivals.ts";
import type { Term } from "./parts/candidates.ts";
import { candidatesOf, electionSaid, termsOf } from "./parts/candidates.ts";

const OPTIONS = z.strictObject({
  minTerms: z
    .int()
    .min(1)
    .default(2)
    .describe("Fewer terms than this under which work was done, and the test was too small"),
  fenced: z.boolean().default(false).describe("The claim is about fencing tokens: without any, nothing was tested"),
});

interface Context {
  readonly terms: ReadonlyMap<string, Term>;
  readonly works: ReadonlyMap<string, Operation>;
  readonly logs: ReadonlyMap<string, Operation>;
  readonly faults: ReadonlyMap<string, FaultRecord>;
}

/** Counts the pieces of work that should not have been accepted. */
export const leaderWork = checkerOf({
  name: "leader-work",
  options: OPTIONS,
  exercise: () => ({ f: ["work"], end: "succeeded", until: "load" }),
  check,
});

function check(history: History, { minTerms, fenced }: z.output<typeof OPTIONS>): CheckResult {
  const terms = termsOf(candidatesOf(history));
  const logs = logsOf(history);
  const works = history.operations.filter(({ f }) => f === "work");
  if (fenced && terms.length > 0 && !terms.some(({ token }) => token !== undefined))
    return notAbout("No election came with a fencing token, so nothing was fenced.", terms.length);
  const byKey = Map.groupBy(works, ({ invoke }) => textField(invoke, "key"));
  const gaps: string[] = [];
  const found: Return[] = [];
  const figures = { "accepted pieces of work": 0, "refused pieces of work": 0, "terms with work": 0 };
  for (const key of new Set([...byKey.keys(), ...logs.keys()])) {
    const seen = (byKey.get(key) ?? []).flatMap(({ completion }) => {
      const seq = completion?.type === "ok" ? numberIn(completion, "seq") : undefined;
      const grant = completion === undefined ? undefined : textIn(completion, "term");
      return seq === undefined || grant === undefined
        ? []
        : [{ key, seq, grant, op: "write", value: null, accepted: true } as const];
    });
    const log = logs.get(key);
    const entries = (log === undefined ? seen : entriesOf(key, log)).toSorted((a, b) => a.seq - b.seq);
    if (log === undefined) gaps.push(`the log of ${key} was never read`);
    else gaps.push(...missingFrom(entries, seen));
    const accepted = entries.filter((entry) => entry.accepted);
    found.push(...returnsIn(accepted));
    figures["accepted pieces of work"] += accepted.length;
    figures["refused pieces of work"] += entries.length - accepted.length;
    figures["terms with work"] += new Set(accepted.map(({ grant }) => grant)).size;
  }
  const context: Context = {
    terms: new Map(terms.map((term) => [term.id, term])),
    works: new Map(works.map((work) => [nameOf(textIn(work.invoke, "term"), numberIn(work.invoke, "value")), work])),
    logs,
    faults: faultsOf(history),
  };
  return conclude({
    history,
    findings: clearest(
      found,
      (a, b) => a.access.seq - b.access.seq,
      (each) => describe(each, context),
    ),
    count: found.length,
    broken: `${counted(found.length, "piece")} of work ${found.length === 1 ? "was" : "were"} accepted under a term after another leader's work had come since that term's first.`,
    vacuous: tooFew(
      figures["terms with work"],
      minTerms,
      "term had work that was accepted",
      "terms had work that was accepted",
    ),
    unknown:
      gaps.length === 0
        ? undefined
        : `What arrived at the resource is not fully known: ${gaps.slice(0, 3).join("; ")}.`,
    holds: `${counted(figures["accepted pieces of work"], "piece")} of work under ${counted(figures["terms with work"], "term")} arrived one term after the other; ${counted(figures["refused pieces of work"], "piece was", "pieces were")} refused.`,
    figures,
  });
}

function nameOf(term: string | undefined, value: number | undefined): string {
  return JSON.stringify([term, value]);
}

function describe({ first, between, access }: Return, { terms, works, logs, faults }: Context): Finding {
  const operationOf = ({ grant, value }: Return["access"]): Operation | undefined =>
    works.get(nameOf(grant, typeof value === "number" ? value : undefined));
  const [own, rival] = [terms.get(access.grant), terms.get(between.grant)];
  const told = [own, rival].filter((term) => term !== undefined).sort((a, b) => a.from - b.from);
  const sent = operationOf(access)?.invoke;
  const names = told.map(({ candidate }) => candidate.who);
  return {
    kind: "stale-work",
    sentence:
      `The resource ${access.key} accepted work under the term ${access.grant} (access ${access.seq}) although that of the term ${between.grant} had come in between (access ${between.seq}; the first of ${access.grant} was access ${first.seq}): ` +
      `${told.map((term) => electionSaid(term, moment)).join("; ")}${sent === undefined ? "" : `; it was sent at ${moment(sent.time)}`}` +
      `${alongside(faults, told[0]?.from ?? 0, sent?.time ?? Infinity, names)}.`,
    events: evidence(
      [
        own?.elected,
        rival?.elected,
        operationOf(first),
        operationOf(between),
        operationOf(access),
        logs.get(access.key),
      ].flatMap((each) => [each?.invoke, each?.completion]),
    ),
  };
}
