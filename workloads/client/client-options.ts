/** The options of the client workload. */
import { z } from "zod";
import { CALL_COMMANDS } from "../../history/vocabulary/client.ts";
import type { OptionsOf } from "../role.ts";
import { keys, ms, timerMs } from "../role.ts";

/** How a caller loads its client. */
const LOADS = ["steady", "burst", "pipelines", "transactions", "blocking"] as const;

const SHARED = {
  keys: keys
    .default(["{a}", "{b}", "{c}", "{d}"])
    .describe("what is written to: each has a list, a stream and a count"),
  commands: z
    .array(z.enum(CALL_COMMANDS))
    .min(1)
    .readonly()
    .default(["RPUSH"])
    .describe("the commands that are sent, one after the other"),
};

export const CALLER_OPTIONS = {
  ...SHARED,
  client: z.string().default("").describe("a client that redquake brings along, such as `redis@6.3.1`"),
  adapter: z.json().optional().describe("an adapter instead: where its code is"),
  load: z
    .enum(LOADS)
    .default("steady")
    .describe("one call at a time, many in one tick, in pipelines or transactions, or one that waits at the server"),
  size: z.int().min(1).default(10).describe("how many commands a burst, a pipeline or a transaction has"),
  everyMs: ms.default(10).describe("the longest pause before the next call, burst or pipeline"),
  lookEveryMs: ms.optional().describe("how often a plain `GET` is sent besides, by the same client"),
  waitSeconds: z.number().positive().default(1).describe("how long a blocking command waits at the server"),
  deadlineMs: ms.default(5_000).describe("how long a call may take before it counts as one that never settles"),
  commandTimeoutMs: timerMs.default(2_000).describe("how long redquake's own clients wait for a reply"),
  giveUpMs: timerMs.optional().describe("how long the client under test waits for a reply; default: its own"),
};

export const READER_OPTIONS = {
  ...SHARED,
  probeEveryMs: ms.optional().describe("how often it looks during the load, too"),
};

export type CallerOptions = OptionsOf<typeof CALLER_OPTIONS>;
export type ReaderOptions = OptionsOf<typeof READER_OPTIONS>;
