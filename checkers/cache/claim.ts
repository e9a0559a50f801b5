/** What is claimed of a cache, and what the claim is judged by. */
import { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult } from "../checker.ts";
import type { KeyRecords } from "./records.ts";

const PROPERTIES = ["converges", "never-back", "no-phantom", "fresh-when-it-says-so", "never-stale"] as const;

export const CACHE_OPTIONS = z.strictObject({
  property: z.enum(PROPERTIES).describe("What is claimed of the copies"),
  boundMs: z
    .number()
    .positive()
    .default(2_000)
    .describe("For `converges`: how long after the last write and the last heal a copy may be wrong"),
  graceMs: z.number().nonnegative().default(1_000).describe("How long a message to a cache may be on its way"),
  behindMs: z
    .number()
    .nonnegative()
    .default(0)
    .describe("How far behind a copy may be by the cache's own options, beside that"),
  store: z
    .enum(["keeps", "may-lose"])
    .default("keeps")
    .describe("Whether the store keeps what it acknowledged; a failover, or a restart without data, may lose it"),
  minReads: z.int().min(1).default(50).describe("Fewer gets than this, and the test was too small"),
});

export type CacheClaim = z.output<typeof CACHE_OPTIONS>;

/** What a property is judged by. */
export interface Given {
  readonly history: History;
  readonly keys: readonly KeyRecords[];
  readonly claim: CacheClaim;
  /** Why the test was too small, where it was. */
  readonly tooSmall: string | undefined;
  readonly figures: CheckResult["figures"];
}
