/**
 * Why a run as a whole proves nothing: a fault that did not act as planned, a link that stayed broken, a lock that
 * asked somebody else, a run that did not end.
 */
import type { History } from "../../history/history.ts";
import type { LinksProbed, Unsettled } from "../../history/nemesis-event.ts";
import { cutShortReason, faultMoment, linksProbedIn, phaseOf, unsettledIn } from "../../history/nemesis-event.ts";
import type { Plan } from "../../history/plan.ts";
import { faultsOf } from "../kit/faults.ts";
import { grantsWithoutTraffic } from "./grants-without-traffic.ts";
import { counted, duration, fromMs } from "../kit/words.ts";

export interface Doubts {
  /** What makes every claim that is not proven broken `unknown`, one sentence each. */
  readonly untrusted: readonly string[];
  /** Faults whose moment never came: what they were to test was not tested. */
  readonly notFired: readonly NotFired[];
}

interface NotFired {
  /** The fault's id. */
  readonly fault: string;
  readonly sentence: string;
  /** Its moment can never come with what was tested. */
  readonly impossible: boolean;
}

/**
 * @param unfinished why the run did not come to its end, in a sentence, where that is known from elsewhere than its
 * history
 */
export function doubtsAbout(plan: Plan, history: History, unfinished?: string): Doubts {
  const untrusted: string[] = [];
  const notFired: NotFired[] = [];
  const interrupted = unfinished !== undefined || history.nemesis.every((event) => phaseOf(event) !== "final");
  const cut = history.nemesis.flatMap((event) => cutShortReason(event) ?? []);
  if (cut.length > 0) untrusted.push(...cut.map((reason) => `The run was cut short: ${firstLine(reason)}`));
  else if (interrupted) untrusted.push(unfinished ?? "The run ended before its final reads.");
  for (const event of history.nemesis) {
    const moment = faultMoment(event);
    if (moment?.stage === "not-fired") {
      const why = moment.reason === undefined ? "" : `: ${moment.reason}`;
      notFired.push({
        fault: moment.fault,
        sentence: `The fault “${moment.fault}” never happened${why}.`,
        impossible: moment.impossible === true,
      });
    }
    if (moment?.probe?.ok === false) {
      const when = moment.stage === "healed" ? "could not be seen to heal" : "could not be seen to act";
      untrusted.push(`The fault “${moment.title}” ${when}: ${moment.probe.saw}.`);
    }
    const unsettled = unsettledIn(event);
    if (unsettled !== undefined) untrusted.push(inVain(unsettled));
    const probed = linksProbedIn(event);
    if (probed !== undefined) untrusted.push(...brokenLinks(probed));
  }
  untrusted.push(...grantsWithoutTraffic(history));
  const faults = faultsOf(history);
  for (const { id } of plan.faults) {
    const stages = faults.get(id)?.stages;
    if (stages?.has("not-fired") === true || interrupted) continue;
    if (stages?.has("inject") !== true) untrusted.push(`The planned fault “${id}” left no trace in the history.`);
    else if (!stages.has("active")) untrusted.push(`Nobody looked whether the fault “${id}” acted.`);
  }
  return { untrusted, notFired };
}

/** What clients then read, or could not read, says nothing about how the system is when it is well. */
function inVain({ waitedFor, waitedMs, saw }: Unsettled): string {
  return `After everything had been healed, the run waited ${duration(fromMs(waitedMs))} in vain for ${waitedFor}: ${saw}.`;
}

/** What follows it may be the end of a log. */
function firstLine(reason: string): string {
  const line = reason.split("\n")[0] ?? "";
  return line.endsWith(".") ? line : `${line}.`;
}

function brokenLinks({ links, failed }: LinksProbed): string[] {
  const [first] = failed;
  if (first === undefined) return [];
  return [
    `${failed.length} of ${counted(links, "link")} did not work after everything had been healed, such as: ${first}.`,
  ];
}
