/** Configuration that every server under test starts from; the options of a system's plan come after it and win. */
import type { Json } from "../history/operation.ts";

/** Nothing is written to disk unless a campaign asks for it. */
export const VOLATILE = ['save ""', "appendonly no"];

/** A replica gets its copy at once, without the delay in which the primary waits for more replicas. */
export const REPLICATED = [...VOLATILE, "repl-diskless-sync-delay 0", "repl-ping-replica-period 1"];

/** The plan's own lines: option `config` of a system. */
export function plannedConfig(options: { readonly [key: string]: Json }): string[] {
  const lines = options["config"] ?? [];
  if (!Array.isArray(lines) || lines.some((line) => typeof line !== "string")) {
    throw new TypeError(
      `the system's option "config" must be a list of configuration lines, not ${JSON.stringify(lines)}`,
    );
  }
  return lines as string[];
}

/** A whole number among a system's options. */
export function numberOption(options: { readonly [key: string]: Json }, name: string, fallback: number): number {
  const value = options[name] ?? fallback;
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0) {
    throw new TypeError(`the system's option "${name}" must be a whole number, not ${JSON.stringify(value)}`);
  }
  return value;
}
