/** The analyses of transactions, as analyzers by their names. */
import type { Analyzer } from "../analysis.ts";
import { listAppend } from "./list-append.ts";
import { rwRegister } from "./rw-register.ts";

export const ELLE_ANALYZERS: ReadonlyMap<string, Analyzer> = new Map([
  ["list-append", listAppend],
  ["rw-register", rwRegister],
]);
