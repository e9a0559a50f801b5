/**
 * Links that close and open again and again: options `from`, `to` and `direction` as of the fault `link`; `how` they
 * close (`down`, the default, or `hold`); and the rhythm: `seed`, and the ranges `closedMs` and `openMs`, each a number
 * or [shortest, longest]. They are closed first. The rhythm is decided by the seed alone, and each flip is told in the
 * fault's detail.
 */
import { z } from "zod";
import { names, number, range } from "../fault-options.ts";
import { setTimeout as delay } from "node:timers/promises";
import type { Json } from "../../history/operation.ts";
import type { Node } from "../../hosts/host.ts";
import { probeLink } from "../../network/link-probe.ts";
import type { Impairment, LinkImpairment } from "../../network/link.ts";
import type { ImpairedFlows } from "../../network/links.ts";
import { SILENCE_MS } from "../fault.ts";
import type { FaultKind, FaultOptions } from "../fault.ts";
import { firstBeats, rhythm } from "../rhythm.ts";
import type { RhythmOptions } from "../rhythm.ts";
import { namesOption, numberOption, rangeOption, resolveTargets } from "../targets.ts";
import { besideDirectWay } from "./direct-way.ts";
import { lookHealed } from "./impair-probe.ts";
import { assertImpairable } from "./impairable.ts";
import type { Sight } from "./impair-probe.ts";
import { lookAtLinks, tell } from "./impair.ts";
import { arrowOf, DIRECTIONS, directionOf, flowsBetween, impairmentOf } from "./impairment-options.ts";

/** A state that is shorter could pass unseen between two looks. */
const SHORTEST_MS = { open: 50, down: 50, hold: 200 } as const;
/** A probe watches a whole beat, and healing waits for it. Slower rhythms are better planned as faults of their own. */
const LONGEST_MS = 5_000;
const LOOK_EVERY_MS = 5;
/** A machine that is busy may take so many times as long. */
const MOST_WATCHES = 3;
/** One that goes on is seen closed in each of so many spans. */
const STEADY_LOOKS = 3;
/** What opening and closing every link may take beside the rhythm. */
const SWITCHING_MS = 500;
/** So many beats and flips go into the fault's detail; of more, only the number. */
const TOLD_BEATS = 20;
const TOLD_FLIPS = 200;

export const flaky = {
  kind: "flaky",
  options: z.strictObject({
    from: names,
    to: names,
    seed: number,
    closedMs: range,
    openMs: range,
    how: z.enum(["down", "hold"]).optional(),
    direction: z.enum(DIRECTIONS).optional(),
  }),
  async prepare(context, options) {
    const from = await resolveTargets(context, namesOption(options, "from"), options);
    const to = await resolveTargets(context, namesOption(options, "to"), options);
    const impairment = impairmentOf({ how: "down", ...options });
    if (impairment.kind !== "down" && impairment.kind !== "hold") {
      throw new TypeError(`the fault's option "how" must be down or hold for flaky links, not ${impairment.kind}`);
    }
    const direction = directionOf(options, impairment);
    const flows = flowsBetween(from, to, direction);
    const planned = context.links.impairments(flows, impairment);
    assertImpairable(context, flows, planned);
    const title = `flaky (${impairment.kind}) ${from.join(", ")} ${arrowOf(direction)} ${to.join(", ")}`;
    if (planned.length === 0) throw new TypeError(`${title}: no link carries any of these flows`);
    const rhythmOptions = rhythmOf(options, impairment.kind);
    const flapping = new Flapping(rhythmOptions, () => context.links.impair(flows, impairment));
    const look = (
      each: (mine: LinkImpairment, others: readonly LinkImpairment[], node: Node | undefined) => Promise<Sight>,
    ): ReturnType<typeof lookAtLinks> => lookAtLinks(context, planned, () => flapping.impairments, each);
    return {
      target: [...new Set([...from, ...to])],
      title,
      get detail() {
        return {
          rhythm: firstBeats(rhythmOptions, TOLD_BEATS).map(({ closedMs, openMs }) => [closedMs, openMs]),
          ...flapping.told(),
        };
      },
      inject: () => flapping.start(),
      probe: async () => {
        flapping.throwFailure();
        const sights = await look((mine, _others, node) => lookFlapping(mine, impairment, rhythmOptions, node));
        return tell(sights, (wrong, seen) => wrong === 0 && seen > 0);
      },
      heal: () => flapping.stop(),
      probeHealed: async () =>
        tell(
          await look((mine, others, node) => lookSteady(mine, impairment, rhythmOptions, others, node)),
          (wrong) => wrong === 0,
        ),
    };
  },
} satisfies FaultKind;

function rhythmOf(options: FaultOptions, how: "down" | "hold"): RhythmOptions {
  return {
    seed: numberOption(options, "seed"),
    closedMs: rangeOption(options, "closedMs", SHORTEST_MS[how], LONGEST_MS),
    openMs: rangeOption(options, "openMs", SHORTEST_MS.open, LONGEST_MS),
  };
}

/** Closes and opens by a rhythm until it is told to stop, which leaves everything open. */
class Flapping {
  readonly #rhythm: RhythmOptions;
  readonly #close: () => Promise<ImpairedFlows>;
  readonly #flips: Json[] = [];
  #flipCount = 0;
  #impaired: ImpairedFlows | undefined;
  #stopping = new AbortController();
  #running: Promise<void> = Promise.resolve();
  #failure: Error | undefined;
  #startedAt = 0;

  constructor(options: RhythmOptions, close: () => Promise<ImpairedFlows>) {
    this.#rhythm = options;
    this.#close = close;
  }

  get impairments(): readonly LinkImpairment[] {
    return this.#impaired?.impairments ?? [];
  }

  /** The flips so far: how many, and of the first ones when each was done, in milliseconds from the start. */
  told(): { [key: string]: Json } {
    return { flips: this.#flipCount, at: [...this.#flips] };
  }

  /** Resolves when everything is closed for the first time. */
  async start(): Promise<void> {
    this.#stopping = new AbortController();
    this.#startedAt = performance.now();
    const beats = rhythm(this.#rhythm);
    await this.#setOpen(false);
    this.#running = this.#run(beats).catch((error: unknown) => {
      const why = error instanceof Error ? error.message : String(error);
      this.#failure = new Error(`the links stopped to open and close: ${why}`, { cause: error });
    });
  }

  /** @throws what kept the rhythm from going on, after everything was opened. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    try {
      await this.#setOpen(true);
    } finally {
      // It came first, so it explains why the links may not open either.
      this.throwFailure();
    }
  }

  throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #run(beats: Generator<{ closedMs: number; openMs: number }, never>): Promise<void> {
    for (;;) {
      const { closedMs, openMs } = beats.next().value;
      if (!(await this.#wait(closedMs))) return;
      await this.#setOpen(true);
      if (!(await this.#wait(openMs))) return;
      await this.#setOpen(false);
    }
  }

  /** Whether the rhythm goes on. */
  async #wait(forMs: number): Promise<boolean> {
    const { signal } = this.#stopping;
    if (signal.aborted) return false;
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        resolve(!signal.aborted);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener("abort", end);
        resolve(true);
      }, forMs);
      signal.addEventListener("abort", end, { once: true });
    });
  }

  async #setOpen(open: boolean): Promise<void> {
    if (open === (this.#impaired === undefined)) return;
    if (open) {
      await this.#impaired?.heal();
      this.#impaired = undefined;
    } else this.#impaired = await this.#close();
    this.#flipCount += 1;
    if (this.#flips.length < TOLD_FLIPS) {
      this.#flips.push([Math.round(performance.now() - this.#startedAt), open ? "open" : "closed"]);
    }
  }
}

type Glimpse = "open" | "closed";

/**
 * Looks at a link again and again, without knowing the rhythm, until `enough` was seen or `forMs` have passed: the
 * states in turn.
 */
async function watch(
  mine: LinkImpairment,
  how: Impairment,
  options: RhythmOptions,
  forMs: number,
  enough: (seen: readonly Glimpse[]) => boolean,
): Promise<readonly Glimpse[]> {
  const started = performance.now();
  let deadline = started + forMs;
  // Short enough that a look which begins in the first half of a closed time ends in it.
  const patience = Math.min(SILENCE_MS, options.closedMs[0] / 2);
  const closed = how.kind === "down" ? "refused" : "silent";
  const seen: Glimpse[] = [];
  while (!enough(seen) && performance.now() < Math.min(deadline, started + MOST_WATCHES * forMs)) {
    const looked = performance.now();
    const { seen: look, directMs } = await besideDirectWay(mine.link, 0, () => probeLink(mine.link, patience));
    // A server that is slow past the link, too, makes a link that is open as silent as one that is held.
    const tells = look.state !== "silent" || Math.max(...directMs) < patience / 2;
    const glimpse = look.state === "answers" ? "open" : look.state === closed && tells ? "closed" : undefined;
    // A look that says nothing is made up for.
    if (glimpse === undefined) deadline += performance.now() - looked;
    if (glimpse !== undefined && glimpse !== seen.at(-1)) seen.push(glimpse);
    await delay(LOOK_EVERY_MS);
  }
  return seen;
}

/** A single answer that comes late, on a machine that is busy, is no rhythm: one that goes on closes again. */
function isRhythm(seen: readonly Glimpse[]): boolean {
  return seen.filter((glimpse) => glimpse === "closed").length > 1;
}

async function lookFlapping(
  mine: LinkImpairment,
  how: Impairment,
  options: RhythmOptions,
  node: Node | undefined,
): Promise<Sight> {
  const state = (await node?.state()) ?? "dead";
  if (state !== "running") return { found: "hidden", why: `${mine.link.to} is ${state}` };
  const seen = await watch(mine, how, options, watchedMs(options), isRhythm);
  if (isRhythm(seen)) return { found: "as planned" };
  return {
    found: "otherwise",
    what: seen.length < 2 ? `was ${seen.join()} all the time` : `was ${seen.join(", then ")}, and no more than that`,
  };
}

async function lookSteady(
  mine: LinkImpairment,
  how: Impairment,
  options: RhythmOptions,
  others: readonly LinkImpairment[],
  node: Node | undefined,
): Promise<Sight> {
  const sight = await lookHealed(mine, others, node);
  if (sight.found !== "as planned") return sight;
  for (let looks = 0; looks < STEADY_LOOKS; looks += 1) {
    // It has just been seen open, so the first time a rhythm would have to close it by the end of that.
    const forMs = looks === 0 ? options.openMs[1] + SWITCHING_MS : watchedMs(options);
    const seen = await watch(mine, how, options, forMs, (states) => states.includes("closed"));
    if (!seen.includes("closed")) return sight;
  }
  return { found: "otherwise", what: "closed again and again after it was healed" };
}

/** However it starts, three beats contain two closed times from their beginning to their end. */
function watchedMs({ closedMs, openMs }: RhythmOptions): number {
  return 3 * (closedMs[1] + openMs[1]) + SWITCHING_MS;
}
