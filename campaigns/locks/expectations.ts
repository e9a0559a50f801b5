/**
 * What is expected of the locks that redquake brings along, beyond the references that campaigns name: by lock, campaign and claim. It was seen to be so with the very
 * versions; of whatever does not stand here nothing is expected. A run that contradicts it has learnt something.
 */
import type { Claim } from "../../history/plan.ts";

type Expected = NonNullable<Claim["expect"]>;
type Expectations = { readonly [campaign: string]: { readonly [claim: string]: Expected } };

const EXPECTATIONS: { readonly [lock: string]: Expectations } = {
  "redlock@4.2.0": {
    "redlock-slow-replies": { promise: "holds", belief: "holds" },
    "redlock-failed-extension": { belief: "broken" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redlock@5.0.0-beta.2": {
    "redlock-slow-replies": { promise: "broken", belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "@sesamecare-oss/redlock@1.4.0": {
    "redlock-slow-replies": { promise: "broken", belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redlock-universal@0.8.5": {
    "redlock-slow-replies": { promise: "holds", belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redis-semaphore/RedlockMutex@5.8.0": {
    "redlock-slow-replies": { promise: "broken", belief: "broken" },
    "redlock-cut-off-holder": { belief: "broken", resource: "broken" },
  },
  "redis-semaphore/Mutex@5.3.0": {
    "lock-cut-off-holder": { belief: "broken", resource: "broken" },
    "lock-late-refresh": { belief: "broken" },
  },
  "redis-semaphore/Mutex@5.8.0": {
    "lock-cut-off-holder": { belief: "broken", resource: "broken" },
    "lock-late-refresh": { belief: "holds" },
    "lock-plain-delete": { release: "holds", promise: "holds" },
  },
  "redis-lock@1.0.0": {
    "lock-plain-delete": { release: "broken", promise: "broken" },
  },
  "simple-redis-mutex@3.0.0": {
    "lock-slow-replies": { "token-order": "broken" },
  },
};

export function expectationOf(lock: string, campaign: string, claim: string): Expected | undefined {
  return EXPECTATIONS[lock]?.[campaign]?.[claim];
}
