/**
 * Slots move to another primary with their keys, while clients use them: options `slots` or `key` (see `slots.ts`),
 * `from` (their owner, unless told) and `to` (the first other primary, unless told). With `stop: "half"` they stay
 * between the two, with half of the keys on either side, until the fault heals, which completes the move. It stays so,
 * unless option `back` is true: then they move back when the fault heals. A primary that gives away its last slot
 * becomes a replica of who has it then (`cluster-allow-replica-migration`); before its slots can move back it leaves
 * the Cluster and joins it as a primary.
 */
import { z } from "zod";
import { flag, names } from "../fault-options.ts";
import type { Node } from "../../hosts/host.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import { Action, Refusal } from "../administration.ts";
import {
  clusterOnly,
  isPrimary,
  memberNamed,
  membersSights,
  myself,
  ownerOf,
  probeAgreement,
  sightOf,
} from "../cluster/cluster.ts";
import type { Sight } from "../cluster/cluster.ts";
import { NoTargetError } from "../fault.ts";
import type { FaultContext, FaultKind, FaultOptions } from "../fault.ts";
import { join, leave, ownPrimary } from "../cluster/membership.ts";
import { closeSlots, keysIn, migrateKeys, openSlots } from "../cluster/slot-moves.ts";
import type { SlotMove } from "../cluster/slot-moves.ts";
import { KEYS, SLOTS, slotsOption } from "../cluster/slots.ts";
import { flagOption, choiceOption, resolveNode } from "../targets.ts";

export const slotMigration = {
  kind: "slot-migration",
  options: z.strictObject({
    slots: SLOTS.optional(),
    key: KEYS.optional(),
    from: names.optional(),
    to: names.optional(),
    stop: z.enum(["half", "never"]).optional(),
    back: flag.optional(),
  }),
  async prepare(context, options) {
    clusterOnly(context, "slot-migration");
    const half = choiceOption(options, "stop", ["half", "never"], "never") === "half";
    const back = flagOption(options, "back");
    const slots = await slotsOption(context, options);
    const ends = await endsOf(context, options, slots);
    const move: SlotMove = { slots, ...ends };
    const reverse: SlotMove = { slots, from: move.to, to: move.from };
    const action = new Action();
    let moved = 0;

    async function start({ from }: SlotMove): Promise<void> {
      await refuseForeign(context, from, slots);
      await openSlots(move);
      moved = await migrateKeys(move, {
        limit: half ? Math.floor((await keysIn(from, slots)) / 2) : Infinity,
        replace: false,
      });
    }

    async function complete(each: SlotMove): Promise<void> {
      const others = await otherPrimaries(context, each);
      const knows = (node: Node): Promise<boolean> => seesOwner(context, node, each);
      for (const failure of await closeSlots(each, others, knows)) action.remark(`not told: ${failure}`);
    }

    return {
      target: [move.from.name, move.to.name],
      title: `${counted(slots)} from ${move.from.name} to ${move.to.name}${half ? ", stopped half-way" : ""}`,
      get detail() {
        return { from: move.from.name, to: move.to.name, slots: slots.length, keysMoved: moved };
      },
      inject: () =>
        action.take(async () => {
          await start(move);
          if (!half) await complete(move);
        }),
      probe: async () => action.told(half ? await probeBetween(context, move) : await probeMoved(context, move)),
      heal: () =>
        action.take(async () => {
          if (await isOpen(context, move)) {
            moved += await migrateKeys(move, { limit: Infinity, replace: true });
            await complete(move);
          }
          if (back && (await seesOwner(context, move.to, move))) {
            if ((await ownPrimary(context, move.from)) !== undefined) {
              await leave(context, move.from);
              await join(context, move.from, undefined);
            }
            await openSlots(reverse);
            await migrateKeys(reverse, { limit: Infinity, replace: false });
            await complete(reverse);
          }
          await context.topology.settled();
        }),
      probeHealed: async () => action.told(await probeAgreement(context)),
    };
  },
} satisfies FaultKind;

/** The nodes that the options name, or the owner of the first slot and the first other primary that owns slots. */
async function endsOf(
  context: FaultContext,
  options: FaultOptions,
  slots: readonly number[],
): Promise<{ from: Node; to: Node }> {
  const all = await membersSights(context);
  const owners = all.filter(({ view }) => isPrimary(myself(view)) && myself(view).slots.length > 0);
  const holder = owners.find(({ view }) => slots[0] !== undefined && ownerOf(view, slots[0]) === myself(view).name);
  const from = await endOf("from", holder ?? owners[0]);
  const to = await endOf(
    "to",
    owners.find(({ observer }) => observer !== from),
  );
  /** The node that the option names, or else `usual`. */
  function endOf(option: "from" | "to", usual: Sight | undefined): Promise<Node> {
    if (options[option] !== undefined) return resolveNode(context, options, option);
    if (usual === undefined)
      throw new NoTargetError(`no primary that owns slots answers that they could move ${option}`);
    return Promise.resolve(usual.observer);
  }
  if (from === to) throw new TypeError(`the fault's options "from" and "to" both name ${from.name}`);
  return { from, to };
}

/** Half of what was asked for would be done before Redis refuses the rest. */
async function refuseForeign(context: FaultContext, from: Node, slots: readonly number[]): Promise<void> {
  const view = (await membersSights(context)).find(({ observer }) => observer === from)?.view ?? [];
  const foreign = slots.find((slot) => ownerOf(view, slot) !== from.name);
  if (foreign !== undefined)
    throw new Refusal(`${from.name} does not own slot ${foreign}: ${ownerOf(view, foreign) ?? "nobody"} does`);
}

async function otherPrimaries(context: FaultContext, { from, to }: SlotMove): Promise<Node[]> {
  const primaries = (await membersSights(context)).filter(({ view }) => isPrimary(myself(view)));
  return primaries.map(({ observer }) => observer).filter((node) => node !== from && node !== to);
}

/** Whether a node itself sees the target of a move as the owner of all the slots. */
async function seesOwner(context: FaultContext, observer: Node, { slots, to }: SlotMove): Promise<boolean> {
  const view = await sightOf(context, observer);
  return slots.every((slot) => ownerOf(view, slot) === to.name);
}

/** Whether any of the slots is still on its way. */
async function isOpen(context: FaultContext, move: SlotMove): Promise<boolean> {
  const { leaving, arriving } = await onTheWay(context, move);
  return leaving + arriving > 0;
}

/**
 * How many of the slots the source says are leaving for the target, and the target says are arriving from the source.
 */
async function onTheWay(
  context: FaultContext,
  { slots, from, to }: SlotMove,
): Promise<{ leaving: number; arriving: number }> {
  const all = await membersSights(context);
  const source = all.find(({ observer }) => observer === from)?.view;
  const target = all.find(({ observer }) => observer === to)?.view;
  const count = (view: typeof source, slotsOf: "migrating" | "importing", other: string): number => {
    if (view === undefined) return 0;
    const id = memberNamed(view, other)?.id;
    return slots.filter((slot) => id !== undefined && myself(view)[slotsOf].get(slot) === id).length;
  };
  return { leaving: count(source, "migrating", to.name), arriving: count(target, "importing", from.name) };
}

/** Both say that all the slots are on their way, and both have keys of theirs. */
async function probeBetween(context: FaultContext, move: SlotMove): Promise<ProbeResult> {
  const { slots, from, to } = move;
  const { leaving, arriving } = await onTheWay(context, move);
  const [left, arrived] = await Promise.all([keysIn(from, slots), keysIn(to, slots)]);
  return {
    ok: leaving === slots.length && arriving === slots.length && left > 0 && arrived > 0,
    saw: `of ${counted(slots)} ${from.name} is MIGRATING ${leaving} and has ${left} keys, ${to.name} is IMPORTING ${arriving} and has ${arrived} keys`,
  };
}

/**
 * Source and target both see the target as the owner of all the slots, and no key was left at the source, unless it has
 * become a replica of the target with its last slot and has a copy of all; who else sees so is told.
 */
async function probeMoved(context: FaultContext, { slots, from, to }: SlotMove): Promise<ProbeResult> {
  const all = await membersSights(context);
  const agreeing = all
    .filter(({ view }) => slots.every((slot) => ownerOf(view, slot) === to.name))
    .map(({ observer }) => observer.name);
  const [left, arrived] = await Promise.all([keysIn(from, slots), keysIn(to, slots)]);
  const isCopy = (await ownPrimary(context, from)) === to.name;
  const kept = isCopy
    ? `${from.name} has given away its last slot and replicates ${to.name}`
    : `${from.name} has ${left}`;
  return {
    ok: agreeing.includes(from.name) && agreeing.includes(to.name) && (left === 0 || isCopy),
    saw: `${to.name} as the owner of ${counted(slots)} is seen by ${agreeing.join(", ") || "nobody"}, of ${all.length} members that answer; of the keys ${to.name} has ${arrived}, ${kept}`,
  };
}

function counted(slots: readonly number[]): string {
  return slots.length === 1 ? `slot ${slots[0]}` : `${slots.length} slots`;
}
