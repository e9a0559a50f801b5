/** What the searches for anomalies of registers have in common. */
import type { Findings } from "../findings.ts";
import type { Transactions } from "../transactions/transactions.ts";
import type { RegisterVersions } from "../versions/register-versions.ts";
import type { Words } from "../words/words.ts";

export interface RegisterContext {
  readonly transactions: Transactions;
  readonly versions: RegisterVersions;
  readonly findings: Findings;
  readonly words: Words;
}
