/**
 * The way to a link's server past all proxies, which no impairment touches: what a probe of the link is compared with,
 * at the same moment. A machine that is busy is slow on both ways, and only an impairment makes a difference between
 * them.
 */
import { setTimeout as delay } from "node:timers/promises";
import { pause } from "../../machine/long-timeout.ts";
import { probeLink } from "../../network/link-probe.ts";
import { timeExchange } from "../../network/link-timing.ts";
import type { Link } from "../../network/link.ts";
import { SILENCE_MS } from "../fault.ts";

/** How long one answer on the direct way may take; a server that is so slow is no measure. */
const ANSWER_MS = 5_000;
const EVERY_MS = 20;
/**
 * A link is silent when it has said nothing while the server has answered so often on the direct way, one question
 * after the other; and for so many times as long as the slowest of these answers took.
 */
const ANSWERS = 5;
const TIMES_AS_LONG = 2;
/** How long that may take. */
const PATIENCE_MS = 15_000;

function directly(link: Link): Link {
  return { ...link, listen: link.upstream };
}

/**
 * Carries out `look`, and asks the server on the direct way as long as that takes.
 * @param bytes how long a question is
 * @returns what was seen, and how long each answer on the direct way took, in milliseconds: Infinity where none came.
 *   Never empty.
 */
export async function besideDirectWay<T>(
  link: Link,
  bytes: number,
  look: () => Promise<T>,
): Promise<{ readonly seen: T; readonly directMs: readonly number[] }> {
  let looking = true;
  const asking = async (): Promise<number[]> => {
    const took: number[] = [];
    for (;;) {
      took.push((await timeExchange(directly(link), bytes, ANSWER_MS)) ?? Infinity);
      if (!looking) return took;
      await delay(EVERY_MS);
      if (!looking) return took;
    }
  };
  const asked = asking();
  try {
    const seen = await look();
    looking = false;
    return { seen, directMs: await asked };
  } finally {
    looking = false;
  }
}

/**
 * Resolves when silence means something: at least `SILENCE_MS` have passed, and the server has answered several
 * times, much sooner, on the direct way. Hears when nobody waits any more.
 * @returns false when the direct way is as silent.
 */
export async function silenceTells(link: Link, settled: AbortSignal): Promise<boolean> {
  const started = performance.now();
  let slowestMs = 0;
  for (let answers = 0; answers < ANSWERS && !settled.aborted;) {
    if (performance.now() - started > PATIENCE_MS) return false;
    const state = await probeLink(directly(link), ANSWER_MS);
    if (state.state === "answers") {
      answers += 1;
      slowestMs = Math.max(slowestMs, state.afterMs);
    } else await delay(EVERY_MS);
  }
  const silenceMs = Math.max(SILENCE_MS, TIMES_AS_LONG * slowestMs);
  if (!settled.aborted) await pause(Math.max(0, silenceMs - (performance.now() - started)), settled);
  return true;
}
