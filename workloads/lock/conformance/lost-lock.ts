/** A lock whose holder has lost it and does not know. */
import type { Held } from "../adapter.ts";
import type { Bench } from "./bench.ts";
import { LONG_MS } from "./times.ts";

/** A lock that its holder has lost to others, without having been told. */
export async function lostLock(bench: Bench): Promise<{ key: string; lost: Held }> {
  const key = bench.key();
  const lost = await bench.obtain(bench.limit + 1, key, LONG_MS);
  await bench.expire();
  await bench.obtainAll(key, LONG_MS);
  return { key, lost };
}
