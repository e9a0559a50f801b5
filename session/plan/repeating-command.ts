/** The command that repeats a run, for its report. */
import { commandName } from "../../machine/user-folder.ts";
import type { ToxiproxyChoice } from "../../runner/equipment/choose-toxiproxy.ts";
import { toxiproxyText } from "../servers/toxiproxy-words.ts";
import type { HostChoice } from "../servers/wanted-redis.ts";
import { wantedRedis } from "../servers/wanted-redis.ts";

export interface RepeatingFlags {
  readonly host: HostChoice;
  readonly redis?: string | undefined;
  readonly toxiproxy: ToxiproxyChoice;
  /** How long the load lasts, in milliseconds. */
  readonly timeLimit?: number | undefined;
  /** The flags that ask for other faults than a campaign's own. */
  readonly faults?: string | undefined;
  /** The modules of the user's own campaigns. */
  readonly campaigns?: readonly string[] | undefined;
  /** What was named as the adapter. */
  readonly adapter?: string | undefined;
}

/** @param what the command and what it is about, such as `canary` or `campaigns lock-simple` */
export function repeatingCommand(what: string, seed: number, flags: RepeatingFlags): string {
  return [
    `${commandName()} ${what} --seed ${seed}`,
    ...(flags.timeLimit === undefined ? [] : [`--time-limit ${flags.timeLimit}ms`]),
    ...(flags.faults === undefined ? [] : [flags.faults]),
    ...(flags.campaigns ?? []).map((file) => `--campaign ${JSON.stringify(file)}`),
    ...(flags.adapter === undefined ? [] : [`--adapter ${JSON.stringify(flags.adapter)}`]),
    ...(flags.host === "auto" ? [] : [`--host ${flags.host}`]),
    ...(flags.redis === undefined ? [] : [`--redis ${JSON.stringify(wantedRedis(flags.redis, flags.host))}`]),
    ...(flags.toxiproxy.kind === "embedded" ? [] : [`--toxiproxy ${toxiproxyText(flags.toxiproxy)}`]),
  ].join(" ");
}
