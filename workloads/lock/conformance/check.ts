/** What is checked of the adapter of a lock. */

/** The checks, in the order in which they are made. */
export const CONFORMANCE = {
  "asks-servers": "asks the servers that it is given",
  exclusive: "exclusive",
  "null-when-held": "says null when somebody else has the lock",
  "throws-when-refused": "does not say null when servers fail",
  "release-frees": "release frees the lock",
  "release-of-others": "release leaves another's lock alone",
  expires: "the lock expires without its holder",
  extends: "extends",
  "extends-own-only": "extends only what it holds",
  validity: "validity lies within the time to live",
  "reports-loss": "says so when the lock is lost",
  "token-rises": "the fencing token rises",
  "leaves-nothing": "leaves nothing behind",
  closes: "closes",
} as const;

export type CheckId = keyof typeof CONFORMANCE;
