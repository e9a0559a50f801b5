/**
 * Checkers of whole histories as checkers of a campaign's claims, whose history is about other things too: each family
 * of them is one, and the claim names the model.
 */
import { z } from "zod";
import type { Columns } from "../history/columns/columns.ts";
import { onlyOperations, withoutLines } from "../history/columns/view.ts";
import type { Json } from "../history/operation.ts";
import { MisuseError } from "./analysis.ts";
import type { CheckResult, Checker } from "./checker.ts";
import { ELLE } from "./elle/analyzers.ts";
import { INVARIANTS } from "./invariants/analyzers.ts";
import { LINEARIZABILITY } from "./linearizability/analyzers.ts";
import type { OfPrograms } from "./kit/budget.ts";
import { namedChecker } from "./kit/checker-of.ts";
import type { ConsistencyChecker } from "./kit/consistency-checker.ts";
import { resultOf } from "./kit/consistency-checker.ts";
import { namedBy } from "./kit/exercise.ts";
import { readOptions } from "./kit/options.ts";
import type { LockSubject } from "./lock/subject.ts";
import { tooFew } from "./kit/words.ts";

/** A run must end; what it takes longer to decide is unknown. */
const DEFAULT_TIME_MS = 60_000;

/** What a claim says besides the options of its model. */
const PART = {
  minOperations: z.int().min(1).default(1).describe("With fewer operations than this, the test was too small"),
  operations: z
    .array(z.string())
    .nonempty()
    .optional()
    .describe("Only operations of these names are looked at; all unless it is given"),
  keys: z
    .array(z.string())
    .nonempty()
    .optional()
    .describe("Only operations on these keys, whose values are `[key, value]`; all unless it is given"),
};

/** The options of a claim: those of the model that it names, and which part of the run it is about. */
type FamilyOptions<Member extends ConsistencyChecker> =
  Member extends ConsistencyChecker<infer Name, infer Schema>
    ? { readonly model: Name } & z.input<z.ZodObject<typeof PART>> & Omit<z.input<Schema>, OfPrograms>
    : never;

export interface Family<Name extends string, Member extends ConsistencyChecker> extends Checker<
  Name,
  z.ZodType<unknown, FamilyOptions<Member>>
> {
  /** One for each model. */
  readonly members: readonly Member[];
}

/** The history is linearizable. */
export const linearizableClaim = familyOf("linearizable", LINEARIZABILITY, ({ operations }) =>
  // A lock that is no mutex was granted twice.
  Array.isArray(operations) && (operations as readonly unknown[]).includes("acquire") ? { level: "grant" } : undefined,
);

/** Nothing is found that the `consistencyModel` forbids. */
export const elleClaim = familyOf("elle", ELLE);

/** What the model names is true of the history. */
export const invariantClaim = familyOf("invariant", INVARIANTS);

export const FAMILIES: readonly { readonly name: string; readonly members: readonly ConsistencyChecker[] }[] = [
  linearizableClaim,
  elleClaim,
  invariantClaim,
];

function familyOf<const Name extends string, Member extends ConsistencyChecker>(
  name: Name,
  members: readonly Member[],
  lock?: (options: { readonly [key: string]: unknown }) => LockSubject | undefined,
): Family<Name, Member> {
  const byModel = new Map<string, Member>(members.map((member) => [member.name, member]));
  // The options of a model are read by the model itself.
  const schema = z.looseObject({ model: z.enum([...byModel.keys()]).describe("What the operations are"), ...PART });
  const known = { name, members, options: schema as z.ZodType as Family<Name, Member>["options"], lock };
  return namedChecker({ ...known, exercise: namedBy("operations") }, (history, options): CheckResult => {
    const { model, minOperations, operations, keys, ...rest } = readOptions(name, schema, options);
    const { analyze } = byModel.get(model) as Member;
    try {
      const columns = columnsAbout(withoutLines(history.columns), operations, keys);
      const { analysis, ...result } = resultOf(analyze(columns, { timeMs: DEFAULT_TIME_MS, ...rest }));
      if (result.verdict === "broken") return result;
      const few = tooFew(analysis?.operations ?? 0, minOperations, "operation", "operations");
      return few === undefined ? result : { ...result, verdict: "vacuous", reason: few };
    } catch (error) {
      // The other claims of the run read other operations.
      if (!(error instanceof MisuseError)) throw error;
      const reason = `The history is not one of the model ${model}: ${error.message}.`;
      return { verdict: "unknown", reason, findings: [], count: 0, figures: {} };
    }
  });
}

/** A key as claims name it. */
function asText(key: Json): string {
  return typeof key === "string" ? key : JSON.stringify(key);
}

/** All events, so that each keeps its index; operations about something else belong to no client. */
function columnsAbout(
  columns: Columns,
  names: readonly string[] | undefined,
  keys: readonly string[] | undefined,
): Columns {
  if (names === undefined && keys === undefined) return columns;
  const { tape, f, value } = columns;
  const isNamed = columns.names.map((name) => names === undefined || names.includes(name));
  const isOfKey = (at: number): boolean =>
    keys === undefined || (tape.isArray(at) && tape.count(at) > 0 && keys.includes(asText(tape.json(tape.first(at)))));
  return onlyOperations(
    columns,
    (invocation) => isNamed[f[invocation] ?? 0] === true && isOfKey(value[invocation] ?? 0),
  );
}
