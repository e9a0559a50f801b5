/** Waits for what a plan wants to be seen in the run itself before a fault strikes, and says what it was. */
import { setTimeout as delay } from "node:timers/promises";
import type { ParsedLine } from "../history/line.ts";
import { NEMESIS } from "../history/operation.ts";
import type { ClockSighting, EventSighting, PrimarySighting, Sighting } from "../history/plan.ts";
import { ANOTHER, describeSighting } from "../history/sighting-words.ts";
import { isOfTarget } from "./administration.ts";
import { wallClockMs } from "./clock.ts";
import type { FaultContext } from "./fault.ts";

/**
 * Between two looks at who is primary, or what the time is: short against a failover, long against the question itself.
 */
const LOOK_EVERY_MS = 20;

/**
 * Resolves with what was seen, in a few words; with undefined when `signal` was aborted before.
 * @throws TypeError when the plan waits for a node, or the clock of somebody, that the run does not have.
 */
export function sighted(context: FaultContext, sighting: Sighting, signal: AbortSignal): Promise<string | undefined> {
  if ("event" in sighting) return eventSighted(context, sighting, signal);
  return "primary" in sighting ? primarySighted(context, sighting, signal) : clockSighted(context, sighting, signal);
}

async function eventSighted(
  { history }: FaultContext,
  sighting: EventSighting,
  signal: AbortSignal,
): Promise<string | undefined> {
  const { promise, resolve } = Promise.withResolvers<string | undefined>();
  const since = history.now();
  let left = sighting.occurrence ?? 1;
  const stop = history.subscribe((event) => {
    // What was written before the waiting began may be read only now.
    if ((event.time ?? 0) < since || !fits(event, sighting)) return;
    left -= 1;
    if (left === 0) resolve(`${describeSighting(sighting)}, ${describeEvent(event)}`);
  });
  const give = (): void => resolve(undefined);
  signal.addEventListener("abort", give, { once: true });
  if (signal.aborted) give();
  try {
    return await promise;
  } finally {
    stop();
    signal.removeEventListener("abort", give);
  }
}

function fits(event: ParsedLine, { event: f, type = "ok", worker, node }: EventSighting): boolean {
  return (
    event.process !== NEMESIS &&
    event.f === f &&
    event.type === type &&
    (worker === undefined || event.worker === worker) &&
    (node === undefined || event.node === node)
  );
}

function describeEvent({ process, worker, time = 0 }: ParsedLine): string {
  const who = worker === undefined ? `process ${process}` : `${worker} (process ${process})`;
  return `of ${who} at ${(time / 1e9).toFixed(3)} s`;
}

async function primarySighted(
  context: FaultContext,
  { primary }: PrimarySighting,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (primary !== ANOTHER && !context.nodes.has(primary)) {
    throw new TypeError(
      `the plan waits for ${JSON.stringify(primary)} to become primary; the nodes of this run are ${[...context.nodes.keys()].join(", ")}`,
    );
  }
  let before = new Set(await context.primaries());
  const known = before;
  while (!signal.aborted) {
    const now = await context.primaries();
    const fresh = now.find((name) => (primary === ANOTHER ? !known.has(name) : name === primary && !before.has(name)));
    if (fresh !== undefined) return `${fresh} became primary at ${(context.history.now() / 1e9).toFixed(3)} s`;
    before = new Set(now);
    await delay(LOOK_EVERY_MS, undefined, { ref: false });
  }
  return undefined;
}

async function clockSighted(
  context: FaultContext,
  { clock, passesMs }: ClockSighting,
  signal: AbortSignal,
): Promise<string | undefined> {
  // Who is down or stopped tells no time: the end of the load is not kept waiting for that, and somebody who comes back
  // tells it again.
  const ended = Promise.withResolvers<undefined>();
  const give = (): void => ended.resolve(undefined);
  signal.addEventListener("abort", give, { once: true });
  if (signal.aborted) give();
  const look = async (): Promise<number | undefined> => {
    for (;;) {
      if (signal.aborted) return undefined;
      try {
        return await Promise.race([wallClockMs(context, { clock }), ended.promise]);
      } catch (error) {
        if (!isOfTarget(error)) throw error;
        await delay(LOOK_EVERY_MS, undefined, { ref: false });
      }
    }
  };
  try {
    const began = await look();
    while (began !== undefined) {
      const now = await look();
      if (now === undefined) return undefined;
      if (now - began >= passesMs)
        return `${Math.round(now - began)} ms passed by the clock of ${clock} until ${(context.history.now() / 1e9).toFixed(3)} s`;
      await delay(LOOK_EVERY_MS, undefined, { ref: false });
    }
    return undefined;
  } finally {
    signal.removeEventListener("abort", give);
  }
}
