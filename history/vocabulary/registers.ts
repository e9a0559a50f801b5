/** What the clients of registers and sets record: pairs of a key and a value. */
import { z } from "zod";
import type { Vocabulary } from "./operation-values.ts";

const KEY = z.string();
const NUMBER = z.tuple([KEY, z.number()]);
/** A read is asked for with null in the place of what it will find. */
const READ = z.tuple([KEY, z.null()]);

export const REGISTER = {
  read: { invoke: READ, ok: z.tuple([KEY, z.number().nullable()]) },
  write: { invoke: NUMBER, ok: NUMBER },
} as const satisfies Vocabulary;

export const SET = {
  add: { invoke: NUMBER, ok: NUMBER },
  read: { invoke: READ, ok: z.tuple([KEY, z.array(z.number())]) },
} as const satisfies Vocabulary;
