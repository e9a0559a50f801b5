/**
 * How every fault is tried: it acts, its probe sees it, it heals completely; before and afterwards the probe must be
 * able to say no.
 */
import { expect } from "vitest";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Fault, FaultOptions } from "../../nemesis/fault.ts";
import { faultKind } from "../../nemesis/registry.ts";
import type { TestContext } from "./fault-context.ts";

export const prepare = (test: TestContext, kind: string, options: FaultOptions): Promise<Fault> =>
  faultKind(kind).prepare(test.context, options);

/**
 * Injects, expects the probe's yes, looks itself, heals, expects the probe's yes; before and after the first probe must
 * say no.
 */
export async function roundTrip(fault: Fault, look: () => Promise<void>): Promise<void> {
  expectSeen(await fault.probe(), false, "before the fault");
  await fault.inject();
  expectSeen(await fault.probe(), true, "under the fault");
  await look();
  await fault.heal();
  expectSeen(await fault.probeHealed(), true, "healed");
  expectSeen(await fault.probe(), false, "after the fault");
}

/** What the probe saw is told when it comes out otherwise. */
export function expectSeen({ ok, saw }: ProbeResult, expected: boolean, when = "seen"): void {
  expect(ok, `${when}: ${saw}`).toBe(expected);
}
