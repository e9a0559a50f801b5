/** The options of the lock workload. */
import { z } from "zod";
import type { OptionsOf } from "../role.ts";
import { ms, timerMs } from "../role.ts";
import { EXTEND_AT } from "./turn.ts";

const RESOURCE = {
  key: z.string().default("lock:a").describe("the lock, and what it protects"),
  fenced: z.boolean().default(true).describe("whether the resource refuses older tokens, where the lock has some"),
  compares: z
    .boolean()
    .default(false)
    .describe("whether the resource refuses a write from any client but the one that read last"),
};

export const CLIENT_OPTIONS = {
  ...RESOURCE,
  lock: z.string().default("").describe("a lock that redquake brings along, such as `redlock@4.2.0`"),
  adapter: z.json().optional().describe("an adapter instead: where its code is"),
  ttlMs: timerMs.describe("how long the lock lives"),
  retryMs: ms.default(40).describe("the pause between two attempts to get the lock"),
  waitMs: ms.default(10_000).describe("how long one acquire may wait for others"),
  thinkMs: ms.default(6).describe("the longest time in the critical section"),
  thinkAtLeastMs: ms.default(0).describe("the shortest time there"),
  idleMs: ms.default(6).describe("the longest time between two locks"),
  extendEveryMs: ms.optional().describe("how often the lock is extended in the critical section"),
  extendAt: z.enum(EXTEND_AT).optional().describe("the barrier after which the lock is extended once"),
  deadlineMs: ms.default(15_000).describe("how long a library may take to settle anything"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long redquake's own clients wait for a reply"),
  giveUpMs: timerMs.optional().describe("ioredis' `commandTimeout`, in both profiles"),
};

export const READER_OPTIONS = {
  ...RESOURCE,
  survey: z
    .boolean()
    .default(false)
    .describe("whether the reader counts the servers' commands, and looks in the end at what is left there"),
};

export type ClientOptions = OptionsOf<typeof CLIENT_OPTIONS>;
export type ResourceOptions = Pick<ClientOptions, keyof typeof RESOURCE>;
