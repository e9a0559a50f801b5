/**
 * Accounts between which money is transferred: every read of all of them must sum up to the same total. Jepsen's bank
 * test.
 */
import { z } from "zod";
import type { Columns } from "../../history/columns/columns.ts";
import type { Json } from "../../history/operation.ts";
import { MisuseError } from "../analysis.ts";
import { NEVER } from "../linearizability/entries.ts";
import { counted } from "../kit/words.ts";
import { invariantChecker, eventsOfCalls, placeOf, shown } from "./invariant.ts";

interface Wrong {
  readonly name: string;
  readonly problem: string;
  /** How bad it is, for the order of the anomalies. */
  readonly weight: number;
}

/**
 * `read` → object of accounts and balances; other operations, such as `transfer`, are ignored. Options: `total`, what
 * each read must sum up to; `accounts`, the only ones that there are (default: any); `negativeBalances`, whether they
 * may be (default false). Sound for snapshot isolation and stronger, and not complete: a wrong read may sum up by
 * chance.
 * @throws MisuseError for a read that is no object, and for balances that are not whole numbers: their sums would not
 * be exact, and a right read could look wrong.
 */
export const bank = invariantChecker({
  name: "bank",
  algorithm: "sum of each read; sound, not complete",
  options: {
    total: z.int().describe("What each read must sum up to"),
    accounts: z
      .array(z.string())
      .nonempty()
      .optional()
      .describe("The only accounts that there are; any unless it is given"),
    negativeBalances: z.boolean().default(false).describe("Whether balances may be below 0"),
  },
  operations: () => ["read"],
  ignoresOthers: true,
  judge(parts, { total, accounts, negativeBalances }, findings, columns) {
    let reads = 0;
    for (const part of parts) {
      const { length, call, ret, output } = part.entries;
      const wrong: (Wrong & { readonly read: number })[] = [];
      for (let read = 0; read < length; read += 1) {
        if (ret[read] === NEVER) continue;
        reads += 1;
        const at = output[read] ?? 0;
        if (!columns.tape.isObject(at))
          throw new MisuseError(
            `bank: a read must be an object of accounts and balances, not ${shown(columns, at)}`,
            ret[read],
            columns,
          );
        const balances = Object.entries(columns.tape.json(at) as { readonly [account: string]: Json });
        requireExact(columns, balances, ret[read] ?? 0);
        const problem = problemOf(balances, total, accounts, negativeBalances);
        if (problem !== undefined) wrong.push({ ...problem, read });
      }
      wrong.sort((a, b) => b.weight - a.weight);
      for (const { name, problem, read } of wrong)
        findings.add(name, part, () => ({
          sentence: `A read (${placeOf(columns, call[read] ?? 0)}) ${problem}.`,
          events: eventsOfCalls(columns, [call[read] ?? 0]),
          detail: { balances: columns.tape.json(output[read] ?? 0) },
        }));
    }
    return {
      figures: { reads },
      holds: `${counted(reads, "read")}, each with a total of ${total}`,
      unknown: reads === 0 ? "no read succeeded" : undefined,
    };
  },
});

/** @throws MisuseError where adding up the balances may round. */
function requireExact(columns: Columns, balances: readonly (readonly [string, Json])[], event: number): void {
  const refuse = (what: string): never => {
    throw new MisuseError(
      `bank: balances must be whole numbers whose sum is exact, and ${what}; count in the smallest unit, such as cents`,
      event,
      columns,
    );
  };
  let magnitude = 0;
  for (const [account, balance] of balances) {
    if (typeof balance !== "number") continue;
    if (!Number.isSafeInteger(balance)) refuse(`that of ${account} is ${balance}`);
    magnitude += Math.abs(balance);
    if (!Number.isSafeInteger(magnitude))
      refuse(`those up to ${account} add up to more than ${Number.MAX_SAFE_INTEGER}`);
  }
}

function problemOf(
  balances: readonly (readonly [string, Json])[],
  total: number,
  accounts: readonly string[] | undefined,
  negativeBalances: boolean,
): Wrong | undefined {
  const stranger = accounts === undefined ? undefined : balances.find(([account]) => !accounts.includes(account));
  if (stranger !== undefined)
    return { name: "unexpected-key", problem: `has the account ${stranger[0]}, which there is not`, weight: Infinity };
  const none = balances.find(([, balance]) => typeof balance !== "number");
  if (none !== undefined)
    return {
      name: "nil-balance",
      problem: `has ${JSON.stringify(none[1])} as the balance of ${none[0]}`,
      weight: Infinity,
    };
  const numbers = balances.map(([, balance]) => balance as number);
  const sum = numbers.reduce((all, balance) => all + balance, 0);
  if (sum !== total)
    return { name: "wrong-total", problem: `sums up to ${sum} instead of ${total}`, weight: Math.abs(sum - total) };
  const least = Math.min(0, ...numbers);
  if (negativeBalances || least >= 0) return undefined;
  return { name: "negative-value", problem: `has a balance of ${least}`, weight: -least };
}
