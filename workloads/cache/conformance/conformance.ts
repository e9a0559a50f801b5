/**
 * Whether an adapter does what its contract says, on a real server and without any fault. It does not say whether its
 * copies are right when something goes wrong: that is what campaigns are for.
 */
import { setTimeout as delay } from "node:timers/promises";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import { ended, withDeadline } from "../../adapter/conformance/calls.ts";
import type { Outcome } from "../../adapter/conformance/outcome.ts";
import { failed, passed, skipped } from "../../adapter/conformance/outcome.ts";
import { DEADLINE_MS, LEAK_PATIENCE_MS } from "../../adapter/conformance/times.ts";
import type { CacheAdapter, CacheWrite } from "../adapter.ts";
import { textOf } from "../store-text.ts";
import { Bench } from "./bench.ts";
import type { CheckId } from "./check.ts";

const RETRY_MS = 20;
/** How long a cache may take to notice that no server answers. */
const NOTICED_WITHIN_MS = 2_000;

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export async function conformance(options: ConformanceOptions<CacheAdapter>): Promise<void> {
  const bench = await Bench.open(options);
  await bench.try(["writes-store", "gets-written"], () => writing(bench));
  await bench.try(["gets-null"], () => nothing(bench));
  await bench.try(["hears-set"], () => hearing(bench, "set", "hears-set"));
  await bench.try(["hears-invalidate"], () => hearing(bench, "invalidate", "hears-invalidate"));
  await bench.try(["hears-direct"], () => hearing(bench, "direct", "hears-direct"));
  await bench.try(["throws-when-refused"], () => refusal(bench));
  await bench.try(["fresh", "not-fresh"], () => freshness(bench));
  await bench.try(["closes"], () => closing(bench));
}

async function writing(bench: Bench): Promise<void> {
  const key = bench.key();
  await bench.set(bench.one, key, 1);
  const stored = await bench.stored(key);
  bench.tell(
    "writes-store",
    stored === 1
      ? passed(`the store has the text under ${JSON.stringify(bench.storeKey(key))}`)
      : failed(
          `set() resolved, and the server that it was given does not have the text under ${JSON.stringify(bench.storeKey(key))}: it writes somewhere else, such as to a mock, or under another name. Say where in \`storeKey\``,
        ),
  );
  const text = await bench.get(bench.one, key);
  bench.tell(
    "gets-written",
    text === textOf(key, 1) ? passed("the text that was set") : failed(`get() gave ${show(text)}`),
  );
}

async function nothing(bench: Bench): Promise<void> {
  const text = await bench.get(bench.one, bench.key());
  bench.tell(
    "gets-null",
    text === null
      ? passed("get() of a key that nobody has written resolved to null")
      : text === undefined
        ? skipped("it has no copy, and does not ask the store")
        : failed(`get() of a key that nobody has written gave ${show(text)}`),
  );
}

async function hearing(bench: Bench, how: CacheWrite, id: CheckId): Promise<void> {
  if (!bench.can(how)) {
    bench.tell(id, skipped(`it does not say that it can cope with ${how} (\`writes\`)`));
    return;
  }
  const key = bench.key();
  await bench.set(bench.one, key, 1);
  // The copy of the other one is what has to go.
  const first = await bench.heard(key, 1);
  if (how === "set") await bench.set(bench.one, key, 2);
  else await bench.put(key, 2);
  if (how === "invalidate")
    await withDeadline(bench.one.invalidate(key), `invalidate() did not settle within ${DEADLINE_MS} ms`);
  const { text, ms } = await bench.heard(key, 2);
  const again = first.text === undefined && text === undefined;
  bench.tell(
    id,
    text === textOf(key, 2)
      ? passed(`another cache gave the new text ${Math.round(ms)} ms later`)
      : again
        ? skipped("the other cache has no copy, and does not ask the store")
        : failed(`${Math.round(ms)} ms later another cache still gave ${show(text)}`),
  );
}

async function refusal(bench: Bench): Promise<void> {
  const key = bench.key();
  const end = await bench.servers.withoutMemory(() => ended(bench.one.set(key, textOf(key, 1))));
  bench.tell("throws-when-refused", refused(end, await bench.stored(key)));
}

function refused(end: string, stored: number | undefined): Outcome {
  if (stored !== undefined) return skipped("the server took the write although it was out of memory");
  return end.startsWith("resolved")
    ? failed(`the server refused to write, and set() ${end}: its caller believes that the store was written`)
    : passed(`the server refused to write: set() ${end}`);
}

async function freshness(bench: Bench): Promise<void> {
  const { other } = bench;
  const key = bench.key();
  const { isFresh } = other;
  if (isFresh === undefined) {
    for (const id of ["fresh", "not-fresh"] as const) bench.tell(id, skipped("it has no isFresh()"));
    return;
  }
  await bench.set(bench.one, key, 1);
  await bench.heard(key, 1);
  const says = (wanted: boolean): Promise<number | undefined> =>
    withinPatience(async () => (await isFresh.call(other, key)) === wanted);
  const yes = await says(true);
  bench.tell(
    "fresh",
    yes === undefined ? failed("it never said so, with nothing wrong") : passed("with nothing wrong"),
  );
  const no = await bench.servers.silent(NOTICED_WITHIN_MS, () => says(false));
  bench.tell(
    "not-fresh",
    no === undefined
      ? skipped(
          `the server did not answer for ${NOTICED_WITHIN_MS} ms, and it still said that it was fresh: what changes meanwhile it cannot know`,
        )
      : passed(`the server did not answer any more, and ${Math.round(no)} ms later it said that it was not fresh`),
  );
}

/** How long it took until something was so; undefined when it did not come to that. */
async function withinPatience(isSo: () => Promise<boolean>): Promise<number | undefined> {
  const started = performance.now();
  while (performance.now() - started < NOTICED_WITHIN_MS) {
    if (await isSo()) return performance.now() - started;
    await delay(RETRY_MS);
  }
  return undefined;
}

async function closing(bench: Bench): Promise<void> {
  const both = [bench.one, bench.other];
  const ends = await Promise.all(both.map((each) => ended(each.close?.() ?? Promise.resolve())));
  bench.close();
  const left = await bench.options.leftOver(LEAK_PATIENCE_MS);
  const wrong = ends.find((end) => !end.startsWith("resolved"));
  bench.tell(
    "closes",
    wrong !== undefined
      ? failed(`close() ${wrong}`)
      : left === undefined
        ? passed("nothing keeps its process alive")
        : failed(
            `something still keeps its process alive: ${left}; close() has to end what the adapter has made: connections of its own, timers`,
          ),
  );
}

function show(text: string | null | undefined): string {
  return text === undefined ? "undefined" : JSON.stringify(text);
}
