/** Entries that are still in a group's pending list in the end, or that nobody was ever given. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidenceAt } from "../kit/evidence.ts";
import { phaseStart } from "../kit/phases.ts";
import { counted, duration, fromMs, listed } from "../kit/words.ts";
import type { SendKind } from "./messages.ts";
import { Messages } from "./messages.ts";
import type { Observation } from "./observations.ts";
import { observationsOf } from "./observations.ts";

interface SeenGroup {
  readonly channel: string;
  readonly name: string;
  readonly pending: number;
  readonly lag: number | null;
  readonly oldestIdleMs: number | null;
  readonly mostDeliveries: number | null;
  readonly observation: Observation;
}

/**
 * What the last `observe` of each node says that began in the phase `final`, about channels to which somebody sent who
 * is judged: observers see those of other lanes as well. Counts the entries; a group is stuck only
 * where no node that knows it says that it is drained.
 */
export function drainedGroups(history: History, kind: SendKind): CheckResult {
  const messages = new Messages(history);
  const sent = messages.channelsOf(kind);
  const isOurs = (channel: string): boolean => sent.size === 0 || sent.has(messages.columns.tape.indexOfText(channel));
  const since = phaseStart(history, "final") ?? 0;
  const last = new Map<string, Observation>();
  for (const each of observationsOf(messages)) if (messages.time(each.call) >= since) last.set(each.node, each);
  const seen = [...last.values()].flatMap((observation) =>
    observation.channels.flatMap(({ channel, groups }) =>
      (isOurs(channel) ? groups : []).map((group): SeenGroup => ({ channel, ...group, observation })),
    ),
  );
  const groups = [...Map.groupBy(seen, ({ channel, name }) => JSON.stringify([channel, name])).values()];
  const least = groups.map((each) => each.reduce((a, b) => (left(b) < left(a) ? b : a)));
  const stuck = least.filter((each) => left(each) > 0);
  const disputed = groups.filter((each) => each.some((one) => left(one) > 0) && each.some((one) => left(one) === 0));
  const count = stuck.reduce((sum, each) => sum + left(each), 0);
  return conclude({
    history,
    findings: clearest(stuck, (a, b) => left(b) - left(a), describe),
    count,
    broken: `${counted(count, "entry is", "entries are")} still in the groups in the end.`,
    vacuous: last.size > 0 && seen.length === 0 ? "No server had a group of any stream in the end." : undefined,
    inapplicable: true,
    unknown:
      last.size === 0
        ? "Nobody asked the servers in the end."
        : disputed.length === 0
          ? undefined
          : `Servers do not agree on ${counted(disputed.length, "group")}: some have entries left, others have none.`,
    holds: `${counted(groups.length, "group")} had nothing left in the end, on ${listed([...last.keys()])}.`,
    figures: {
      groups: groups.length,
      pending: stuck.reduce((sum, { pending }) => sum + pending, 0),
      "never given out": stuck.reduce((sum, { lag }) => sum + (lag ?? 0), 0),
    },
  });
}

function left({ pending, lag }: SeenGroup): number {
  return pending + (lag ?? 0);
}

function describe({ channel, name, pending, lag, oldestIdleMs, mostDeliveries, observation }: SeenGroup): Finding {
  const idle = oldestIdleMs === null ? "" : `, the oldest since ${duration(fromMs(oldestIdleMs))}`;
  const often = mostDeliveries === null ? "" : `, delivered up to ${counted(mostDeliveries, "time")}`;
  const parts = [
    ...(pending === 0
      ? []
      : [`${counted(pending, "entry was", "entries were")} given out and never acknowledged${idle}${often}`]),
    ...(lag === null || lag === 0 ? [] : [`${counted(lag, "entry was", "entries were")} never given to anybody`]),
  ];
  return {
    kind: "stuck",
    sentence: `In the end ${observation.node} still has entries in the group ${name} of ${channel}: ${parts.join("; ")}.`,
    events: evidenceAt([observation.call, observation.event]),
  };
}
