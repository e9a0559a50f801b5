/** A leader election in any language: what its process is asked, and what it answers. */
import { z } from "zod";
import { ANYTHING } from "../adapter/json-lines.ts";
import type { JsonLines } from "../adapter/json-lines.ts";
import type { Candidate, LeaderAdapter, LeaderClient, LeaderEnvironment, Term } from "./adapter.ts";
import { LEADER_FACTS } from "./adapter-shape.ts";

const STANDING = z.union([z.string(), z.number()]);
const STANDS = z.looseObject({
  seat: z.object({ key: z.string(), value: z.string() }).optional(),
});
const BELIEF = z.looseObject({ leads: z.boolean() });
const RESIGNED = z.looseObject({ resigned: z.boolean().nullish() });
const ELECTED = z.looseObject({ elected: STANDING, token: z.union([z.string(), z.number()]).optional() });
const DEMOTED = z.looseObject({ demoted: STANDING, reason: z.string().optional() });

/**
 * @param describes what its process said of itself, read by a schema
 * @param next the process of the next client
 */
export function leaderCommand(
  describes: (shape: typeof LEADER_FACTS) => z.infer<typeof LEADER_FACTS>,
  next: () => JsonLines,
): LeaderAdapter {
  return { ...describes(LEADER_FACTS), open: (environment) => openCommand(next(), environment) } as LeaderAdapter;
}

async function openCommand(lines: JsonLines, environment: LeaderEnvironment): Promise<LeaderClient> {
  const { endpoints, masterName, clientId, election, termMs, random } = environment;
  const seed = random.integer(0, 2 ** 31 - 1);
  await lines.ask("open", { endpoints, masterName, clientId, election, termMs, seed }, ANYTHING);
  const candidates = new Candidates(lines);
  let candidacies = 0;
  return {
    async stand(candidate) {
      candidacies += 1;
      // Named by who asks, as it may be elected before it has answered.
      const standing = String(candidacies);
      candidates.add(standing, candidate);
      const { seat } = await lines.ask("stand", { standing }, STANDS);
      return {
        isLeader: async () => (await lines.ask("belief", { standing }, BELIEF)).leads,
        resign: async () => (await lines.ask("resign", { standing }, RESIGNED)).resigned ?? undefined,
        ...(seat === undefined ? {} : { seat }),
      };
    },
    async close() {
      await lines.ask("close", {}, ANYTHING);
      await lines.end();
    },
  };
}

/** Those who are told when the process says by itself that they are elected, or demoted. */
class Candidates {
  readonly #open = new Map<string, Candidate>();

  constructor(lines: JsonLines) {
    lines.onSaid((said) => {
      const elected = ELECTED.safeParse(said).data;
      const demoted = DEMOTED.safeParse(said).data;
      if (elected !== undefined) this.#of(elected.elected)?.onElected(termOf(elected));
      if (demoted !== undefined) this.#of(demoted.demoted)?.onDemoted(demoted.reason);
      return elected !== undefined || demoted !== undefined;
    });
  }

  #of(standing: string | number): Candidate | undefined {
    return this.#open.get(String(standing));
  }

  add(standing: string, candidate: Candidate): void {
    this.#open.set(standing, candidate);
  }
}

function termOf({ token }: z.infer<typeof ELECTED>): Term {
  return token === undefined ? {} : { token };
}
