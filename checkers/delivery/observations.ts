/** What the servers themselves know of the channels. */
import { eventAt } from "../../history/columns/columns.ts";
import type { SeenChannel } from "../../history/vocabulary/delivery.ts";
import { DELIVERY_EVENTS } from "../../history/vocabulary/delivery.ts";
import { ValueError } from "../../history/vocabulary/read.ts";
import type { Messages } from "./messages.ts";

export interface Observation {
  readonly node: string;
  readonly channels: readonly SeenChannel[];
  /** Events: the invocation of the `observe`, and its completion. */
  readonly call: number;
  readonly event: number;
}

/** The successful ones that are about channels, by their time. @throws ValueError */
export function observationsOf(messages: Messages): Observation[] {
  return [...messages.calls("observe")]
    .filter((call) => messages.outcome(call) === "ok" && isAboutChannels(messages, call))
    .map((call) => {
      const event = messages.partner(call);
      const whole = eventAt(messages.columns, event);
      const { data } = DELIVERY_EVENTS.observe.ok.safeParse(whole.value);
      if (data === undefined) throw new ValueError(whole, 'a text "node", and a list "channels" of what it knows');
      return { ...data, call, event };
    });
}

/** What another workload observes has another shape. */
function isAboutChannels({ columns }: Messages, call: number): boolean {
  const at = columns.value[columns.partner[call] ?? 0] ?? 0;
  return columns.tape.field(at, "channels") !== -1;
}
