/** Several analyses of one history as one: broken outranks unknown, and unknown outranks a pass. */
import type { Json } from "../history/operation.ts";
import type { Analysis, Anomaly } from "./analysis.ts";

/** The analyses by their verdicts: false before unknown before true, and otherwise as they stood. */
export function worstFirst<Judged extends Pick<Analysis, "valid">>(analyses: readonly Judged[]): Judged[] {
  const rank = ({ valid }: Judged): number => (valid === false ? 0 : valid === "unknown" ? 1 : 2);
  return analyses.toSorted((a, b) => rank(a) - rank(b));
}

/**
 * One analysis for all: the verdict, the reason and the witness are those of the worst (of several, the first).
 * Anomalies are called `NAME/ANOMALY`, and figures are by name.
 * @param analyses of the same history, each under a name of its own, such as `{ reads: monotonic(columns, {}), all:
 * stats(columns, {}) }`.
 * @throws TypeError when there are none: nothing was judged.
 */
export function compose(analyses: { readonly [name: string]: Analysis }): Analysis {
  const all = Object.entries(analyses);
  const [worst] = worstFirst(all.map(([name, analysis]) => ({ name, analysis, valid: analysis.valid })));
  if (worst === undefined) throw new TypeError("there are no analyses to compose; give at least one");
  const renamed = <Value>(
    part: (analysis: Analysis) => { readonly [name: string]: Value },
  ): { [name: string]: Value } =>
    Object.fromEntries(
      all.flatMap(([name, analysis]) =>
        Object.entries(part(analysis)).map(([anomaly, value]) => [`${name}/${anomaly}`, value]),
      ),
    );
  const alsoNot = union(all.map(([, analysis]) => analysis.alsoNot ?? []));
  const figures = all.flatMap(([name, each]) => (each.figures === undefined ? [] : [[name, each.figures] as const]));
  return {
    valid: worst.valid,
    ...(worst.analysis.vacuous === true ? { vacuous: true as const } : undefined),
    reason: `${worst.name}: ${worst.analysis.reason}`,
    algorithm: union(all.map(([, { algorithm }]) => [algorithm])).join(", "),
    operations: Math.max(...all.map(([, { operations }]) => operations)),
    anomalies: renamed<readonly Anomaly[]>(({ anomalies }) => anomalies),
    counts: renamed<number>(({ counts }) => counts),
    not: union(all.map(([, { not }]) => not)),
    ...(alsoNot.length > 0 ? { alsoNot } : undefined),
    witness: worst.analysis.witness,
    ...(figures.length > 0 ? { figures: Object.fromEntries(figures) as { [name: string]: Json } } : undefined),
  };
}

function union(lists: readonly (readonly string[])[]): string[] {
  return [...new Set(lists.flat())];
}
