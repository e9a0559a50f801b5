/**
 * Moves slots with their keys from one primary to another, as documented
 * (https://redis.io/docs/latest/commands/cluster-setslot/#redis-cluster-live-resharding-explained).
 */
import { setTimeout as delay } from "node:timers/promises";
import type { Node } from "../../hosts/host.ts";
import { order } from "../administration.ts";

/** Less than an administrator's command may take. */
const MIGRATE_TIMEOUT_MS = 1_500;
const KEYS_AT_ONCE = 100;
/** A new owner tells everybody at once. */
const LEARN_TIMEOUT_MS = 2_000;
const LOOK_EVERY_MS = 50;

export interface SlotMove {
  readonly slots: readonly number[];
  readonly from: Node;
  readonly to: Node;
}

/** From now on `from` redirects by `ASK` for keys that it does not have, and `to` serves those who say `ASKING`. */
export async function openSlots({ slots, from, to }: SlotMove): Promise<void> {
  const [fromId, toId] = await Promise.all([idOf(from), idOf(to)]);
  for (const slot of slots) {
    // In this order: nobody may be redirected to a node that does not expect it.
    await order(to, "CLUSTER", "SETSLOT", slot, "IMPORTING", fromId);
    await order(from, "CLUSTER", "SETSLOT", slot, "MIGRATING", toId);
  }
}

/**
 * Moves keys of these slots, at most `limit`; resolves with how many.
 * @param replace whether a copy at the target may be overwritten: one that a MIGRATE without an answer has left there.
 */
export async function migrateKeys(
  { slots, from, to }: SlotMove,
  { limit, replace }: { readonly limit: number; readonly replace: boolean },
): Promise<number> {
  let moved = 0;
  for (const slot of slots) {
    while (moved < limit) {
      const count = Math.min(KEYS_AT_ONCE, limit - moved);
      const keys = (await order(from, "CLUSTER", "GETKEYSINSLOT", slot, count)) as string[];
      if (keys.length === 0) break;
      const { host, port } = to.address;
      const how = replace ? ["REPLACE"] : [];
      await order(from, "MIGRATE", host, port, "", 0, MIGRATE_TIMEOUT_MS, ...how, "KEYS", ...keys);
      moved += keys.length;
    }
  }
  return moved;
}

/**
 * Gives empty slots to their new owner, and tells all others once they have learned it by themselves. Redis 7.0.15 can
 * lose a slot, and the keys in it, that moves back to a node at once: where that node was told of the new owner before
 * the owner's own message arrived, the message takes the slot away again
 * (https://github.com/redis/redis/pull/12564). A source that has given away its last slot has become a replica by then,
 * and refuses to be told.
 * @param knows whether a node sees the new owner as such already
 * @returns a sentence for each node that could not be told, and does not know.
 */
export async function closeSlots(
  { slots, from, to }: SlotMove,
  others: readonly Node[],
  knows: (node: Node) => Promise<boolean>,
): Promise<string[]> {
  const toId = await idOf(to);
  const tell = async (node: Node): Promise<void> => {
    for (const slot of slots) await order(node, "CLUSTER", "SETSLOT", slot, "NODE", toId);
  };
  // The target first: should the source die in between, somebody still owns the slots.
  await tell(to);
  const failures: string[] = [];
  const tellOrAsk = async (node: Node): Promise<void> => {
    await learned(node, knows);
    try {
      await tell(node);
    } catch (error) {
      if (!(await knows(node))) failures.push((error as Error).message);
    }
  };
  await Promise.all([from, ...others].map(tellOrAsk));
  return failures;
}

/** Resolves when a node knows the new owner, or has had its time: one that is cut off is told without. */
async function learned(node: Node, knows: (node: Node) => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + LEARN_TIMEOUT_MS;
  while (!(await knows(node)) && performance.now() < deadline) await delay(LOOK_EVERY_MS);
}

export async function keysIn(node: Node, slots: readonly number[]): Promise<number> {
  let sum = 0;
  for (const slot of slots) sum += Number(await order(node, "CLUSTER", "COUNTKEYSINSLOT", slot));
  return sum;
}

async function idOf(node: Node): Promise<string> {
  return String(await order(node, "CLUSTER", "MYID"));
}
