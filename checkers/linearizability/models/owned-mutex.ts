/**
 * Locks that belong to the process that acquired them, with and without fencing tokens, and with and without a second
 * acquire by the owner. A fencing token is the answer to an acquire: a number, or an object that has it as `token`. It
 * must be greater than all tokens before it; where the owner acquires once more, it is the one that the owner has.
 */
import { illegal } from "../model.ts";
import type { Model, Step } from "../model.ts";
import type { SpecialCase } from "../special/special-case.ts";
import { fencedHolds, ownerHolds, reentrantFencedHolds, reentrantHolds } from "../special/owned-holds.ts";
import { tokenOf } from "../fencing-token.ts";
import { LOCK_OPERATIONS, noticedByOwner, refuseInit, withoutValues } from "./lock-words.ts";

export interface State {
  readonly owner: number | null;
  /** How often the owner has acquired it without releasing it. */
  readonly holds: number;
  /** The greatest token so far; null before the first. */
  readonly token: number | null;
}

interface Powers {
  readonly reentrant: boolean;
  readonly fenced: boolean;
  readonly special: SpecialCase;
}

function ownedMutex(name: string, { reentrant, fenced, special }: Powers): Model<State> {
  return {
    name,
    operations: LOCK_OPERATIONS,
    ownerAware: true,
    initial(init) {
      refuseInit(name, init);
      return { owner: null, holds: 0, token: null };
    },
    step(state, { f, process, output }) {
      const { owner, holds, token } = state;
      if (f === "release") {
        if (owner !== process) return illegal(owner === null ? "it is free" : `process ${owner} holds it`);
        return { owner: holds === 1 ? null : owner, holds: holds - 1, token };
      }
      if (owner !== null && !(reentrant && owner === process)) return illegal(`process ${owner} holds it`);
      const given = fenced ? tokenOf(output) : undefined;
      if (given !== undefined && owner === process && given !== token)
        return illegal(`its owner has the token ${token}, and was given ${given}`);
      if (given !== undefined && owner === null && token !== null && given <= token)
        return illegal(`a token ${token} was given before, so ${given} is none to follow it`);
      return { owner: process, holds: holds + 1, token: given ?? token };
    },
    identity: ({ owner, holds, token }) => `${owner} ${holds} ${token}`,
    misuse({ f, output }) {
      if (!fenced || f !== "acquire" || output === undefined || tokenOf(output) !== undefined) return undefined;
      return `${name} needs the fencing token of every acquire, a number or {"token": number}, and this is ${JSON.stringify(output)}`;
    },
    canonical(step: Step) {
      const token = fenced && step.f === "acquire" ? tokenOf(step.output) : undefined;
      return { ...withoutValues(step), output: token };
    },
    lastObservation: noticedByOwner,
    specialCases: [special],
    describe: ({ owner, token }) =>
      `${owner === null ? "free" : `held by process ${owner}`}${fenced ? `, last token ${token ?? "none"}` : ""}`,
  };
}

export const ownerAwareMutex = ownedMutex("owner-aware-mutex", {
  reentrant: false,
  fenced: false,
  special: ownerHolds,
});
export const reentrantMutex = ownedMutex("reentrant-mutex", {
  reentrant: true,
  fenced: false,
  special: reentrantHolds,
});
export const fencedMutex = ownedMutex("fenced-mutex", { reentrant: false, fenced: true, special: fencedHolds });
export const reentrantFencedMutex = ownedMutex("reentrant-fenced-mutex", {
  reentrant: true,
  fenced: true,
  special: reentrantFencedHolds,
});
