/** Grants that came after an attempt which had taken longer than the lock was to live. */
import { numberIn } from "../../../history/vocabulary/read.ts";
import type { Grant } from "./grants.ts";
import { duration } from "../../kit/words.ts";

/**
 * Whether a lock was over, counted from before the request, when its client was told of it. Both numbers must be on
 * record. A client that was made to wait by another holder, as blocking libraries do, may have been granted the lock at
 * the end of its attempt: of that nothing is said.
 * @param grants all of the same key
 */
export function outlasted(grant: Grant, grants: readonly Grant[]): boolean {
  const { ok, asked, ttl } = grant;
  if (ttl === undefined || numberIn(ok, "attemptMs") === undefined || ok.time - asked <= ttl) return false;
  return !grants.some((other) => other !== grant && other.ok.time <= asked && other.end.time > asked);
}

/** The end of a sentence about grants, for those of them that were over before they were told. */
export function attemptsSaid(told: readonly Grant[], grants: readonly Grant[]): string {
  return told
    .filter((grant) => outlasted(grant, grants))
    .map(
      ({ who, ok, asked, ttl = 0 }) =>
        `; ${who}'s attempt had outlasted its own lock (it took ${duration(ok.time - asked)}, and the lock lives for ${duration(ttl)}): counted from before the request, it was over when ${who} got it`,
    )
    .join("");
}
