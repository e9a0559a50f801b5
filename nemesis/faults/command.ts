/**
 * A step of an operator: one command to a node, and its reply. It counts as having acted when the reply is no error,
 * and contains the text `expect` where that is given. When the fault heals the command `undo` is sent, where there is
 * one.
 */
import { z } from "zod";
import { names, text, words } from "../fault-options.ts";
import type { ProbeResult } from "../../history/nemesis-event.ts";
import type { Node } from "../../hosts/host.ts";
import type { FaultKind } from "../fault.ts";
import { reply } from "../probes/reply.ts";
import type { Reply } from "../probes/reply.ts";
import { namesOption, resolveNode, stringOption } from "../targets.ts";

/** So much of a reply goes into the history. */
const MOST_CHARACTERS = 200;

export const command = {
  kind: "command",
  options: z.strictObject({ target: names, command: words, undo: words.optional(), expect: text.optional() }),
  async prepare(context, options) {
    const node = await resolveNode(context, options, "target");
    const words = namesOption(options, "command");
    const undo = options["undo"] === undefined ? undefined : namesOption(options, "undo");
    const expected = options["expect"] === undefined ? undefined : stringOption(options, "expect");
    let done: Reply | undefined;
    let undone: Reply | undefined;
    return {
      target: [node.name],
      title: `${words.join(" ")} on ${node.name}`,
      detail: { command: words, ...(undo === undefined ? {} : { undo }) },
      inject: async () => {
        done = await answerOf(node, words);
      },
      probe: () => Promise.resolve(judge(node, words, done, expected)),
      heal: async () => {
        done = undefined;
        if (undo !== undefined) undone = await answerOf(node, undo);
      },
      probeHealed: () =>
        Promise.resolve(
          undo === undefined
            ? { ok: true, saw: `nothing is undone of ${words.join(" ")} on ${node.name}` }
            : judge(node, undo, undone, undefined),
        ),
    };
  },
} satisfies FaultKind;

/**
 * A server that ends the connection instead of answering (SHUTDOWN) did not do what an operator can be sure of: the
 * probe tells so.
 */
async function answerOf(node: Node, words: readonly string[]): Promise<Reply> {
  try {
    return await reply(node, ...words);
  } catch (error) {
    return { error: true, text: `no answer: ${error instanceof Error ? error.message : String(error)}` };
  }
}

function judge(
  node: Node,
  words: readonly string[],
  answer: Reply | undefined,
  expected: string | undefined,
): ProbeResult {
  const what = `${words.join(" ")} on ${node.name}`;
  if (answer === undefined) return { ok: false, saw: `${what} was not sent` };
  const { error, text } = answer;
  const shown = text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text;
  const contains = expected === undefined || text.includes(expected);
  return {
    ok: !error && contains,
    saw: `${what} was answered ${JSON.stringify(shown)}${contains ? "" : `, without ${JSON.stringify(expected)}`}`,
  };
}
