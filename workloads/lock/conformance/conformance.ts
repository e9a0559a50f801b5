/**
 * Whether an adapter does what its contract says, on real servers and without any fault. It does not say whether the
 * lock is safe: that is what campaigns are for.
 */
import { asking } from "./asking.ts";
import { belief } from "./belief.ts";
import { Bench } from "./bench.ts";
import type { ConformanceOptions } from "../../adapter/conformance/check.ts";
import type { LockAdapter } from "../adapter.ts";
import type { CheckId } from "./check.ts";
import { CONFORMANCE } from "./check.ts";
import { closing } from "./closing.ts";
import { exclusion } from "./exclusion.ts";
import { expiry } from "./expiry.ts";
import { extension, extensionOfOthers } from "./extension.ts";
import { skipped } from "../../adapter/conformance/outcome.ts";
import { refusedWrites } from "./refused-writes.ts";
import { releaseOfOthers } from "./release-of-others.ts";
import { remains } from "./remains.ts";
import { Servers } from "../../adapter/conformance/servers.ts";
import { tokens } from "./tokens.ts";

/** Checks that say something only of an adapter that was granted a lock. */
const OF_GRANTS: readonly (readonly [ids: readonly CheckId[], check: (bench: Bench) => Promise<void>])[] = [
  [["throws-when-refused"], refusedWrites],
  [["release-of-others"], releaseOfOthers],
  [["expires"], expiry],
  [["extends"], extension],
  [["extends-own-only"], extensionOfOthers],
  [["validity", "reports-loss"], belief],
  [["token-rises"], tokens],
  [["leaves-nothing"], remains],
];

/** Makes every check. @throws AdapterError when the adapter breaks its contract so that nothing more can be checked. */
export async function conformance(options: ConformanceOptions<LockAdapter>): Promise<void> {
  const bench = await Bench.open(options, await Servers.at(options.endpoints));
  await bench.try(["asks-servers"], () => asking(bench));
  await bench.try(["exclusive", "null-when-held", "release-frees"], () => exclusion(bench));
  if (bench.grants > 0) for (const [ids, check] of OF_GRANTS) await bench.try(ids, () => check(bench));
  else skipWhatNeedsGrants(bench);
  await bench.try(["closes"], () => closing(bench));
}

/**
 * A client that is never granted anything refuses, frees and keeps nothing either: it would pass some of the checks.
 */
function skipWhatNeedsGrants(bench: Bench): void {
  for (const id of Object.keys(CONFORMANCE) as CheckId[])
    if (id !== "closes" && !bench.isTold(id)) bench.tell(id, skipped("not tried, as it was never granted a lock"));
}
