/**
 * Whether the users of a cache get what the store has: in the end, never an older version than they had, nothing that
 * nobody wrote, and nothing that is stale while the cache says that it is fresh.
 *
 * A cache that is told of changes is a little behind, which is why claims on staleness have a grace: stale is only what
 * was proved to be older than all that the store had since then. Client-side caching: when a connection is lost the
 * copies have to go (https://redis.io/docs/latest/develop/reference/client-side-caching/).
 */
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import { checkerOf } from "../kit/checker-of.ts";
import { always } from "../kit/exercise.ts";
import { milliseconds, moment, tooFew } from "../kit/words.ts";
import { CACHE_OPTIONS } from "./claim.ts";
import type { CacheClaim } from "./claim.ts";
import { convergence } from "./convergence.ts";
import { goingBack } from "./going-back.ts";
import { phantoms } from "./phantoms.ts";
import { cacheRecords } from "./records.ts";
import type { KeyRecords, Look, Write } from "./records.ts";
import { staleness } from "./staleness.ts";

export const cache = checkerOf({
  name: "cache",
  options: CACHE_OPTIONS,
  exercise: always("succeeded", ["read"], "final"),
  check,
});

function check(history: History, claim: CacheClaim): CheckResult {
  const keys = cacheRecords(history);
  const result = judge(history, keys, claim);
  if (result.verdict === "vacuous" || claim.property === "no-phantom" || claim.store === "may-lose") return result;
  const lost = lossIn(keys);
  if (lost === undefined) return result;
  return { ...result, verdict: "unknown", reason: sentenceOf(lost), findings: [], count: 0 };
}

function judge(history: History, keys: readonly KeyRecords[], claim: CacheClaim): CheckResult {
  const acknowledged = keys.flatMap(({ inOrder }) => inOrder).filter(({ outcome }) => outcome === "ok").length;
  const reads = keys.reduce((sum, each) => sum + [...each.reads.values()].reduce((n, some) => n + some.length, 0), 0);
  const tooSmall =
    tooFew(reads, claim.minReads, "get was answered", "gets were answered") ??
    tooFew(acknowledged, 1, "write was acknowledged", "writes were acknowledged");
  const figures = { reads, "acknowledged writes": acknowledged, keys: keys.length };
  const given = { history, keys, claim, tooSmall, figures };
  switch (claim.property) {
    case "converges":
      return convergence(given);
    case "never-back":
      return goingBack(given);
    case "no-phantom":
      return phantoms(given);
    case "fresh-when-it-says-so":
      return staleness(given, "fresh");
    case "never-stale":
      return staleness(given, "all");
  }
}

interface Loss {
  readonly key: string;
  readonly write: Write;
  readonly look: Look;
}

/** A look at the store that found an older version than one that had been acknowledged before the look began. */
function lossIn(keys: readonly KeyRecords[]): Loss | undefined {
  for (const { key, inOrder, looks, writes } of keys) {
    const stored = inOrder.filter(({ outcome }) => outcome === "ok");
    let next = 0;
    let newest: Write | undefined;
    for (const look of looks) {
      for (let write = stored[next]; write !== undefined && write.stored < look.from; write = stored[next]) {
        newest = write;
        next += 1;
      }
      const { version } = look;
      if (newest === undefined || version === undefined || version >= newest.version) continue;
      // What nobody knows to have failed may be carried out at any later time.
      if (writes.get(version)?.outcome !== "info") return { key, write: newest, look };
    }
  }
  return undefined;
}

function sentenceOf({ key, write, look }: Loss): string {
  const found = look.version === 0 ? "nothing" : `version ${look.version}`;
  return (
    `The store itself does not have what it acknowledged: version ${write.version} of ${key} was acknowledged at ${moment(write.stored)}, ` +
    `and a look ${milliseconds(look.from - write.stored)} ms later found ${found} there. Nobody can say what a copy should be.`
  );
}
