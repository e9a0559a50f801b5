/** All specimens. */
import { clientClock } from "./client-clock.ts";
import { constantToken } from "./constant-token.ts";
import { expiresOthersByOwnClock } from "./expires-others-by-own-clock.ts";
import { extensionIgnoresErrors } from "./extension-ignores-errors.ts";
import { extendsExpired } from "./extends-expired.ts";
import { extendsFromAnswer } from "./extends-from-answer.ts";
import { extendsUnchecked } from "./extends-unchecked.ts";
import { getThenDelete } from "./get-then-delete.ts";
import { getThenSet } from "./get-then-set.ts";
import { halfQuorum } from "./half-quorum.ts";
import { keepsFailedAttempts } from "./keeps-failed-attempts.ts";
import { majorityExtendsFromAnswer } from "./majority-extends-from-answer.ts";
import { majorityGetThenSet } from "./majority-get-then-set.ts";
import { noElapsedCheck } from "./no-elapsed-check.ts";
import { noTtl } from "./no-ttl.ts";
import { plainDelete } from "./plain-delete.ts";
import { randomToken } from "./random-token.ts";
import { reacquiresInRefresh } from "./reacquires-in-refresh.ts";
import { setnxThenExpire } from "./setnx-then-expire.ts";
import type { Specimen } from "./specimen.ts";
import { tokenApart } from "./token-apart.ts";
import { tokenReplicated } from "./token-replicated.ts";
import { ttlFromEnd } from "./ttl-from-end.ts";
import { watchdogCountsFromAnswer } from "./watchdog-counts-from-answer.ts";
import { watchdogEndsAtError } from "./watchdog-ends-at-error.ts";
import { watchdogIgnoresErrors } from "./watchdog-ignores-errors.ts";

export const specimens: readonly Specimen[] = [
  plainDelete,
  getThenDelete,
  setnxThenExpire,
  noTtl,
  ttlFromEnd,
  extendsUnchecked,
  extendsExpired,
  extendsFromAnswer,
  getThenSet,
  extensionIgnoresErrors,
  reacquiresInRefresh,
  watchdogIgnoresErrors,
  watchdogCountsFromAnswer,
  watchdogEndsAtError,
  tokenApart,
  tokenReplicated,
  constantToken,
  randomToken,
  clientClock,
  expiresOthersByOwnClock,
  halfQuorum,
  noElapsedCheck,
  keepsFailedAttempts,
  majorityExtendsFromAnswer,
  majorityGetThenSet,
];

/** What is wrong with the lock of that name; undefined when it is no specimen. */
export function flawOf(name: string): string | undefined {
  return specimens.find(({ lock }) => lock.name === name)?.flaw;
}
