/** What a released lock leaves on the servers. */
import { tokenOf } from "../token.ts";
import type { Bench } from "./bench.ts";
import { failed, passed } from "../../adapter/conformance/outcome.ts";
import { LONG_MS } from "./times.ts";

export async function remains(bench: Bench): Promise<void> {
  const held = await bench.obtain(0, bench.key(), LONG_MS);
  const token = tokenOf(held);
  await bench.released(held);
  const forGood = (await bench.servers.timesToLive()).filter(({ ttlMs }) => ttlMs === -1).map(({ key }) => key);
  const names = [...new Set(forGood)].join(", ");
  bench.tell(
    "leaves-nothing",
    forGood.length === 0
      ? passed("no key without an expiry was left")
      : token === undefined
        ? failed(`${names} was left without an expiry`)
        : passed(`${names} was left without an expiry, which a lock with tokens may need`),
  );
}
