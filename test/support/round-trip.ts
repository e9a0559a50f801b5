/** What every fault must be able to do. */
import { expect } from "vitest";
import type { Fault } from "../../nemesis/fault.ts";

/** Injects, expects the probe's yes, looks itself, heals, expects the probe's yes; before and after the first probe must say no. */
export async function roundTrip(fault: Fault, look: () => Promise<void>): Promise<void> {
  expect(await fault.probe(), "before the fault").toMatchObject({ ok: false });
  await fault.inject();
  expect(await fault.probe(), "under the fault").toMatchObject({ ok: true });
  await look();
  await fault.heal();
  expect(await fault.probeHealed(), "after the fault").toMatchObject({ ok: true });
  expect(await fault.probe(), "after the fault").toMatchObject({ ok: false });
}
