/** What is checked of the adapter of a client. */

/** The checks, in the order in which they are made. */
export const CONFORMANCE = {
  "asks-servers": "its commands get to the servers that it is given",
  replies: "gives the servers' replies",
  "many-at-once": "has many calls open at a time",
  rejects: "rejects when the server refuses",
  "tells-refusals": "tells what was refused from what nobody knows",
  transaction: "sends transactions",
  pipeline: "sends pipelines",
  blocking: "waits at the server",
  closes: "closes",
} as const;

export type CheckId = keyof typeof CONFORMANCE;
