/** How a check came out, and what was seen. */
import type { ConformanceCheck } from "./check.ts";

export type Outcome = Omit<ConformanceCheck, "id" | "title">;

export const passed = (seen: string): Outcome => ({ state: "passed", seen });
export const failed = (seen: string): Outcome => ({ state: "failed", seen });
export const skipped = (seen: string): Outcome => ({ state: "skipped", seen });
