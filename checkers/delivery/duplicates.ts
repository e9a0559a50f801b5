/** Messages that arrived more than once: at the same subscriber, or, in a group, at anybody. */
import type { History } from "../../history/history.ts";
import type { CheckResult, Finding } from "../checker.ts";
import { clearest, conclude } from "../kit/conclude.ts";
import { evidence } from "../kit/evidence.ts";
import type { FaultRecord } from "../kit/faults.ts";
import { alongside, faultsOf } from "../kit/faults.ts";
import type { Delivery } from "./messages.ts";
import { deliveriesOf, identity } from "./messages.ts";
import { counted, moment, tooFew } from "../kit/words.ts";

interface Repeat {
  readonly first: Delivery;
  readonly again: Delivery;
}

/** Counts the deliveries beyond the first. */
export function deliveryDuplicates(history: History, audience: "each" | "group", minMessages: number): CheckResult {
  const firsts = new Map<string, Delivery>();
  const repeats: Repeat[] = [];
  const deliveries = deliveriesOf(history);
  for (const delivery of deliveries) {
    const key = audience === "each" ? `${delivery.receiver} ${identity(delivery)}` : identity(delivery);
    const first = firsts.get(key);
    if (first === undefined) firsts.set(key, delivery);
    else repeats.push({ first, again: delivery });
  }
  const faults = faultsOf(history);
  const scope = audience === "each" ? "the same subscriber" : "the group";
  return conclude({
    history,
    findings: clearest(
      repeats,
      (a, b) => a.again.event.index - b.again.event.index,
      (repeat) => describe(repeat, faults),
    ),
    count: repeats.length,
    broken: `${counted(repeats.length, "delivery was", "deliveries were")} of a message that ${scope} already had.`,
    vacuous: tooFew(firsts.size, minMessages, "message was delivered", "messages were delivered"),
    holds: `${counted(deliveries.length, "delivery", "deliveries")}, and none of a message that ${scope} already had.`,
    figures: { deliveries: deliveries.length, repeated: repeats.length },
  });
}

function describe({ first, again }: Repeat, faults: ReadonlyMap<string, FaultRecord>): Finding {
  const to =
    first.receiver === again.receiver ? `${again.receiver} twice` : `${first.receiver} and again to ${again.receiver}`;
  return {
    kind: "duplicate",
    sentence: `${again.message} was delivered from ${again.channel} to ${to}, at ${moment(first.event.time)} and at ${moment(again.event.time)}${alongside(faults, first.event.time, again.event.time, [first.receiver, again.receiver])}.`,
    events: evidence([first.operation.invoke, first.event, again.operation.invoke, again.event]),
  };
}
