/** Whether what a module exports elects leaders, and whether what its methods return is what they must. */
import { z } from "zod";
import { AdapterError } from "../adapter/adapter-error.ts";
import { A_FUNCTION, COMMON_FACTS, complaint, shown } from "../adapter/shape.ts";
import { tokenOf } from "../lock/token.ts";
import type { Token } from "../../history/vocabulary/lock.ts";
import type { LeaderAdapter, LeaderClient, Standing, Term } from "./adapter.ts";

const FACTS = {
  ...COMMON_FACTS,
  kind: z.literal("leader"),
  minTermMs: z.number().positive().optional(),
  standsAgain: z.boolean().optional(),
};

const ADAPTER = z.looseObject({ ...FACTS, open: A_FUNCTION });
const CLIENT = z.looseObject({ stand: A_FUNCTION, close: A_FUNCTION.optional() });
const STANDING = z.looseObject({
  isLeader: A_FUNCTION,
  resign: A_FUNCTION,
  seat: z.looseObject({ key: z.string(), value: z.string() }).optional(),
});
const TERM = z.looseObject({});

/** What has to be known of an adapter before anything is started. */
export const LEADER_FACTS = z.object(FACTS);

/** @throws AdapterError naming what it lacks. */
export function assertAdapter(value: unknown, adapter: string): LeaderAdapter {
  const why = complaint(ADAPTER, value, { open: "(environment) => { stand, close? }", name: `"my-leader@1.0.0"` });
  if (why === undefined) return value as LeaderAdapter;
  throw new AdapterError({
    adapter,
    problem: value === undefined ? "exports no adapter" : `exports something that is no adapter: ${why}`,
    remedy: `its default export, or the export \`adapter\`, must be { kind: "leader", name: "my-leader@1.0.0", open(environment) { … } } (docs/leaders.md)`,
  });
}

/** @throws AdapterError naming what it lacks. */
export function assertClient(value: unknown, adapter: string): LeaderClient {
  const why = complaint(CLIENT, value);
  if (why === undefined) return value as LeaderClient;
  throw new AdapterError({
    adapter,
    problem: `returns no client from open(): ${why}`,
    remedy: "open() must return { stand(candidate) { … }, close?() { … } }",
  });
}

/** @throws AdapterError naming what is wrong with what stand() gave. */
export function assertStanding(value: unknown, adapter: string): Standing {
  const why = complaint(STANDING, value);
  if (why === undefined) return value as Standing;
  throw new AdapterError({
    adapter,
    problem: `returns nonsense from stand(): ${why}`,
    remedy: "stand() must resolve to { isLeader() { … }, resign() { … }, seat? } as soon as it stands, elected or not",
  });
}

/** @throws AdapterError when the answer is no boolean. */
export function assertAnswer(value: unknown, adapter: string): boolean {
  if (typeof value === "boolean") return value;
  throw new AdapterError({
    adapter,
    problem: `says ${shown(value)} when isLeader() is asked`,
    remedy: "isLeader() must give true or false, or promise one of the two",
  });
}

/** The token that came with an election. @throws AdapterError when what came is none. */
export function assertTerm(value: unknown, adapter: string): Token | undefined {
  if (value === undefined) return undefined;
  const problem = (why: string): AdapterError =>
    new AdapterError({
      adapter,
      problem: `calls onElected() with nonsense: ${why}`,
      remedy: "onElected() takes nothing, or { token } with a fencing token",
    });
  const why = complaint(TERM, value);
  if (why !== undefined) throw problem(why);
  try {
    return tokenOf(value as Term);
  } catch (error) {
    throw problem((error as Error).message);
  }
}
