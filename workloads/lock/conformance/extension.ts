/** Whether the adapter extends what it holds, and only that. */
import { setTimeout as delay } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { ended } from "../../adapter/conformance/calls.ts";
import { lostLock } from "./lost-lock.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { LONG_MS, REFUSAL_MS } from "./times.ts";

export async function extension(bench: Bench): Promise<void> {
  const key = bench.key();
  const held = await bench.obtain(0, key, bench.shortMs);
  const got = performance.now();
  if (held.extend === undefined) {
    bench.tell("extends", skipped("it has no extend()"));
  } else {
    const extended = await ended(held.extend(LONG_MS));
    await delay(Math.max(0, bench.shortMs + REFUSAL_MS - (performance.now() - got)));
    for (let i = 1; i < bench.limit; i += 1) await bench.obtain(i, key, LONG_MS);
    const attempt = await bench.attempt(bench.limit, key, LONG_MS, REFUSAL_MS);
    bench.tell(
      "extends",
      attempt.kind === "held"
        ? failed(`extend() ${extended}, but the lock was free after its first ${bench.shortMs} ms`)
        : passed(`extend() ${extended}, and the lock was still held after its first ${bench.shortMs} ms`),
    );
  }
}

export async function extensionOfOthers(bench: Bench): Promise<void> {
  const { lost } = await lostLock(bench);
  if (lost.extend === undefined) {
    bench.tell("extends-own-only", skipped("it has no extend()"));
  } else {
    const extended = await ended(lost.extend(LONG_MS));
    bench.tell(
      "extends-own-only",
      /^resolved to false|^rejected/.test(extended)
        ? passed(`extend() of a lock that another client had by then ${extended}`)
        : failed(`extend() of a lock that another client had by then ${extended}`),
    );
  }
}
