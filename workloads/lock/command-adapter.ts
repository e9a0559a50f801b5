/** A lock in any language: what its process is asked, and what it answers. */
import { z } from "zod";
import type { Json } from "../../history/operation.ts";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { ANYTHING } from "../adapter/json-lines.ts";
import type { JsonLines } from "../adapter/json-lines.ts";
import type { Held, LockAdapter, LockClient } from "./adapter.ts";
import { LOCK_FACTS } from "./adapter-shape.ts";

const DESCRIPTION = LOCK_FACTS.extend({
  /** It answers `extend`. */
  extend: z.boolean().default(false),
  /** It answers `belief`. */
  belief: z.boolean().default(false),
  /** It sends `{"lost": lock}` by itself. */
  lost: z.boolean().default(false),
});

const LOCK = z.union([z.string(), z.number()]);
const GRANT = z.looseObject({
  held: z
    .object({ lock: LOCK, validUntil: z.number().optional(), token: z.union([z.string(), z.number()]).optional() })
    .nullable(),
});
const RELEASED = z.looseObject({ released: z.boolean().nullish() });
const EXTENDED = z.looseObject({ extended: z.boolean(), validUntil: z.number().optional() });
const BELIEF = z.looseObject({ held: z.boolean() });
const LOST = z.looseObject({ lost: LOCK });

/**
 * @param describes what its process said of itself, read by a schema
 * @param next the process of the next client
 */
export function lockCommand(
  describes: (shape: typeof DESCRIPTION) => z.infer<typeof DESCRIPTION>,
  next: () => JsonLines,
): LockAdapter {
  const { extend, belief, lost, ...facts } = describes(DESCRIPTION);
  return {
    ...facts,
    open: (environment) => openCommand(next(), { extend, belief, lost }, environment),
  } as LockAdapter;
}

type Powers = Pick<z.infer<typeof DESCRIPTION>, "extend" | "belief" | "lost">;

async function openCommand(lines: JsonLines, powers: Powers, environment: AdapterEnvironment): Promise<LockClient> {
  const { endpoints, masterName, clientId, ttlMs, random } = environment;
  const seed = random.integer(0, 2 ** 31 - 1);
  await lines.ask("open", { endpoints, masterName, clientId, ttlMs, seed }, ANYTHING);
  const losses = powers.lost ? new Losses(lines) : undefined;
  return {
    async acquire(key, ttl, { waitMs }) {
      const { held } = await lines.ask("acquire", { key, ttlMs: ttl, waitMs }, GRANT);
      return held && heldBy(lines, { ...powers, losses }, held);
    },
    async close() {
      await lines.ask("close", {}, ANYTHING);
      await lines.end();
    },
  };
}

interface HeldPowers extends Powers {
  readonly losses: Losses | undefined;
}

function heldBy(lines: JsonLines, powers: HeldPowers, grant: NonNullable<z.infer<typeof GRANT>["held"]>): Held {
  const { lock, token } = grant;
  let until = grant.validUntil;
  const loss = powers.losses?.of(lock);
  return {
    release: async () => {
      powers.losses?.forget(lock);
      return (await lines.ask("release", { lock }, RELEASED)).released ?? undefined;
    },
    ...(powers.extend
      ? {
          extend: async (ttlMs: number) => {
            const { extended, validUntil } = await lines.ask("extend", { lock, ttlMs }, EXTENDED);
            if (extended) until = validUntil ?? until;
            return extended;
          },
        }
      : {}),
    ...(powers.belief ? { isHeld: async () => (await lines.ask("belief", { lock }, BELIEF)).held } : {}),
    ...(until === undefined ? {} : { validUntil: () => until ?? Number.NaN }),
    ...(loss === undefined ? {} : { signal: loss }),
    ...(token === undefined ? {} : { token }),
  };
}

/** The locks that the process says by itself to be lost. */
class Losses {
  readonly #open = new Map<string, AbortController>();

  constructor(lines: JsonLines) {
    lines.onSaid((said) => this.#hear(said));
  }

  /** Aborted when the process says that it has lost the lock. */
  of(lock: string | number): AbortSignal {
    const controller = new AbortController();
    this.#open.set(String(lock), controller);
    return controller.signal;
  }

  forget(lock: string | number): void {
    this.#open.delete(String(lock));
  }

  #hear(said: Json): boolean {
    const { success, data } = LOST.safeParse(said);
    if (success) this.#open.get(String(data.lost))?.abort(new Error("the command says that the lock is lost"));
    return success;
  }
}
