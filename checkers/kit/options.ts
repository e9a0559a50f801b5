/** Reading a claim's options: typed, complete, and without room for typing mistakes. */
import { prettifyError } from "zod";
import type { z } from "zod";

/** @throws TypeError that names the checker, every option that is wrong, and what it should be. */
export function readOptions<Schema extends z.ZodType>(
  checker: string,
  schema: Schema,
  options: { readonly [key: string]: unknown },
): z.output<Schema> {
  const read = schema.safeParse(options);
  if (read.success) return read.data;
  throw new TypeError(`options of the checker ${checker}: ${prettifyError(read.error)}`);
}
