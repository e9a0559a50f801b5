/** What is checked of the adapter of a leader election. */

/** The checks, in the order in which they are made. */
export const CONFORMANCE = {
  "asks-servers": "asks the servers that it is given",
  elects: "elects somebody, and tells it",
  "says-so": "says that the elected one leads",
  "one-leader": "elects one at a time",
  "stays-elected": "leads for longer than a term",
  "told-once": "tells of an election once",
  "resign-frees": "a resignation makes way for another",
  expires: "another is elected when the leader's term is lost",
  "token-rises": "the fencing token rises",
  closes: "closes",
} as const;

export type CheckId = keyof typeof CONFORMANCE;
