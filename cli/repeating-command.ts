/** The command that repeats a run, for its report. */
import { toxiproxyText } from "./arguments.ts";
import type { SessionFlags } from "./run-session.ts";
import { wantedRedis } from "./run-session.ts";
import { commandName } from "./user-folder.ts";

/** @param what the command and what it is about, such as `canary` or `campaigns lock-simple` */
export function repeatingCommand(
  what: string,
  seed: number,
  flags: Pick<SessionFlags, "host" | "redis" | "toxiproxy"> & {
    readonly timeLimit?: number;
    /** The flags that ask for other faults than a campaign's own. */
    readonly faults?: string | undefined;
    /** What was named as the adapter. */
    readonly adapter?: string | undefined;
  },
): string {
  return [
    `${commandName()} ${what} --seed ${seed}`,
    ...(flags.timeLimit === undefined ? [] : [`--time-limit ${flags.timeLimit}ms`]),
    ...(flags.faults === undefined ? [] : [flags.faults]),
    ...(flags.adapter === undefined ? [] : [`--adapter ${JSON.stringify(flags.adapter)}`]),
    ...(flags.host === "auto" ? [] : [`--host ${flags.host}`]),
    ...(flags.redis === undefined ? [] : [`--redis ${JSON.stringify(wantedRedis(flags))}`]),
    ...(flags.toxiproxy.kind === "embedded" ? [] : [`--toxiproxy ${toxiproxyText(flags.toxiproxy)}`]),
  ].join(" ");
}
