/**
 * The published entry point `redquake/vitest`: loading it gives vitest's `expect` matchers for runs and histories.
 * @module redquake/vitest
 */
import { expect } from "vitest";
import { toBeLinearizable, toBeSerializable } from "./history-matchers.ts";
import type { HistoryMatchers } from "./history-matchers.ts";
import { toBreak, toHold } from "./run-matchers.ts";
import type { RunMatchers } from "./run-matchers.ts";

export type { HistoryMatchers, RunMatchers };

expect.extend({ toHold, toBreak, toBeLinearizable, toBeSerializable });

declare module "vitest" {
  // The parameters must be those of vitest's own declaration.
  interface Matchers<R extends void | Promise<void> = void | Promise<void>, T = unknown>
    extends RunMatchers<R>, HistoryMatchers<R>, Record<never, T> {}
}
