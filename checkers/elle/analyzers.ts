/** The checkers of transactions. */
import { analyzersOf } from "../kit/consistency-checker.ts";
import { listAppendChecker } from "./list-append.ts";
import { rwRegisterChecker } from "./rw-register.ts";

export const ELLE = [listAppendChecker, rwRegisterChecker];

export const ELLE_ANALYZERS = analyzersOf(ELLE);
