/**
 * What is expected of the locks that redquake brings along, beyond the references that campaigns name, by lock,
 * campaign and claim. A known bug breaks its claim, and the lock without the bug keeps it; the rest was seen to be so
 * with the very versions. Nothing is expected of what does not stand here. A run that contradicts it has learnt
 * something.
 */
import type { DeclaredClaim } from "../../declare/declare.ts";
import { KNOWN_BUGS } from "./known-bugs.ts";

type Expected = NonNullable<DeclaredClaim["expect"]>;
type Expectations = { readonly [campaign: string]: { readonly [claim: string]: Expected } };

const SEEN: { readonly [lock: string]: Expectations } = {
  "redlock@4.2.0": {
    "redlock-slow-extension": { belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redlock@5.0.0-beta.2": {
    "redlock-slow-replies": { belief: "holds" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "@sesamecare-oss/redlock@1.4.0": {
    "redlock-contention": { progress: "broken" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-slow-replies": { belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redlock-universal@0.8.5": {
    "redlock-lost-reply": { progress: "broken" },
    "redlock-slow-extension": { belief: "holds" },
    "redlock-slow-replies": { belief: "holds" },
    "redlock-cut-off-holder": { belief: "holds", resource: "holds" },
  },
  "redis-semaphore/RedlockMutex@5.8.0": {
    "redlock-slow-replies": { grant: "broken" },
    "redlock-cut-off-holder": { belief: "broken", resource: "broken" },
  },
  "redis-semaphore/Mutex@5.3.0": {
    "lock-cut-off-holder": { belief: "broken", resource: "broken" },
  },
  "redis-semaphore/Mutex@5.8.0": {
    "lock-lost-reply": { progress: "broken" },
    "lock-cut-off-holder": { resource: "broken" },
    "lock-late-refresh": { belief: "holds" },
    "lock-plain-delete": { release: "holds" },
  },
  "redis-lock@1.0.0": {
    "lock-plain-delete": { release: "broken" },
  },
  "node-redis-warlock@1.0.2": {
    "lock-lost-reply": { progress: "broken" },
  },
  "redlock/once@4.2.0": {
    "redlock-long-wait": { "false-loss": "holds" },
  },
  "redlock/once@5.0.0-beta.2": {
    "redlock-long-wait": { "false-loss": "holds" },
  },
  "redlock/using@5.0.0-beta.2": {
    "redlock-slow-refresh": { belief: "broken" },
  },
  "@sesamecare-oss/redlock/using@1.4.0": {
    "redlock-slow-refresh": { belief: "holds" },
  },
};

/** One that was seen, or follows from a known bug. */
export interface Expectation {
  readonly lock: string;
  readonly campaign: string;
  readonly claim: string;
  readonly expect: Expected;
}

/** All of them. What several known bugs are compared with is there several times. */
export const EXPECTATIONS: readonly Expectation[] = [
  ...KNOWN_BUGS.flatMap(({ lock, campaign, claim, without }): Expectation[] => [
    { lock, campaign, claim, expect: "broken" },
    ...(without === undefined ? [] : [{ lock: without, campaign, claim, expect: "holds" } as const]),
  ]),
  ...Object.entries(SEEN).flatMap(([lock, campaigns]) =>
    Object.entries(campaigns).flatMap(([campaign, claims]) =>
      Object.entries(claims).map(([claim, expect]): Expectation => ({ lock, campaign, claim, expect })),
    ),
  ),
];

const BY_KEY = new Map(EXPECTATIONS.map((each) => [keyOf(each.lock, each.campaign, each.claim), each.expect]));

function keyOf(...names: readonly string[]): string {
  return JSON.stringify(names);
}

export function expectationOf(lock: string, campaign: string, claim: string): Expected | undefined {
  return BY_KEY.get(keyOf(lock, campaign, claim));
}
