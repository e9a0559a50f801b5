/** How every fault is tried: it acts, its probe sees it, it heals completely; before and afterwards the probe must be able to say no. */
import { expect } from "vitest";
import type { Fault, FaultOptions } from "../../nemesis/fault.ts";
import { faultKind } from "../../nemesis/registry.ts";
import type { TestContext } from "./fault-context.ts";

export const prepare = (test: TestContext, kind: string, options: FaultOptions): Promise<Fault> =>
  faultKind(kind).prepare(test.context, options);

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
