/**
 * What is expected of the locks that redquake brings along, beyond the references that campaigns name: by lock, campaign and claim. It was seen to be so with the very
 * versions; of whatever does not stand here nothing is expected. A run that contradicts it has learnt something.
 */
import type { Claim } from "../../../history/plan.ts";

type Expected = NonNullable<Claim["expect"]>;
type Expectations = { readonly [campaign: string]: { readonly [claim: string]: Expected } };

const EXPECTATIONS: { readonly [lock: string]: Expectations } = {
  "redlock@4.2.0": {
    "redlock-minority-silent": { progress: "broken" },
    "redlock-lost-reply": { progress: "holds" },
    "redlock-late-request": { progress: "holds" },
    "redlock-slow-replies": { promise: "holds", belief: "holds" },
    "redlock-failed-extension": { belief: "broken" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redlock@5.0.0-beta.2": {
    "redlock-lost-reply": { progress: "broken" },
    "redlock-slow-replies": { promise: "broken", belief: "holds" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "@sesamecare-oss/redlock@1.4.0": {
    "redlock-contention": { progress: "broken" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-slow-replies": { promise: "broken", belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redlock-universal@0.8.5": {
    "redlock-lost-reply": { progress: "broken" },
    "redlock-late-request": { progress: "broken" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-slow-replies": { promise: "holds", belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redis-semaphore/RedlockMutex@5.8.0": {
    "redlock-minority-silent": { progress: "broken" },
    "redlock-slow-replies": { promise: "broken", belief: "broken" },
    "redlock-cut-off-holder": { belief: "broken", resource: "broken" },
  },
  "redis-semaphore/Mutex@5.3.0": {
    "lock-cut-off-holder": { belief: "broken", resource: "broken" },
    "lock-late-refresh": { belief: "broken" },
  },
  "redis-semaphore/Mutex@5.8.0": {
    "lock-lost-reply": { refusal: "broken", progress: "broken" },
    "lock-cut-off-holder": { belief: "broken", resource: "broken" },
    "lock-late-refresh": { belief: "holds" },
    "lock-plain-delete": { release: "holds", promise: "holds" },
  },
  "redis-lock@1.0.0": {
    "lock-plain-delete": { release: "broken", promise: "broken" },
  },
  "simple-redis-mutex@3.0.0": {
    "lock-extension-after-expiry": { "extension: extended by its holder": "broken" },
    "lock-slow-replies": { "token-order": "broken" },
  },
  "redis-semaphore/Mutex@5.5.0": {
    "lock-release-in-refresh": { "false-loss": "broken" },
  },
  "redis-semaphore/Mutex@5.5.1": {
    "lock-release-in-refresh": { "false-loss": "holds" },
  },
  "node-redis-warlock@1.0.2": {
    "lock-lost-reply": { refusal: "holds", progress: "broken" },
  },
  "@microfleet/ioredis-lock@6.0.1": {
    "lock-extension-after-expiry": { "extension: extended by its holder": "holds" },
    "lock-late-request": { progress: "broken" },
  },
  retracting: {
    "lock-late-request": { progress: "holds" },
  },
  "redlock/once@4.2.0": {
    "redlock-long-wait": { "false-loss": "holds", "prompt-answer": "broken" },
  },
  "redlock/once@5.0.0-beta.2": {
    "redlock-long-wait": { "false-loss": "holds", "prompt-answer": "holds" },
  },
  "redlock/using@5.0.0-beta.2": {
    "redlock-slow-refresh": { belief: "broken" },
    "redlock-long-wait": { "false-loss": "broken" },
  },
  "@sesamecare-oss/redlock/using@1.4.0": {
    "redlock-slow-refresh": { belief: "holds" },
    "redlock-long-wait": { "false-loss": "holds" },
  },
};

export function expectationOf(lock: string, campaign: string, claim: string): Expected | undefined {
  return EXPECTATIONS[lock]?.[campaign]?.[claim];
}
