/** What findings about caches have in common. */
import type { History } from "../../history/history.ts";
import { numberIn, textIn } from "../../history/vocabulary/read.ts";
import { counted } from "../kit/words.ts";
import type { Look } from "./records.ts";

/** `version 4`, `nothing`, or the text that nobody wrote. */
export function named({ version, text }: Pick<Look, "version" | "text">): string {
  if (version === 0) return "nothing";
  if (version !== undefined) return `version ${version}`;
  return text === undefined ? "no copy" : JSON.stringify(text);
}

/** How the subscriptions that the servers count have changed since they were first looked at. */
export type Observed = (time: number) => string;

/**
 * `; the servers counted 1 subscription and 2 tracked connections then, 3 and 2 at the start`, or nothing where nobody
 * had looked, or where they were the same.
 */
export function observedIn(history: History): Observed {
  const looks = history.operations.flatMap(({ f, completion }) =>
    f === "observe" && completion?.type === "ok"
      ? [
          {
            time: completion.time,
            node: textIn(completion, "node") ?? "",
            subscriptions: numberIn(completion, "subscriptions") ?? 0,
            tracking: numberIn(completion, "tracking") ?? 0,
          },
        ]
      : [],
  );
  /** After each look, of all nodes together. */
  const sums: { time: number; subscriptions: number; tracking: number }[] = [];
  const last = new Map<string, (typeof looks)[number]>();
  for (const look of looks) {
    last.set(look.node, look);
    const all = [...last.values()];
    sums.push({
      time: look.time,
      subscriptions: all.reduce((sum, each) => sum + each.subscriptions, 0),
      tracking: all.reduce((sum, each) => sum + each.tracking, 0),
    });
  }
  const start = sums[last.size - 1];
  return (time) => {
    const then = sums.findLast((each) => each.time <= time);
    if (start === undefined || then === undefined) return "";
    if (then.subscriptions === start.subscriptions && then.tracking === start.tracking) return "";
    return `; the servers counted ${counted(then.subscriptions, "subscription")} and ${counted(then.tracking, "tracked connection")} then, ${start.subscriptions} and ${start.tracking} at the start`;
  };
}
