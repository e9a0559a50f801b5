/** The options of the leader workload. */
import { z } from "zod";
import type { OptionsOf } from "../role.ts";
import { ms, timerMs } from "../role.ts";

const RESOURCE = {
  key: z.string().default("leader:a").describe("the election, and the resource on which only its leader works"),
  fenced: z.boolean().default(true).describe("whether the resource refuses older tokens, where the leader has some"),
};

export const CANDIDATE_OPTIONS = {
  ...RESOURCE,
  leader: z.string().default("").describe("an election that redquake brings along, such as `lease`"),
  adapter: z.json().optional().describe("an adapter instead: where its code is"),
  termMs: timerMs.min(1).describe("how long a term lasts that is not renewed"),
  standAfterMs: ms.default(0).describe("how long after the load began the candidate stands first"),
  everyMs: ms.default(15).describe("the longest pause between two questions whether it leads"),
  resignAfterMs: ms.optional().describe("how long after its election a candidate resigns; without it, it never does"),
  awayMs: ms.default(300).describe("the longest time until a candidate that has resigned stands again"),
  deadlineMs: ms.default(15_000).describe("how long a library may take to settle anything"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long redquake's own clients wait for a reply"),
  giveUpMs: timerMs.optional().describe("ioredis' `commandTimeout`, in both profiles"),
};

export const OBSERVER_OPTIONS = {
  pollMs: ms.default(40).describe("how often each server is asked who leads"),
};

export const READER_OPTIONS = RESOURCE;

export type CandidateOptions = OptionsOf<typeof CANDIDATE_OPTIONS>;
