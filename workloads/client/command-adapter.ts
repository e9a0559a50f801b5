/** A client in any language: what its process is asked, and what it answers. */
import { z } from "zod";
import type { AdapterEnvironment } from "../adapter/adapter.ts";
import { ANYTHING } from "../adapter/json-lines.ts";
import type { JsonLines } from "../adapter/json-lines.ts";
import type { Client, ClientAdapter, ClientCommand } from "./adapter.ts";
import { CLIENT_FACTS } from "./adapter-shape.ts";

const DESCRIPTION = CLIENT_FACTS.extend({
  /** It answers `transaction`. */
  transaction: z.boolean().default(false),
  /** It answers `pipeline`. */
  pipeline: z.boolean().default(false),
});

/** A reply, or what stands in its place: `refused` says that the command was certainly not carried out. */
const ANSWER = z.union([
  z.strictObject({ error: z.string(), refused: z.boolean().default(false) }),
  z.union([z.string(), z.number(), z.null()]),
]);
const REPLIED = z.looseObject({ reply: ANSWER });
const REPLIES = z.looseObject({ replies: z.array(ANSWER) });
const WHOLE = z.union([REPLIES, REPLIED]);

type CommandAnswer = z.infer<typeof ANSWER>;

/** What the process said of a command instead of a reply. */
class CommandError extends Error {
  override readonly name = "CommandError";
  readonly refused: boolean;

  constructor(message: string, refused: boolean) {
    super(message);
    this.refused = refused;
  }
}

/**
 * @param describes what its process said of itself, read by a schema
 * @param next the process of the next client
 */
export function clientCommand(
  describes: (shape: typeof DESCRIPTION) => z.infer<typeof DESCRIPTION>,
  next: () => JsonLines,
): ClientAdapter {
  const { transaction, pipeline, ...facts } = describes(DESCRIPTION);
  return {
    ...facts,
    refused: (error) => error instanceof CommandError && error.refused,
    open: (environment) => openCommand(next(), { transaction, pipeline }, environment),
  } as ClientAdapter;
}

async function openCommand(
  lines: JsonLines,
  powers: Pick<z.infer<typeof DESCRIPTION>, "transaction" | "pipeline">,
  { system, endpoints, masterName, clientId, commandTimeoutMs, random }: AdapterEnvironment,
): Promise<Client> {
  const seed = random.integer(0, 2 ** 31 - 1);
  await lines.ask("open", { system, endpoints, masterName, clientId, commandTimeoutMs, seed }, ANYTHING);
  const many = (op: string) => async (commands: readonly ClientCommand[]) => {
    const asked = commands.map(({ name, args }) => [name, ...args]);
    const answer = await lines.ask(op, { commands: asked }, WHOLE);
    return "replies" in answer ? (answer as z.infer<typeof REPLIES>).replies.map(valueOf) : [thrown(answer)];
  };
  return {
    command: async (name, args) => thrown(await lines.ask("command", { command: [name, ...args] }, REPLIED)),
    ...(powers.transaction ? { transaction: many("transaction") } : {}),
    ...(powers.pipeline ? { pipeline: many("pipeline") } : {}),
    async close() {
      await lines.ask("close", {}, ANYTHING);
      await lines.end();
    },
  };
}

function valueOf(answer: CommandAnswer): unknown {
  return typeof answer === "object" && answer !== null ? new CommandError(answer.error, answer.refused) : answer;
}

/** @throws CommandError where an error stands in the place of the reply. */
function thrown(answered: object): unknown {
  const value = valueOf(REPLIED.parse(answered).reply);
  if (value instanceof CommandError) throw value;
  return value;
}
