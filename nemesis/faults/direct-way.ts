/**
 * The way to a link's server past all proxies, which no impairment touches: what a probe of the link is compared with, at the same moment. A machine that is busy
 * is slow on both ways, and only an impairment makes a difference between them.
 */
import { setTimeout as delay } from "node:timers/promises";
import { passed, probeLink } from "../../network/link-probe.ts";
import { timeExchange } from "../../network/link-timing.ts";
import type { Link } from "../../network/link.ts";
import { SILENCE_MS } from "../fault.ts";

/** How long one answer on the direct way may take; a server that is so slow is no measure. */
const ANSWER_MS = 5_000;
const EVERY_MS = 20;
const BYTES = 8;
/** A link is silent when it has said nothing while the server has answered so often on the direct way, one question after the other. */
const ANSWERS = 3;
/** How long that may take. */
const PATIENCE_MS = 15_000;

function directly(link: Link): Link {
  return { ...link, listen: link.upstream };
}

/** Carries out `look`, and tells how long the slowest answer on the direct way took meanwhile, in milliseconds; Infinity when there was none. */
export async function besideDirectWay<T>(
  link: Link,
  look: () => Promise<T>,
): Promise<{ readonly seen: T; readonly slowestMs: number }> {
  let looking = true;
  const asking = async (): Promise<number> => {
    let slowest = 0;
    for (;;) {
      slowest = Math.max(slowest, (await timeExchange(directly(link), BYTES, ANSWER_MS)) ?? Infinity);
      if (!looking) return slowest;
      await delay(EVERY_MS);
      if (!looking) return slowest;
    }
  };
  const asked = asking();
  try {
    const seen = await look();
    looking = false;
    return { seen, slowestMs: await asked };
  } finally {
    looking = false;
  }
}

/**
 * Resolves when silence means something: at least `SILENCE_MS` have passed, and the server has answered several times on the direct way. Hears when nobody waits any more.
 * @returns false when the direct way is as silent.
 */
export async function silenceTells(link: Link, settled: AbortSignal): Promise<boolean> {
  const started = performance.now();
  const enough = passed(SILENCE_MS, settled);
  for (let answers = 0; answers < ANSWERS && !settled.aborted;) {
    if (performance.now() - started > PATIENCE_MS) return false;
    const { state } = await probeLink(directly(link), ANSWER_MS);
    if (state === "answers") answers += 1;
    else await delay(EVERY_MS);
  }
  await enough;
  return true;
}
