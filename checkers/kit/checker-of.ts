/** Makes a checker of what it does and what must be known of it. */
import type { z } from "zod";
import type { History } from "../../history/history.ts";
import type { CheckResult, Checker } from "../checker.ts";
import { readOptions } from "./options.ts";
import { shownBySuccess } from "./success.ts";

export interface CheckerDeclaration<Name extends string, Schema extends z.ZodType> extends Pick<
  Checker<Name, Schema>,
  "name" | "options" | "exercise" | "lock"
> {
  /** Given options that the schema has read. */
  check(history: History, options: z.output<Schema>): CheckResult;
}

/** The checker holds only where some operation of a client succeeded. */
export function checkerOf<const Name extends string, Schema extends z.ZodType>({
  check,
  ...known
}: CheckerDeclaration<Name, Schema>): Checker<Name, Schema> {
  return namedChecker(known, (history, options) =>
    shownBySuccess(history, check(history, readOptions(known.name, known.options, options))),
  );
}

/** The function with all that is known of it. */
export function namedChecker<Known extends Pick<Checker, "name">>(
  { name, ...known }: Known,
  check: (history: History, options: { readonly [key: string]: unknown }) => CheckResult,
): Known & typeof check {
  // The name of a function can only be set so.
  return Object.assign(Object.defineProperty(check, "name", { value: name }), known) as unknown as Known & typeof check;
}
