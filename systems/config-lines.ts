/** Configuration that every server under test starts from; the options of a system's plan come after it and win. */
import { z } from "zod";
import type { Json } from "../history/operation.ts";

/** Nothing is written to disk unless a campaign asks for it. */
export const VOLATILE = ['save ""', "appendonly no"];

/** A replica gets its copy at once, without the delay in which the primary waits for more replicas. */
export const REPLICATED = [...VOLATILE, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1"];

const WHOLE = "must be a whole number";

/** A whole number. */
export const count = z.int(WHOLE).nonnegative(WHOLE);

const LINES = "must be a list of configuration lines";

/** What every system takes. */
export const CONFIG = {
  config: z
    .array(z.string(LINES), LINES)
    .readonly()
    .default([])
    .describe("lines of configuration for each server, which win over redquake's"),
};

/**
 * The options of a system's plan, with their defaults.
 * @throws TypeError that names the option and what would be right.
 */
export function systemOptions<Shape extends z.ZodRawShape>(
  kind: string,
  schema: z.ZodObject<Shape, z.core.$strict>,
  options: { readonly [key: string]: Json },
): z.output<z.ZodObject<Shape, z.core.$strict>> {
  const { data, error } = schema.safeParse(options);
  if (data !== undefined) return data;
  const [issue] = error?.issues ?? [];
  const names = Object.keys(schema.shape).join(", ");
  throw new TypeError(
    issue?.code === "unrecognized_keys"
      ? `the system ${kind} has no option ${JSON.stringify(issue.keys[0])}; it takes ${names}`
      : wrongOption(String(issue?.path[0]), `the system ${kind}`, options, issue?.message),
  );
}

/**
 * The plan's own lines.
 * @throws TypeError when they are no lines.
 */
export function plannedConfig(options: { readonly [key: string]: Json }): readonly string[] {
  const { data, error } = CONFIG.config.safeParse(options["config"]);
  if (data !== undefined) return data;
  throw new TypeError(wrongOption("config", "the system", options, error?.issues[0]?.message));
}

function wrongOption(name: string, whose: string, options: { readonly [key: string]: Json }, message = ""): string {
  return `the option ${JSON.stringify(name)} of ${whose} ${message}, not ${JSON.stringify(options[name])}`;
}
