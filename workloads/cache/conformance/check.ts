/** What is checked of the adapter of a cache. */

/** The checks, in the order in which they are made. */
export const CONFORMANCE = {
  "writes-store": "writes the store that it is given",
  "gets-written": "gets what was written",
  "gets-null": "says that the store has none",
  "hears-set": "hears of writes through another cache",
  "hears-invalidate": "hears of writes that it is told of",
  "hears-direct": "hears of writes that nobody tells of",
  fresh: "says that it is fresh",
  "not-fresh": "does not say so while no server answers",
  "throws-when-refused": "does not swallow what servers refuse",
  closes: "closes",
} as const;

export type CheckId = keyof typeof CONFORMANCE;
