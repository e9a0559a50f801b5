/** The options that every checker of whole histories takes: the bounds of a check. */
import { z } from "zod";

export const BUDGET = {
  timeMs: z
    .number()
    .positive()
    .optional()
    .describe("What takes longer than so many milliseconds is `unknown`; in a claim 60000 unless it is given"),
  bytes: z
    .number()
    .positive()
    .optional()
    .describe("What needs more bytes of memory is `unknown`; 1 GiB unless it is given"),
  cancelled: z.custom<() => boolean>((value) => typeof value === "function", "must be a function").optional(),
};

/** What only a program can give to a check, and no plan. */
export type OfPrograms = "cancelled" | "share" | "searchOnly";
